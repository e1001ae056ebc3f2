import { afterAll, beforeAll, expect, test } from 'vitest';
import { race } from '../testing/race.ts';
import { caller, fixture, type Fixture, happened, type Node, publishMany, registered, until } from './log.testing.ts';

let here: Fixture;
let node: Node;
beforeAll(async () => {
  here = await fixture();
  node = here.node();
  await node.start();
});
afterAll(() => here.end());

const positions = async (): Promise<number[]> =>
  (await node.db.run<{ position: number }>({ text: 'select position from log.events order by position', values: [] })).rows.map(
    (row) => row.position,
  );

test('B135: a fact gets its place after the commit, with who did it and from where', async () => {
  await node.db.transaction((tx) => node.log.publish(tx, caller('u9', { requestId: 'r-1' }), happened, { n: 1 }, { reason: 'because' }));
  await until(async () => (await node.log.search({ requestId: 'r-1' }, { by: 'cursor', after: null, limit: 5 })).items.length === 1);
  const [fact] = (await node.log.search({ requestId: 'r-1' }, { by: 'cursor', after: null, limit: 5 })).items;
  expect(fact).toMatchObject({
    position: 1,
    name: 'demo.happened',
    actor: 'u9',
    subject: { type: 'demo', id: '1' },
    operation: 'demo.test',
    decisionId: 'decision-1',
    outcome: 'success',
    reason: 'because',
    payload: { n: 1 },
    changes: null,
    address: '203.0.113.7',
    userAgent: 'test/1.0',
    channels: ['demo:1'],
    erased: false,
  });
  expect(fact!.occurredAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
});

test('B147: who acted, as whom, from where, by what and why stands with the fact', async () => {
  const by = caller('u5', { requestId: 'whole', traceId: '0af7651916cd43dd8448eb211c80319c' as never }, {
    session: { id: 's5' },
    impersonator: { id: 'u6' },
    key: { id: 'k5' },
  } as never);
  await node.db.transaction((tx) =>
    node.log.publish(tx, by, happened, { n: 1 }, { reason: 'asked to', organization: 'o5', outcome: 'failed' }),
  );
  await until(async () => (await node.log.search({ requestId: 'whole' }, { by: 'page', page: 1, limit: 1 })).items.length === 1);
  expect((await node.log.search({ requestId: 'whole' }, { by: 'page', page: 1, limit: 1 })).items[0]).toMatchObject({
    actor: 'u5',
    impersonator: 'u6',
    session: 's5',
    key: 'k5',
    organization: 'o5',
    traceId: '0af7651916cd43dd8448eb211c80319c',
    decisionId: 'decision-1',
    outcome: 'failed',
    reason: 'asked to',
    address: '203.0.113.7',
    userAgent: 'test/1.0',
  });
});

test('S113: a rolled back transaction publishes nothing, and drops nothing from the cache', async () => {
  const before = (await positions()).length;
  const dropped = node.cache.dropped.length;
  const failed = node.db.transaction(async (tx) => {
    await node.log.publish(tx, caller(), happened, { n: 2 });
    throw new Error('no');
  });
  await expect(failed).rejects.toThrow('no');
  await publishMany(node, 1, 3);
  await until(async () => (await positions()).length === before + 1);
  const { items } = await node.log.search({ name: 'demo.*' }, { by: 'page', page: 1, limit: 100 });
  expect(items.map(({ payload }) => (payload as { n: number }).n)).not.toContain(2);
  expect(node.cache.dropped.slice(dropped)).not.toContain('demo:2');
  expect(node.cache.dropped.slice(dropped)).toContain('demo:3');
});

test('B137: 16 publishers at once get positions without a gap', async () => {
  await race(16, async (i) => publishMany(node, 20, 1000 + i * 20));
  await until(async () => (await node.log.statistics()).waiting === 0);
  const all = await positions();
  expect(all).toEqual(all.map((_, i) => i + 1));
  expect(all.length).toBeGreaterThanOrEqual(320);
});

test('S41: a transaction that is held open holds nobody back, and its fact comes later', async () => {
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  const { promise: written, resolve: hasWritten } = Promise.withResolvers<void>();
  const late = node.db.transaction(async (tx) => {
    await node.log.publish(tx, caller('late', { requestId: 'late' }), happened, { n: 5000 });
    await tx.run({ text: 'select 1', values: [] }); // the fact's row is written, its seq drawn
    hasWritten();
    await held;
  });
  await written;
  const startedAt = performance.now();
  await node.db.transaction((tx) => node.log.publish(tx, caller('soon', { requestId: 'soon' }), happened, { n: 5001 }));
  const find = async (requestId: string) => (await node.log.search({ requestId }, { by: 'cursor', after: null, limit: 1 })).items[0];
  await until(async () => (await find('soon')) !== undefined, 1000);
  expect(performance.now() - startedAt).toBeLessThan(1000);
  expect(await find('late')).toBeUndefined();
  letGo();
  await late;
  await until(async () => (await find('late')) !== undefined);
  expect((await find('late'))!.position).toBeGreaterThan((await find('soon'))!.position);
});

test('B136: several facts of one transaction become their own records', async () => {
  await node.db.transaction(async (tx) => {
    for (const n of [1, 2, 3]) await node.log.publish(tx, caller('u1', { requestId: 'many' }), happened, { n });
  });
  await until(async () => (await node.log.search({ requestId: 'many' }, { by: 'page', page: 1, limit: 10 })).items.length === 3);
});

test('S68: what Postgres cannot store is a clear 422; a literal \\u0000 survives', async () => {
  for (const text of ['a\0b', '\ud800', 'x\udc00y']) {
    const refused = node.db.transaction((tx) => node.log.publish(tx, caller(), happened, { n: 1, text }));
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_INPUT', status: 422 });
  }
  await node.db.transaction((tx) =>
    node.log.publish(tx, caller('u1', { requestId: 'literal', userAgent: 'bad\0agent\ud800' }), happened, {
      n: 1,
      text: 'a\\u0000b \\ud800 😀',
    }),
  );
  await until(async () => (await node.log.search({ requestId: 'literal' }, { by: 'page', page: 1, limit: 1 })).items.length === 1);
  const [fact] = (await node.log.search({ requestId: 'literal' }, { by: 'page', page: 1, limit: 1 })).items;
  expect(fact!.payload).toEqual({ n: 1, text: 'a\\u0000b \\ud800 😀' });
});

test('B144: personal data stand apart, readers see them, erasing leaves the seal whole', async () => {
  const payload = { userId: 'p1', email: 'p1@example.com', nested: { phone: '+41', kept: 'k' } };
  const before = { name: 'A', email: 'old@example.com', role: { name: 'x', secret: 's' }, password: 'p' };
  const after = { name: 'A', email: 'p1@example.com', role: { name: 'y', secret: 't' }, password: 'q' };
  await node.db.transaction((tx) => node.log.publish(tx, caller('p1', { requestId: 'personal' }), registered, payload, { before, after }));
  const find = async () => (await node.log.search({ requestId: 'personal' }, { by: 'page', page: 1, limit: 1 })).items[0];
  await until(async () => (await find()) !== undefined);
  expect(await find()).toMatchObject({
    payload,
    address: '203.0.113.7',
    changes: { email: { before: 'old@example.com', after: 'p1@example.com' }, role: { before: { name: 'x' }, after: { name: 'y' } } },
  });
  const stored = await (
    await here.asOwner()
  ).query<{ row: string }>(`select e::text as row from log.events e where request_id = 'personal'`);
  expect(stored.rows[0]!.row).toContain('"kept"');
  for (const secret of ['p1@example.com', 'old@example.com', '+41', '203.0.113.7', 'test/1.0', 'password', 'secret'])
    expect(stored.rows[0]!.row).not.toContain(secret);

  const erased = await node.db.transaction((tx) => node.log.erasePersonal(tx, 'p1'));
  expect(erased).toBe(1);
  expect(await find()).toMatchObject({ payload: { userId: 'p1', nested: { kept: 'k' } }, address: null, userAgent: null, erased: true });
  expect((await find())!.payload).not.toHaveProperty('email');
});

test('B145: an event without an allow-list keeps no before and after', async () => {
  await node.db.transaction((tx) =>
    node.log.publish(tx, caller('u1', { requestId: 'no-list' }), happened, { n: 1 }, { before: { secret: 'a' }, after: { secret: 'b' } }),
  );
  await until(async () => (await node.log.search({ requestId: 'no-list' }, { by: 'page', page: 1, limit: 1 })).items.length === 1);
  expect((await node.log.search({ requestId: 'no-list' }, { by: 'page', page: 1, limit: 1 })).items[0]!.changes).toBeNull();
});

test('a during handler runs in the transaction, sees the whole payload, and its failure undoes everything', async () => {
  const other = await fixture();
  try {
    const seen: unknown[] = [];
    const failing = other.node();
    await failing.start([
      {
        kind: 'during',
        event: registered,
        name: 'demo.watch',
        run: async (tx, fact) => void seen.push((fact as { payload: unknown }).payload, await tx.run({ text: 'select 1', values: [] })),
      },
      { kind: 'during', event: happened, name: 'demo.fail', run: () => Promise.reject(new Error('not now')) },
    ]);
    await failing.db.transaction((tx) => failing.log.publish(tx, caller(), registered, { userId: 'a', email: 'a@b.c' }));
    expect(seen[0]).toEqual({ userId: 'a', email: 'a@b.c' });
    const refused = failing.db.transaction(async (tx) => {
      await failing.log.publish(tx, caller(), registered, { userId: 'b', email: 'b@b.c' });
      await failing.log.publish(tx, caller(), happened, { n: 1 });
    });
    await expect(refused).rejects.toThrow('not now');
    await until(async () => (await failing.log.statistics()).position === 1);
    expect((await failing.log.search({}, { by: 'page', page: 1, limit: 10 })).items.map(({ subject }) => subject?.id)).toEqual(['a']);
  } finally {
    await other.end();
  }
});

test('S39: facts committed while no sequencer ran get their place and their handlers once one does', async () => {
  const other = await fixture();
  try {
    const dead = other.node();
    await publishMany(dead, 3); // never started: as if killed after the commits
    expect((await dead.log.statistics()).waiting).toBe(3);
    const handled: number[] = [];
    const alive = other.node();
    await alive.start([
      {
        kind: 'handle',
        event: happened,
        name: 'demo.late',
        key: undefined,
        run: async (_tx, fact) => void handled.push((fact as { payload: { n: number } }).payload.n),
      },
    ]);
    await until(() => handled.length === 3);
    expect(new Set(handled)).toEqual(new Set([0, 1, 2]));
  } finally {
    await other.end();
  }
});

test('B148: search pages by a stable cursor while the log grows', async () => {
  const first = await node.log.search({ name: 'demo.happened' }, { by: 'cursor', after: null, limit: 10 });
  await publishMany(node, 3, 9000);
  await until(async () => (await node.log.statistics()).waiting === 0);
  if (!('next' in first)) throw new Error('asked by cursor, answered by page');
  const second = await node.log.search({ name: 'demo.happened' }, { by: 'cursor', after: first.next, limit: 10 });
  const seen = [...first.items, ...second.items].map(({ position }) => position);
  expect(seen).toEqual([...new Set(seen)].toSorted((a, b) => b - a));
  expect(first.items).toHaveLength(10);
  const { items, ...rest } = await node.log.search({ actor: 'u9' }, { by: 'page', page: 1, limit: 10 });
  expect([items.length, rest]).toEqual([1, { total: 1 }]);
  expect(
    (await node.log.search({ subjectType: 'user', subjectId: 'p1', outcome: 'success' }, { by: 'page', page: 1, limit: 10 })).items,
  ).toHaveLength(1);
  expect((await node.log.search({ from: '2999-01-01T00:00:00Z' }, { by: 'page', page: 1, limit: 10 })).items).toHaveLength(0);
  expect(await node.log.get(items[0]!.id)).toEqual(await node.log.get(items[0]!.position));
});
