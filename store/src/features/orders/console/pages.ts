import { definePages } from '@plinth/console/ui';

export const pages = definePages([
  { path: '/orders', title: 'Orders', feature: 'orders', needs: 'orders.list', load: () => import('./list.tsx') },
  { path: '/orders/{orderId}', needs: 'orders.get', load: () => import('./detail.tsx') },
]);
