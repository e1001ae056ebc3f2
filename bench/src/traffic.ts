import { randomUUID } from 'node:crypto';
import { CATEGORIES, categoryName, PRODUCTS, productId } from './data.ts';
import type { Account, Paths } from './definition.ts';

export type Kind =
  'read' | 'list' | 'create' | 'create-idempotent' | 'create-sealed' | 'order' | 'sign-in' | 'refresh' | 'read-scoped' | 'list-scoped';
/** What one slice of load asks of one server; travels to the load process as a message. */
export interface Load {
  readonly kind: Kind;
  readonly origin: string;
  readonly paths: Paths;
  readonly token: string;
  readonly tokens: readonly string[];
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
  /** Takes the answer: the next request needs it. */
  readonly answered?: (text: string) => void;
}
export const EXPECTED: Readonly<Record<Kind, number>> = {
  read: 200,
  list: 200,
  create: 201,
  'create-idempotent': 201,
  'create-sealed': 201,
  order: 201,
  'sign-in': 200,
  refresh: 200,
  'read-scoped': 200,
  'list-scoped': 200,
};

const below = (n: number): number => Math.floor(Math.random() * n);
let created = 0;

/** Refresh tokens that no request is under way with, by server: each is good once, and brings the next. */
const idle = new Map<string, string[]>();
/** Opens as many sessions as there are connections, unless that was done. */
export async function openSessions({ kind, origin, paths, accounts, manyAddresses, connections }: Load): Promise<void> {
  if (kind !== 'refresh') return;
  const tokens = idle.get(origin) ?? [];
  idle.set(origin, tokens);
  while (tokens.length < connections) {
    const response = await fetch(origin + paths.openSession, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(manyAddresses && someAddress()) },
      body: JSON.stringify(accounts[tokens.length % accounts.length]),
      signal: AbortSignal.timeout(10_000),
    });
    tokens.push(tokenOf(await response.text()));
  }
}
const tokenOf = (text: string): string => {
  const token = (JSON.parse(text) as { data?: { refreshToken?: string } }).data?.refreshToken;
  if (token === undefined) throw new Error(`no refresh token in ${text.slice(0, 300)}`);
  return token;
};
const someAddress = () => ({ 'x-forwarded-for': `10.${below(256)}.${below(256)}.${below(256)}` });

/** The next request: another product, another category, another key each time. */
export function requestsOf({ kind, origin, paths, token, tokens, accounts, readHeaders, manyAddresses }: Load): () => Request {
  const headers = { authorization: `Bearer ${token}` };
  const json = { 'content-type': 'application/json' };
  const run = randomUUID().slice(0, 8).toUpperCase();
  switch (kind) {
    case 'read':
    case 'read-scoped':
      return () => ({
        method: 'GET',
        path: paths.read.replace('{id}', productId(1 + below(PRODUCTS))),
        headers: { ...headers, ...readHeaders },
      });
    case 'list':
    case 'list-scoped':
      return () => ({ method: 'GET', path: paths.list.replace('{category}', categoryName(below(CATEGORIES))), headers });
    case 'create':
    case 'create-idempotent':
    case 'create-sealed':
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
    case 'order':
      return () => ({
        method: 'POST',
        path: paths.order!,
        headers: { authorization: `Bearer ${tokens[below(tokens.length)]!}`, ...json, 'idempotency-key': randomUUID() },
        body: JSON.stringify({
          lines: [1 + below(PRODUCTS / 2), 1 + PRODUCTS / 2 + below(PRODUCTS / 2)].map((n) => ({
            productId: productId(n),
            quantity: 1 + below(3),
          })),
        }),
      });
    case 'sign-in':
      return () => ({
        method: 'POST',
        path: paths.signIn,
        headers: manyAddresses ? { ...json, ...someAddress() } : json,
        body: JSON.stringify(accounts[below(accounts.length)]),
      });
    case 'refresh':
      return () => ({
        method: 'POST',
        path: paths.refresh,
        headers: manyAddresses ? { ...json, ...someAddress() } : json,
        body: JSON.stringify({ refreshToken: idle.get(origin)!.pop() }),
        answered: (text) => void idle.get(origin)!.push(tokenOf(text)),
      });
  }
}
