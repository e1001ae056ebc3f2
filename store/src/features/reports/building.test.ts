import { coreApp, type CoreApp } from '@plinth/core/testing';
import type { Actor } from '@plinth/kit/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { features } from '../../features.ts';
import type { Order } from '../orders/contract.ts';
import { placeOrder } from '../orders/orders.fixtures.ts';
import { makeProduct } from '../products/products.fixtures.ts';
import { ATTEMPTS, MOST_BYTES, MOST_ROWS } from './contract.ts';
import { ReportsRepository } from './repository.ts';
import { buildingOf, fileOf, manySold, pay, runOf, table, unbegun } from './reports.testing.ts';
import type { Source } from './rows.ts';

// Runs of the job that makes a report: one beside the other, cut off, cancelled, too large.

let app: CoreApp;
let admin: Actor;
let sold: Order;
let unpaid: Order;
beforeAll(async () => {
  // Nobody else performs jobs. No provider is asked anything.
  app = await coreApp(features, { env: { PLINTH_ROLES: 'api', SANDBOX_URL: 'http://127.0.0.1:9' } });
  admin = await app.as('admin');
  const { id: productId } = await makeProduct(app, admin, { stock: 1000 });
  const buyer = await app.as('member');
  for (let i = 0; i < 3; i++) await pay(app, (sold = await placeOrder({ app }, buyer, [{ productId, quantity: 1 }])));
  unpaid = await placeOrder({ app }, buyer, [{ productId, quantity: 1 }]);
});
afterAll(() => app?.stop());

const page = (lines: readonly string[], things = 1) => ({ lines, things });
/** Made of what the test says. */
const sourceOf = (pages: () => AsyncGenerator<ReturnType<typeof page>>, count = 10): Source => ({
  header: 'n\r\n',
  count: async () => count,
  pages,
});
const reread = async (id: string) => (await buildingOf(app).repository.find(app.kit.db, id))!;
const pieces = async (id: string) =>
  (await app.owner.query<{ n: number }>('select count(*)::int as n from reports.pieces where report_id = $1', [id])).rows[0]!.n;
/** Rows that fill a piece and more. */
const LONG = Array.from({ length: 100 }, () => `${'x'.repeat(2000)}\r\n`);

test('S52: of a run that was taken for dead and the one after it, only the later writes: the file is whole, and once', async () => {
  const report = await unbegun(app, admin);
  const slow = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const first = buildingOf(app, {
    sources: {
      sales: sourceOf(async function* () {
        yield page(LONG.map((line) => line.replaceAll('x', 'a')));
        begun.resolve();
        await slow.promise;
        yield page(LONG.map((line) => line.replaceAll('x', 'a')));
      }),
    } as never,
  }).building.build(report.id, runOf());
  await begun.promise;
  await expect.poll(() => pieces(report.id)).toBeGreaterThan(0);
  const overtaken = Promise.withResolvers<unknown>();
  const second = buildingOf(app, {
    sources: {
      sales: sourceOf(async function* () {
        yield page(LONG.map((line) => line.replaceAll('x', 'b')));
        // The first wakes up while this one runs.
        slow.resolve();
        overtaken.resolve(await first);
        yield page(LONG.map((line) => line.replaceAll('x', 'b')));
      }),
    } as never,
  }).building.build(report.id, runOf({ attempt: 2 }));
  expect(await second).toMatchObject({ rows: 200 });
  expect(await overtaken.promise).toEqual({ skipped: 'it has ended meanwhile' });
  const row = await reread(report.id);
  expect([row.state, row.run, row.rowCount]).toEqual(['done', 2, 200]);
  expect(await fileOf(app, row)).toBe(`\uFEFFn\r\n${LONG.join('').replaceAll('x', 'b').repeat(2)}`);
  expect(await pieces(report.id)).toBe(row.pieceCount);
  // Once more changes nothing.
  expect(await buildingOf(app).building.build(report.id, runOf())).toEqual({ skipped: 'it has ended' });
});

test('S51: a run that was cut off leaves no part of itself in the file of the next', async () => {
  const report = await unbegun(app, admin);
  const cut = new AbortController();
  const broken = buildingOf(app, {
    sources: {
      sales: sourceOf(async function* () {
        yield page(LONG);
        cut.abort(new Error('the server shuts down'));
        yield page(LONG);
      }),
    } as never,
  }).building.build(report.id, runOf({ signal: cut.signal, attempt: ATTEMPTS }));
  await expect(broken).rejects.toThrow('shuts down');
  expect([(await reread(report.id)).state, await pieces(report.id)]).toEqual(['running', 1]);
  await buildingOf(app).building.build(report.id, runOf());
  const row = await reread(report.id);
  expect(row.state).toBe('done');
  expect(table(await fileOf(app, row))).toHaveLength(3);
});

test('a file is of one moment: what is paid while it is made is in no row of it', async () => {
  const report = await unbegun(app, admin);
  const { sources } = buildingOf(app);
  const sales = {
    ...sources.sales,
    count: async (...asked: Parameters<Source['count']>) => {
      const count = await sources.sales.count(...asked);
      await pay(app, unpaid); // counted already; a page that was read now would have it
      return count;
    },
  };
  await buildingOf(app, { sources: { ...sources, sales } }).building.build(report.id, runOf());
  const numbers = table(await fileOf(app, await reread(report.id))).map(({ order }) => order);
  expect(numbers).toHaveLength(3);
  expect(numbers).toContain(sold.number);
  const after = await unbegun(app, admin);
  await buildingOf(app).building.build(after.id, runOf());
  expect(table(await fileOf(app, await reread(after.id))).map(({ order }) => order)).toEqual([...numbers, unpaid.number]);
});

test('how far it is stands on the report, goes with the job, and is told live, while it runs', async () => {
  const report = await unbegun(app, admin);
  const [said, seen]: [unknown[], unknown[]] = [[], []];
  const shown: Readonly<Record<string, unknown>>[] = [];
  let now = 0;
  const { building } = buildingOf(app, {
    clock: { now: () => new Date(), monotonic: () => (now += 1000) },
    realtime: { say: (channel, data) => void said.push([channel, data]) },
    sources: {
      sales: sourceOf(async function* () {
        for (let i = 0; i < 4; i++) {
          yield page(LONG);
          const { percent, state } = await reread(report.id);
          seen.push([percent, state]);
        }
      }, 4),
    } as never,
  });
  await building.build(report.id, runOf({ progress: (value) => void shown.push(value) }));
  expect(seen).toEqual([[0, 'running'], [25, 'running'], [50, 'running'], [75, 'running']]); // prettier-ignore
  expect(shown.map((value) => value['percent'])).toEqual([0, 25, 25, 50, 75, 75, 99]);
  expect(shown.at(-1)!['rows']).toBe(400);
  expect(said).toEqual(shown.map((value) => [`user:${admin.userId}`, { reportId: report.id, state: 'running', ...value }]));
  expect(await reread(report.id)).toMatchObject({ percent: 100, state: 'done' });
});

test('what is cancelled while it runs writes nothing more, and its pieces are gone', async () => {
  const report = await unbegun(app, admin);
  const { building } = buildingOf(app, {
    sources: {
      sales: sourceOf(async function* () {
        yield page(LONG);
        const reply = await app.call('POST', `/api/v1/reports/${report.id}/cancel`, { token: admin.token });
        expect(reply.status, reply.text).toBe(200);
        yield page(LONG);
      }),
    } as never,
  });
  expect(await building.build(report.id, runOf())).toEqual({ skipped: 'it has ended meanwhile' });
  expect([(await reread(report.id)).state, await pieces(report.id)]).toEqual(['cancelled', 0]);
});

test('too many rows, or bytes, fail with what to do about it: before anything is read where that is known', async () => {
  const reasons = [];
  let read = 0;
  const many = sourceOf(async function* () {
    read++;
    yield page(['x\r\n']);
  }, MOST_ROWS + 1);
  const thousand = Array.from({ length: 1000 }, () => 'x\r\n');
  const more = sourceOf(async function* () {
    for (let rows = 0; rows <= MOST_ROWS; rows += thousand.length) yield page(thousand);
  });
  const large = sourceOf(async function* () {
    for (let bytes = 0; bytes <= MOST_BYTES; bytes += LONG.join('').length) yield page(LONG);
  });
  // 512 MiB are written to find it out, unless nothing is.
  const files = { append: () => undefined, drop: () => undefined, read: () => undefined as never };
  class Quick extends ReportsRepository {
    override advance = async () => true;
  }
  const reports = new Quick(app.kit.db);
  for (const sales of [many, more, large]) {
    const report = await unbegun(app, admin);
    await buildingOf(app, { files, reports, sources: { sales } as never }).building.build(report.id, runOf());
    const { json } = await app.call('GET', `/api/v1/reports/${report.id}`, { token: admin.token });
    reasons.push([json.data.state, json.data.failure.code, json.data.failure.message]);
  }
  expect(reasons).toEqual([
    ['failed', 'TOO_MANY_ROWS', 'It would have more than 2,000,000 rows: ask for a shorter time'],
    ['failed', 'TOO_MANY_ROWS', 'It would have more than 2,000,000 rows: ask for a shorter time'],
    ['failed', 'TOO_LARGE', 'It would be larger than 512 MiB: ask for a shorter time'],
  ]);
  expect(read).toBe(0);
});

test('what breaks is tried again, and fails with its last attempt; nothing of the inside is told', async () => {
  const report = await unbegun(app, admin);
  const { building } = buildingOf(app, {
    sources: {
      sales: sourceOf(async function* () {
        yield page(LONG);
        throw new Error('relation orders.secret does not exist');
      }),
    } as never,
  });
  for (let attempt = 1; attempt < ATTEMPTS; attempt++) {
    await expect(building.build(report.id, runOf({ attempt }))).rejects.toThrow('relation');
    expect((await reread(report.id)).state).toBe('running');
  }
  await expect(building.build(report.id, runOf({ attempt: ATTEMPTS }))).rejects.toThrow('relation');
  const { text, json } = await app.call('GET', `/api/v1/reports/${report.id}`, { token: admin.token });
  expect([json.data.state, json.data.failure.code, text.includes('relation'), await pieces(report.id)]).toEqual([
    'failed',
    'BROKEN',
    false,
    0,
  ]);
});

test('pages hold each line once, also of many orders that were paid in one moment', async () => {
  const buyer = await app.as('member');
  await manySold(app, buyer, 450, 3);
  const report = await unbegun(app, buyer, { everybody: false });
  await buildingOf(app).building.build(report.id, runOf());
  const rows = table(await fileOf(app, await reread(report.id)));
  expect(rows).toHaveLength(1350);
  expect(new Set(rows.map(({ orderId, sku }) => `${orderId} ${sku}`)).size).toBe(1350);
  // Lines of an order stand together, in their order.
  expect(rows.slice(0, 3).map(({ orderId, sku }) => [orderId, sku])).toEqual([1, 2, 3].map((n) => [rows[0]!['orderId'], `SKU-${n}`]));
});
