import { definePages } from '../../kit/pages.ts';

export const pages = definePages([
  { path: '/audit/events', title: 'Audit log', feature: 'audit', needs: 'audit.search', load: () => import('./events.tsx') },
  { path: '/audit/events/{position}', needs: 'audit.get', load: () => import('./entry.tsx') },
  { path: '/audit/seal', title: 'Audit proof', feature: 'audit', needs: 'audit.seal', load: () => import('./proof.tsx') },
]);
