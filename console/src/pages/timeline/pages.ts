import { definePages } from '../../kit/pages.ts';

export const pages = definePages([
  { path: '/timeline', title: 'Timeline', feature: 'timeline', needs: 'timeline.get', load: () => import('./timeline.tsx') },
]);
