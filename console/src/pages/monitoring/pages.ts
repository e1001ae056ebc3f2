import { definePages } from '@plinth/console/ui';

const mailbox = { feature: 'monitoring', needs: 'monitoring.mailbox', load: () => import('./mailbox.tsx') } as const;

export const pages = definePages([
  { path: '/health', title: 'Health', feature: 'monitoring', needs: 'monitoring.health', load: () => import('./health.tsx') },
  { path: '/mailbox', title: 'Mailbox', ...mailbox },
  { path: '/monitoring/mailbox', ...mailbox },
]);
