import { randomUUID } from 'node:crypto';
import { CATEGORIES, categoryName, PRODUCTS, productId } from './data.ts';
import type { Account, Paths } from './definition.ts';

export type Kind = 'read' | 'list' | 'create' | 'create-idempotent' | 'sign-in';
/** What one slice of load asks of one server; travels to the load process as a message. */
export interface Load {
  readonly kind: Kind;
  readonly origin: string;
  readonly paths: Paths;
  readonly token: string;
  readonly accounts: readonly Account[];
  readonly readHeaders: Readonly<Record<string, string>>;
  readonly manyAddresses: boolean;
  /** Requests under way at once. */
  readonly connections: number;
  readonly seconds: number;
  /** Requests begun per second, whether or not earlier ones were answered; without it, each connection asks again as soon as it is answered. */
  readonly rate?: number;
}
export interface Request {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}
export const EXPECTED: Readonly<Record<Kind, number>> = { read: 200, list: 200, create: 201, 'create-idempotent': 201, 'sign-in': 200 };

const below = (n: number): number => Math.floor(Math.random() * n);
let created = 0;

/** The next request: another product, another category, another key each time. */
export function requestsOf({ kind, paths, token, accounts, readHeaders, manyAddresses }: Load): () => Request {
  const headers = { authorization: `Bearer ${token}` };
  const json = { 'content-type': 'application/json' };
  const run = randomUUID().slice(0, 8).toUpperCase();
  switch (kind) {
    case 'read':
      return () => ({
        method: 'GET',
        path: paths.read.replace('{id}', productId(1 + below(PRODUCTS))),
        headers: { ...headers, ...readHeaders },
      });
    case 'list':
      return () => ({ method: 'GET', path: paths.list.replace('{category}', categoryName(below(CATEGORIES))), headers });
    case 'create':
    case 'create-idempotent':
      return () => {
        const n = ++created;
        return {
          method: 'POST',
          path: paths.create,
          headers: { ...headers, ...json, ...(kind === 'create-idempotent' && { 'idempotency-key': randomUUID() }) },
          body: JSON.stringify({
            sku: `NEW-${run}-${n}`,
            name: `New product ${n}`,
            description: 'Made by the benchmark: a description of the length that one has in a shop, two lines of it.',
            category: `new-${n % CATEGORIES}`,
            price: { amount: 1999, currency: 'EUR' },
            stock: 10,
          }),
        };
      };
    case 'sign-in':
      return () => ({
        method: 'POST',
        path: paths.signIn,
        headers: manyAddresses ? { ...json, 'x-forwarded-for': `10.${below(256)}.${below(256)}.${below(256)}` } : json,
        body: JSON.stringify(accounts[below(accounts.length)]),
      });
  }
}
