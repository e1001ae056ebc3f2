import { definePages } from '@plinth/console/ui';

export const pages = definePages([
  { path: '/products', title: 'Products', feature: 'products', needs: 'products.list', load: () => import('./list.tsx') },
  { path: '/products/{productId}', needs: 'products.get', load: () => import('./detail.tsx') },
]);
