import { definePages } from '@plinth/console/ui';

const inspector = { feature: 'realtime', needs: 'realtime.channels', load: () => import('./inspector.tsx') } as const;

export const pages = definePages([
  { path: '/realtime', title: 'Realtime', ...inspector },
  { path: '/realtime/channels', ...inspector },
]);
