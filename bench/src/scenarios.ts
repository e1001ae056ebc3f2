import { documentLists, documentReads } from './documents.ts';
import type { ServerDefinition } from './definition.ts';
import type { ScenarioName } from './options.ts';
import { orderServers } from './orders.ts';
import { bare, express, nest } from './servers.ts';

const reference = bare('bare', 'bare: Fastify + pg + fast-jwt by hand');
const control = bare('bare-again', 'bare again (A/A control)');
const byHand = bare('by-hand', 'the same rows by hand, one transaction', { create: '/api/v1/by-hand/products', replays: true });

export interface Scenario {
  readonly name: ScenarioName;
  readonly title: string;
  readonly servers: readonly ServerDefinition[];
  /** Names of the servers that the others are measured against; the first one has the control. */
  readonly baselines: readonly string[];
  /** Requests under way at once, where it is how long one takes that counts. */
  readonly connections?: number;
}

/** What is measured, and between whom. A further server takes part by standing in these lists. */
export const scenarios = (plinth: readonly ServerDefinition[], sealing: readonly ServerDefinition[]): readonly Scenario[] => [
  {
    name: 'read',
    title: 'Read one product by id, authenticated, not cached',
    servers: [reference, control, ...plinth, express, nest],
    baselines: ['bare'],
  },
  {
    name: 'list',
    title: 'List of 20 with the total, authenticated',
    servers: [reference, control, ...plinth, express, nest],
    baselines: ['bare'],
  },
  {
    name: 'create',
    title: 'Create with its fact; bare does one INSERT and one commit',
    servers: [reference, control, byHand, ...plinth],
    baselines: ['bare', 'by-hand'],
  },
  {
    name: 'create-idempotent',
    title: 'Create with its fact and an idempotency key; bare ignores the key',
    servers: [reference, control, byHand, ...plinth],
    baselines: ['bare', 'by-hand'],
  },
  {
    name: 'create-sealed',
    title: 'Create with its fact placed, chained and signed; the baseline leaves the fact where it was written',
    servers: sealing,
    baselines: ['plinth-unsealed'],
  },
  {
    name: 'order',
    title:
      'Place an order of two products: idempotency key, stock, order, payment, three facts; the baseline does the same statements by hand',
    servers: orderServers,
    baselines: ['orders-by-hand'],
  },
  {
    name: 'sign-in',
    title: 'Sign in, while a bystander reads; bare only calls argon2 verify',
    servers: [reference, control, ...plinth],
    baselines: ['bare'],
  },
  {
    name: 'refresh',
    title: 'Refresh a session; bare does one compare-and-set UPDATE and signs nothing',
    servers: [reference, control, ...plinth],
    baselines: ['bare'],
  },
  {
    name: 'read-scoped',
    title: 'Read one document by id under a rule about rows',
    servers: documentReads,
    baselines: ['signed-in'],
  },
  {
    name: 'list-scoped',
    title: 'Page of 20 with the exact total, of the 1 % of 1,000,000 documents that were given to the caller one by one',
    servers: documentLists,
    baselines: ['shares-by-hand'],
    connections: 1,
  },
];
