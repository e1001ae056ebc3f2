import { definePages } from '../../kit/pages.ts';

export const pages = definePages([
  { path: '/users', title: 'Users', feature: 'users', needs: 'users.list', load: () => import('./list.tsx') },
  { path: '/users/{userId}', needs: 'users.get', load: () => import('./detail.tsx') },
]);
