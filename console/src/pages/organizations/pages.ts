import { definePages } from '../../kit/pages.ts';

export const pages = definePages([
  {
    path: '/organizations',
    title: 'Organizations',
    feature: 'organizations',
    needs: 'organizations.list',
    load: () => import('./list.tsx'),
  },
  { path: '/organizations/{organizationId}', needs: 'organizations.get', load: () => import('./detail.tsx') },
]);
