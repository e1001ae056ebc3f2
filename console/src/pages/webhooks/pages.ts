import { definePages, type MadePage } from '../../kit/pages.ts';

/** The same for the server's own endpoints and for those of an organization. */
const under = (base: string): MadePage[] => [
  { path: `${base}/endpoints/{endpointId}`, load: () => import('./endpoint.tsx') },
  { path: `${base}/endpoints/{endpointId}/deliveries`, load: () => import('./endpoint.tsx') },
  { path: `${base}/endpoints/{endpointId}/deliveries/{deliveryId}`, load: () => import('./delivery.tsx') },
];
export const pages = definePages([
  { path: '/webhooks/endpoints', title: 'Webhooks', feature: 'webhooks', needs: 'webhooks.list', load: () => import('./endpoints.tsx') },
  { path: '/webhooks/events', title: 'Webhook events', feature: 'webhooks', needs: 'webhooks.events', load: () => import('./events.tsx') },
  { path: '/organizations/{organizationId}/webhooks/endpoints', load: () => import('./endpoints.tsx') },
  ...under('/webhooks'),
  ...under('/organizations/{organizationId}/webhooks'),
]);
