import { definePages } from '../../kit/pages.ts';

export const pages = definePages([
  { path: '/jobs/queues', title: 'Queues', feature: 'jobs', needs: 'jobs.queues', load: () => import('./queues.tsx') },
  { path: '/jobs', title: 'Jobs', feature: 'jobs', needs: 'jobs.list', load: () => import('./jobs.tsx') },
  { path: '/jobs/schedules', title: 'Schedules', feature: 'jobs', needs: 'jobs.schedules', load: () => import('./schedules.tsx') },
  { path: '/jobs/{jobId}', needs: 'jobs.get', load: () => import('./job.tsx') },
]);
