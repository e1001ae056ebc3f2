import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Database } from '../database/database.ts';
import { allow, defineError, definePermission } from '../definitions.ts';
import { type AnyFeature, defineFeature } from '../feature.ts';
import {
  bare,
  CursorPaging,
  defineOperations,
  file,
  form,
  paged,
  Paging,
  raw,
  redirect,
  respond,
  sse,
  stream,
  upload,
  type Controller,
} from '../operation.ts';
import { ServiceUnavailable } from '../errors.ts';
import { finish } from './idempotency.ts';

const read = definePermission('things:read', 'Read', ['guest']);
const write = definePermission('things:write', 'Write');
const forbidden = definePermission('things:forbidden', 'Nobody may');

export const WhatTaken = defineError('WHAT_TAKEN', 409, 'This was done already', { constraint: 'effects_what_key' });
export const Teapot = defineError('TEAPOT', 418, 'No coffee here');

const Thing = z.object({
  id: z.string(),
  name: z.string(),
  version: z.int(),
  price: z.object({ amount: z.int() }),
  tags: z.array(z.string()).exactOptional(),
});
const NewThing = z.object({ name: z.string().min(1).max(50), price: z.object({ amount: z.int().min(0) }), note: z.string().optional() });
const Effect = z.strictObject({ what: z.string(), mode: z.enum(['ok', 'throw', 'crash', 'bad-reply', 'slow', 'provider']).default('ok') });
const Done = z.object({ what: z.string(), runs: z.int() });
const nothing = 'nothing, because it is a test';

export const operations = defineOperations({
  get: {
    method: 'GET',
    path: '/things/:id',
    summary: 'Get',
    access: allow(read),
    params: z.object({ id: z.string().max(40) }),
    reply: Thing,
    errors: [Teapot],
  },
  list: {
    method: 'GET',
    path: '/things',
    summary: 'List',
    access: allow(read),
    query: CursorPaging.extend({ q: z.string().optional() }),
    reply: paged(Thing, { cursor: true }),
  },
  pages: { method: 'GET', path: '/pages', summary: 'Pages', access: 'public', query: Paging, reply: paged(Thing) },
  mine: { method: 'GET', path: '/mine', summary: 'Mine', access: 'signed-in', reply: z.object({ userId: z.string() }) },
  open: { method: 'GET', path: '/open', summary: 'Open', access: 'public', reply: z.object({ userId: z.string().nullable() }) },
  create: {
    method: 'POST',
    path: '/things',
    summary: 'Create',
    access: allow(write),
    body: NewThing,
    status: 201,
    reply: Thing,
    publishes: nothing,
  },
  change: {
    method: 'PATCH',
    path: '/things/:id',
    summary: 'Change',
    access: allow(write),
    params: z.object({ id: z.string() }),
    ifMatch: true,
    body: NewThing.partial(),
    reply: z.object({ ifMatch: z.int().nullable() }),
    publishes: nothing,
  },
  remove: {
    method: 'DELETE',
    path: '/things/:id',
    summary: 'Remove',
    access: allow(write),
    params: z.object({ id: z.string() }),
    publishes: nothing,
  },
  forbid: { method: 'POST', path: '/forbidden', summary: 'Forbidden', access: allow(forbidden), publishes: nothing },
  secure: {
    method: 'POST',
    path: '/secure',
    summary: 'Fresh',
    access: allow(write, { fresh: '10m' }),
    reply: z.object({ ok: z.boolean() }),
    publishes: nothing,
  },
  effect: {
    method: 'POST',
    path: '/effects',
    summary: 'Do it',
    access: allow(write),
    query: z.strictObject({ tag: z.string().optional() }),
    body: Effect,
    status: 201,
    reply: Done,
    errors: [WhatTaken, Teapot],
    publishes: nothing,
  },
  effectAt: {
    method: 'POST',
    path: '/effects/:place',
    summary: 'Do it there',
    access: allow(write),
    params: z.object({ place: z.string() }),
    body: Effect,
    status: 201,
    reply: Done,
    publishes: nothing,
  },
  own: {
    method: 'POST',
    path: '/own-effects',
    summary: 'Do it outside',
    access: allow(write),
    tx: 'own',
    body: Effect,
    status: 201,
    reply: Done,
    errors: [Teapot],
    publishes: nothing,
  },
  secret: {
    method: 'POST',
    path: '/secrets',
    summary: 'Make a secret',
    access: allow(write),
    secret: true,
    body: z.strictObject({ name: z.string() }),
    status: 201,
    reply: z.object({ secret: z.string() }),
    publishes: nothing,
  },
  search: {
    method: 'POST',
    path: '/search',
    summary: 'Search',
    access: 'public',
    safe: true,
    body: z.object({ q: z.string() }),
    reply: z.object({ q: z.string() }),
  },
  session: {
    method: 'POST',
    path: '/session',
    summary: 'Sign in',
    access: 'public',
    reply: z.object({ ok: z.boolean() }),
    publishes: nothing,
    limit: { requests: 3, seconds: 60, by: 'address' },
  },
  token: {
    method: 'POST',
    path: '/oauth/token',
    at: 'root',
    summary: 'Token',
    access: 'public',
    body: form(z.strictObject({ grant_type: z.string() })),
    reply: bare(z.object({ grant_type: z.string() })),
    safe: true,
  },
  hook: {
    method: 'POST',
    path: '/hook',
    summary: 'Hook',
    access: 'public',
    body: raw({ types: ['application/json'], limit: 1000 }),
    reply: z.object({ bytes: z.int() }),
    safe: true,
  },
  files: {
    method: 'POST',
    path: '/files',
    summary: 'Upload',
    access: allow(write),
    tx: 'own',
    body: upload({ limit: 1000, files: 2, types: ['text/plain'] }),
    reply: z.array(z.object({ filename: z.string(), bytes: z.int() })),
    publishes: nothing,
  },
  download: { method: 'GET', path: '/download', summary: 'File', access: 'public', reply: file('text/csv') },
  flow: { method: 'GET', path: '/flow', summary: 'Stream', access: 'public', reply: stream('text/plain') },
  events: { method: 'GET', path: '/events', summary: 'SSE', access: 'public', reply: sse(z.object({ n: z.int() })) },
  away: { method: 'GET', path: '/away', summary: 'Redirect', access: 'public', reply: redirect() },
  lie: { method: 'GET', path: '/lie', summary: 'Breaks its contract', access: 'public', reply: Thing },
  fail: {
    method: 'GET',
    path: '/fail',
    summary: 'Fails',
    access: 'public',
    query: z.strictObject({ how: z.enum(['error', 'string', 'null', 'busy', 'pg']) }),
    reply: Thing,
  },
  slow: { method: 'GET', path: '/slow', summary: 'Slow', access: 'public', reply: z.object({ ok: z.boolean() }) },
});

/** How often each effect ran, committed or not. */
export const runs = new Map<string, number>();
const ran = (what: string): number => {
  runs.set(what, (runs.get(what) ?? 0) + 1);
  return runs.get(what)!;
};
const thing = (id: string) => ({ id, name: `Thing ${id}`, version: 3, price: { amount: 5, hidden: 'cut' }, passwordHash: 'cut too' });
const INSERT = 'insert into public.effects (what) values ($1)';

async function* chunks(): AsyncGenerator<string> {
  yield 'one,';
  yield 'two';
}
export let eventsEnded = 0;
export let aborted = 0;

const controller = (): Controller<typeof operations> => ({
  get: ({ params }) => {
    if (params.id === 'teapot') throw new Teapot({ secretDetail: 'for the log' });
    return thing(params.id);
  },
  list: ({ paging }) => {
    const from = paging.by === 'cursor' ? Number(paging.after?.[0] ?? 0) : (paging.page - 1) * paging.limit;
    const items = Array.from({ length: Math.min(paging.limit, 250 - from) }, (_, i) => ({
      ...thing(String(from + i)),
      tags: Array.from({ length: 20 }, (_, n) => `tag number ${n}`),
    }));
    return paging.by === 'cursor' ? { items, next: from + items.length < 250 ? [from + items.length] : null } : { items, total: 250 };
  },
  pages: () => ({ items: [thing('1')], total: 41 }),
  mine: ({ caller }) => ({ userId: caller.userId }),
  open: ({ caller }) => ({ userId: caller.userId }),
  create: async ({ body }) => ({ ...thing('new'), name: body.name, price: body.price }),
  change: ({ ifMatch }) => ({ ifMatch }),
  remove: async () => undefined,
  forbid: async () => undefined,
  secure: () => ({ ok: true }),
  effect: async ({ tx, body }) => {
    const count = ran(body.what);
    tx.write({ text: INSERT, values: [body.what] });
    if (body.mode === 'slow') await sleep(150);
    if (body.mode === 'throw') throw new Teapot();
    if (body.mode === 'crash') throw new Error('a defect with select secrets from passwords');
    if (body.mode === 'bad-reply') return { what: body.what, runs: 'many' as unknown as number };
    return respond(
      { what: body.what, runs: count },
      { headers: { location: `/effects/${body.what}` }, cookies: [{ name: 'plinth_seen', value: 'yes' }] },
    );
  },
  effectAt: async ({ tx, body }) => {
    tx.write({ text: INSERT, values: [body.what] });
    return { what: body.what, runs: ran(body.what) };
  },
  own: async ({ body, lease, caller }) => {
    const count = ran(body.what);
    const reply = { what: body.what, runs: count };
    if (body.mode === 'slow') await sleep(150);
    if (body.mode === 'throw') throw new Teapot();
    if (body.mode === 'crash') throw new ServiceUnavailable();
    if (body.mode === 'provider' && lease) {
      await database!.transaction(async (tx) => {
        await tx.run({ text: INSERT, values: [body.what] });
        await finish(tx, lease, reply);
      });
    }
    void caller;
    return reply;
  },
  secret: ({ body }) => ({ secret: `${body.name}-${Math.random()}` }),
  search: ({ body }) => body,
  session: () =>
    respond(
      { ok: true },
      {
        headers: { 'cache-control': 'public' },
        cookies: [
          { name: '__Host-plinth_access', value: 'ada', maxAgeSeconds: 900 },
          { name: 'plinth_old', value: null },
        ],
      },
    ),
  token: ({ body }) => body,
  hook: ({ body }) => ({ bytes: body.length }),
  files: async ({ body }) => {
    const found: { filename: string; bytes: number }[] = [];
    for await (const { filename, content } of body) {
      let bytes = 0;
      for await (const chunk of content) bytes += (chunk as Buffer).length;
      found.push({ filename, bytes });
    }
    return found;
  },
  download: () => ({ content: 'a,b\n1,2\n', filename: 'Übersicht "1".csv', length: 8 }),
  flow: () => chunks(),
  events: ({ signal }) =>
    (async function* () {
      try {
        yield { id: '1', event: 'tick', data: { n: 1, hidden: 'cut' } };
        yield { data: { n: 2 } };
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      } finally {
        eventsEnded++;
      }
    })(),
  away: () => ({ location: 'https://elsewhere.example/', status: 303 }),
  lie: () => ({ id: 'x', name: 5, version: 1, price: { amount: 1 } }) as never,
  fail: async ({ query }) => {
    if (query.how === 'string') throw 'text'; // oxlint-disable-line no-throw-literal -- what careless code does
    if (query.how === 'null') return Promise.reject(null); // oxlint-disable-line prefer-promise-reject-errors
    if (query.how === 'busy') throw new ServiceUnavailable();
    if (query.how === 'pg') await database!.run({ text: 'select * from nowhere.nothing', values: [] });
    throw Object.assign(new Error('an upstream said: token=abc'), { statusCode: 404, code: 'UPSTREAM' });
  },
  slow: async ({ signal }) => {
    signal.addEventListener('abort', () => aborted++);
    await sleep(300);
    return { ok: true };
  },
});

let database: Database | undefined;
export const things: AnyFeature = defineFeature({
  name: 'things',
  contract: { operations, read, write, forbidden },
  setup({ db }) {
    database = db;
    return { api: undefined, controller: controller() };
  },
});
