import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page, PageRequest } from '../operation.ts';
import { emptyDatabase, type TestDatabase } from '../testing/postgres.ts';
import { createDatabase, type Database } from './database.ts';
import { prepareList } from './list.ts';
import { queryBuilder, type Runner } from './statement.ts';

const build = queryBuilder<{ lamps: { id: number; room: string; watts: number } }>();
const ORDERS = {
  watts: { by: ['watts', 'id'], direction: 'asc', key: ({ watts, id }: { watts: number; id: number }) => [watts, id] },
  '-watts': { by: ['watts', 'id'], direction: 'desc', key: ({ watts, id }: { watts: number; id: number }) => [watts, id] },
} as const;
const list = prepareList<{ room: string | undefined; sort: keyof typeof ORDERS }>()({
  shape: ({ room, sort }) => ({ room: room !== undefined, sort }),
  rows({ room }, bind) {
    const lamps = build.selectFrom('lamps').select(['id', 'room', 'watts']);
    return room ? lamps.where('room', '=', bind('room')) : lamps;
  },
  order: ({ sort }) => ORDERS[sort],
});

let database: TestDatabase;
let db: Database;
/** Texts of what ran. */
const ran: string[] = [];
let on: Runner;
beforeAll(async () => {
  database = await emptyDatabase();
  db = createDatabase({
    url: database.ownerUrl,
    poolSize: 2,
    statements: 'named',
    slowQueryMs: 10_000,
    logger: pino({ level: 'silent' }),
    guard: true,
  });
  await db.run({ text: 'create table lamps (id int primary key, room text not null, watts int not null)', values: [] });
  // Twenty, five of each strength: most pages end among equals.
  await db.run({
    text: `insert into lamps select n, case n % 2 when 0 then 'hall' else 'attic' end, n % 4 from generate_series(1, 20) n`,
    values: [],
  });
  on = { ...db, run: (query) => (ran.push(query.text), db.run(query)) };
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const idsOf = (page: Page<{ id: number }>): number[] => page.items.map(({ id }) => id);
const at = (page: number, limit: number): PageRequest => ({ by: 'page', page, limit });
const ALL = { watts: Array.from({ length: 20 }, (_, i) => i + 1).sort((a, b) => (a % 4) - (b % 4) || a - b) };

describe.each([
  ['watts', ALL.watts],
  ['-watts', ALL.watts.toReversed()],
] as const)('ordered by %s', (sort, expected) => {
  test.each([1, 3, 5, 7, 19, 20, 21])('by cursor, %i at a time: each once, in order, among equals too', async (limit) => {
    const seen: number[] = [];
    let after: readonly (string | number)[] | null = null;
    do {
      const page: Page<{ id: number }> = await list.page(db, { room: undefined, sort }, { by: 'cursor', after, limit });
      seen.push(...idsOf(page));
      after = 'next' in page ? page.next : null;
      expect(page).not.toHaveProperty('total');
    } while (after);
    expect(seen).toEqual(expected);
  });
  test('by page: the same, with the total', async () => {
    for (const page of [1, 2, 3]) {
      const found = await list.page(db, { room: undefined, sort }, at(page, 8));
      expect(found).toMatchObject({ total: 20 });
      expect(idsOf(found)).toEqual(expected.slice((page - 1) * 8, page * 8));
    }
  });
});

test('a page says its rows and nothing of how they were counted', async () => {
  const { items } = await list.page(db, { room: 'hall', sort: 'watts' }, at(1, 1));
  expect(items).toEqual([{ id: 4, room: 'hall', watts: 0 }]);
});
test('beyond the end the total is still told; of nothing at all it is none, without asking twice', async () => {
  expect(await list.page(db, { room: 'hall', sort: 'watts' }, at(3, 5))).toEqual({ items: [], total: 10 });
  ran.length = 0;
  expect(await list.page(on, { room: 'cellar', sort: 'watts' }, at(1, 5))).toEqual({ items: [], total: 0 });
  expect(ran).toHaveLength(1);
  expect(await list.page(db, { room: 'cellar', sort: 'watts' }, at(2, 5))).toEqual({ items: [], total: 0 });
  expect(await list.page(db, { room: 'cellar', sort: 'watts' }, { by: 'cursor', after: null, limit: 5 })).toEqual({
    items: [],
    next: null,
  });
});
test('one text for each shape, whatever the values', async () => {
  ran.length = 0;
  for (const room of ['hall', 'attic', `'; drop table lamps; --`])
    for (const sort of ['watts', '-watts'] as const)
      for (const paging of [at(1, 5), { by: 'cursor', after: null, limit: 7 }, { by: 'cursor', after: [1, 9], limit: 3 }] as const)
        await list.page(on, { room, sort }, paging);
  expect(ran).toHaveLength(18);
  expect(new Set(ran).size).toBe(6);
});
test('what a row becomes may have lost what orders it', async () => {
  const named = prepareList<object>()({
    rows: () => build.selectFrom('lamps').select(['id', 'room']),
    order: () => ({ by: ['id'], direction: 'desc', key: ({ id }) => [id] }),
    as: ({ room }) => room,
  });
  expect(await named.page(db, {}, { by: 'cursor', after: [4], limit: 2 })).toEqual({ items: ['attic', 'hall'], next: [2] });
  expect(await named.page(db, {}, at(1, 2))).toEqual({ items: ['hall', 'attic'], total: 20 });
});
test('what a row becomes knows nothing of how it was counted either', async () => {
  const copied = prepareList<object>()({
    rows: () => build.selectFrom('lamps').select('id'),
    order: () => ({ by: ['id'], direction: 'asc', key: ({ id }) => [id] }),
    as: (row) => ({ ...row }),
  });
  expect(await copied.page(db, {}, at(1, 1))).toEqual({ items: [{ id: 1 }], total: 20 });
});
test('a key that is not of its order is a fault, not a page with holes', async () => {
  const wrong = prepareList<object>()({
    rows: () => build.selectFrom('lamps').select(['id', 'watts']),
    order: () => ({ by: ['watts', 'id'], direction: 'asc', key: ({ watts }) => [watts] }),
  });
  await expect(wrong.page(db, {}, { by: 'cursor', after: null, limit: 3 })).rejects.toThrow('ordered by 2 columns has a key of 1');
});
