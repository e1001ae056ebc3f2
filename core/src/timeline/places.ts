import type { Catalog } from '@plinth/kit';
import type { Reference } from './shapes.ts';

/** Where this API answers for one thing of a type. */
export interface Places {
  of(type: string, id: string): Reference;
}
/** By the contract: `GET /orders/:orderId` answers for an `order`, `GET /users/:userId` for a `user`. */
export function createPlaces({ operations }: Pick<Catalog, 'operations'>): Places {
  const paths = new Map(
    operations.flatMap(({ operation: { method, path, at } }) => {
      const [, before, param] = /^((?:\/[a-z-]+)+)\/:([A-Za-z]+)Id$/.exec(path) ?? [];
      if (method !== 'GET' || at === 'root' || before === undefined || param === undefined) return [];
      return [[param.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), before] as const];
    }),
  );
  return {
    of(type, id) {
      const before = paths.get(type);
      return { type, id, path: before === undefined ? null : `${before}/${encodeURIComponent(id)}` };
    },
  };
}
