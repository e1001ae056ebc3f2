import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Handler } from '../feature.ts';
import type { Fact } from './fact.ts';
import { caller, fixture, type Fixture, happened, publishMany, registered, until } from './log.testing.ts';

let here: Fixture;
beforeEach(async () => {
  here = await fixture();
  await (await here.asOwner()).query('create table public.effects (n int); grant all on public.effects to plinth_app');
});
afterEach(() => here.end());

type React = (fact: Fact<{ n: number }>, attempt: number) => void | Promise<void>;
const attempts = new Map<string, number>();
/** Writes one effect in its transaction, then does what the test wants. */
const effect = (react: React = () => undefined, over: Partial<Extract<Handler, { kind: 'handle' }>> = {}): Handler => ({
  kind: 'handle',
  event: happened,
  name: 'demo.effect',
  key: undefined,
  async run(tx, fact) {
    const attempt = (attempts.get(fact['id']) ?? 0) + 1;
    attempts.set(fact['id'], attempt);
    tx.write({ text: 'insert into public.effects values ($1)', values: [(fact as Fact<{ n: number }>).payload.n] });
    await react(fact, attempt);
  },
  ...over,
});
const effects = async (): Promise<number[]> =>
  (await (await here.asOwner()).query<{ n: number }>('select n from public.effects')).rows.map(({ n }) => n);
const sorted = async (): Promise<number[]> => (await effects()).toSorted((a, b) => a - b);

test('S40: each handler takes each fact once in effect, with two nodes and every run delivered twice', async () => {
  const [one, two] = [here.node(), here.node()];
  await one.start([effect()]);
  await two.start([effect()]);
  await publishMany(one, 20);
  await until(async () => (await effects()).length >= 20);
  // The same runs again, as after a worker that died between commit and settling.
  const { rows } = await one.db.run<{ position: number }>({ text: 'select position from log.events', values: [] });
  await one.db.transaction(async (tx) =>
    one.jobs.enqueueHandlers(
      tx,
      rows.map(({ position }) => ({ handler: 'demo.effect', position, key: null })),
    ),
  );
  await until(
    async () =>
      (
        await one.db.run<{ left: number }>({
          text: `select count(*) as left from pgboss.job where name = 'log.handlers' and state <> 'completed'`,
          values: [],
        })
      ).rows[0]!.left === 0,
  );
  expect(await sorted()).toEqual(Array.from({ length: 20 }, (_, i) => i));
});

test('S40: a handler that fails after its writes leaves none, and is tried again', async () => {
  const node = here.node();
  await node.start([
    effect((fact, attempt) => (fact.payload.n === 1 && attempt === 1 ? Promise.reject(new Error('first time')) : undefined)),
  ]);
  await publishMany(node, 3);
  await until(async () => (await effects()).length === 3, 10_000);
  expect(await sorted()).toEqual([0, 1, 2]);
});

test('handlers see personal fields; followers of the log do not', async () => {
  const node = here.node();
  const handled: unknown[] = [];
  const followed: unknown[] = [];
  node.log.onFact(({ name, told }) => followed.push(name, told));
  await node.start([
    {
      kind: 'handle',
      event: registered,
      name: 'demo.greet',
      key: undefined,
      run: async (_tx, fact, by) => void handled.push((fact as Fact<unknown>).payload, by.principal.job),
    },
  ]);
  await node.db.transaction((tx) => node.log.publish(tx, caller(), registered, { userId: 'a', email: 'a@b.c' }));
  await until(() => handled.length === 2 && followed.length === 2);
  expect(handled).toEqual([
    { userId: 'a', email: 'a@b.c' },
    { name: 'demo.greet', cause: expect.any(String) as string },
  ]);
  const occurredAt = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/) as string;
  expect(followed).toEqual(['demo.registered', { occurredAt, payload: { userId: 'a' }, channels: ['user:a'] }]);
});

test('a key keeps order: facts of one key are handled one by one, in the order of the log', async () => {
  const nodes = [here.node(), here.node()];
  const seen = new Map<string, number[]>();
  const handler = effect(
    async ({ payload: { n } }) => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
      const key = String(n % 3);
      seen.set(key, [...(seen.get(key) ?? []), n]);
    },
    { key: (fact) => String((fact as Fact<{ n: number }>).payload.n % 3) },
  );
  for (const node of nodes) await node.start([handler]);
  await publishMany(nodes[0]!, 30);
  await until(async () => (await effects()).length === 30, 15_000);
  for (const order of seen.values()) expect(order).toEqual(order.toSorted((a, b) => a - b));
});

test('S42: another node sequences what this one committed, and both caches drop the tags', async () => {
  const [api, worker] = [here.node(), here.node()];
  await api.start([effect()], 'api');
  await worker.start([effect()]);
  await publishMany(api, 2, 40);
  await until(() => worker.cache.dropped.includes('demo:41') && api.cache.dropped.includes('demo:41'), 2000);
  expect(worker.cache.fresh() && api.cache.fresh()).toBe(true);
  await until(async () => (await effects()).length === 2);
  const { rows } = await api.db.run<{ channel: string }>({ text: 'select channel from log.channel_entries order by position', values: [] });
  expect(rows.map(({ channel }) => channel)).toEqual(['demo:40', 'demo:41']);
});

test('S65: facts travel by polling alone while no connection listens', async () => {
  const [one, two] = [here.node(), here.node()];
  for (const node of [one, two]) (node.db as { connect: unknown }).connect = () => Promise.reject(new Error('no LISTEN here'));
  await one.log.start([], { decide: () => ({ id: '', allowed: true, reason: '' }), visible: () => { throw new Error('no'); } }); // prettier-ignore
  await two.log.start([], { decide: () => ({ id: '', allowed: true, reason: '' }), visible: () => { throw new Error('no'); } }); // prettier-ignore
  await publishMany(one, 1, 5);
  await until(() => two.cache.dropped.includes('demo:5'), 2000);
});

test('S65: a node says how long the oldest fact has waited for its place, and that it was told when it has one', async () => {
  const [one, two] = [here.node(), here.node()];
  await one.start();
  await two.start();
  const owner = await here.asOwner();
  await owner.query('begin');
  await owner.query('select 1 from log.cursor for update');
  await publishMany(one, 1, 7);
  await until(() => !two.cache.heardWithin(600), 3000);
  expect([two.cache.fresh(), two.cache.dropped.includes('demo:7')]).toEqual([true, false]);
  await owner.query('rollback');
  await until(() => two.cache.heardWithin(600), 3000);
  expect(two.cache.dropped).toContain('demo:7');
});
