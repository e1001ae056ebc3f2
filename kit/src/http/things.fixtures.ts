import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../database/database.ts';
import { ServiceUnavailable } from '../errors.ts';
import { type AnyFeature, defineFeature } from '../feature.ts';
import { type Controller, respond } from '../operation.ts';
import { claims } from './idempotency.ts';
import { forbidden, operations, read, SignatureWrong, Teapot, write } from './things.contract.fixtures.ts';

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
        await claims.finish(tx, lease, reply);
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
  signed: ({ body }) => {
    if (body.toString() !== '"signed"') throw new SignatureWrong();
    return { ok: true };
  },
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
