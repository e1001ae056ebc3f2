import { defineError, type Catalog, type Operation } from '@plinth/kit';
import type { Source } from './source.ts';

// Small projects with a mistake in them.

/** Files by path; the index of feature `orders` (which needs users) and of `users` are always there. */
export const files = (given: Readonly<Record<string, string>>): Source[] =>
  Object.entries({
    'core/src/users/index.ts': 'export const users = defineFeature({});',
    'store/src/features/orders/index.ts': 'export const orders = defineFeature({ needs: { users } });',
    ...given,
  }).map(([path, text]) => ({ path, text }));
export const inOrders = (file: string, text: string): Source[] => files({ [`store/src/features/orders/${file}`]: text });
export const declared = (operation: Partial<Operation>, errors: readonly string[] = []): Pick<Catalog, 'operations' | 'errors'> => ({
  operations: [
    {
      feature: 'orders',
      name: 'do',
      id: 'orders.do',
      operation: { method: 'POST', path: '/orders', summary: '', access: 'public', ...operation },
    },
  ],
  errors: new Map(errors.map((code) => [code, defineError(code, 409, 'No')])),
});
