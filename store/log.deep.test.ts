import { system, uuidv7 } from '@plinth/kit';
import { emptyDatabase, testApp, type TestApp, type TestDatabase } from '@plinth/kit/testing';
import pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withShadow } from './crash.fixtures/shadow.ts';
import { type Environment, eventually, killAll, passwordIn, type Running, signIn, startServer } from './server.testing.ts';
import { productCreated } from './src/features/products/index.ts';

const holdSeconds = Number(process.env['HOLD_SECONDS'] ?? 120);
const entry = 'store/crash.fixtures/server.ts';
const say = (line: string): void => void process.stdout.write(`${line}\n`);

let database: TestDatabase;
let watcher: pg.Client;
let env: Environment;
beforeEach(async () => {
  database = await emptyDatabase();
  env = {
    DATABASE_URL: database.appUrl,
    DATABASE_OWNER_URL: database.ownerUrl,
    PLINTH_SECRET: 'a secret that both nodes have, of 32 and more',
    PORT: '0',
    LOG_LEVEL: 'fatal',
    ACCESS_TOKEN_SECONDS: String(holdSeconds + 900),
  };
  watcher = new pg.Client({ connectionString: database.ownerUrl });
  await watcher.connect();
});
afterEach(async () => {
  await killAll();
  await watcher.end();
  await database.drop();
});

async function create({ url }: Running, token: string, sku: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/products`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ sku, name: 'Product', category: 'log', price: { amount: 100, currency: 'EUR' } }),
  });
  expect(response.status).toBe(201);
  return ((await response.json()) as { data: { id: string } }).data.id;
}

/** Milliseconds until the reaction to this product has committed. */
async function handled(productId: string, patienceMs: number): Promise<number> {
  const startedAt = performance.now();
  const deadline = startedAt + patienceMs;
  while (performance.now() < deadline) {
    if ((await watcher.query('select 1 from shadow.copies where product_id = $1', [productId])).rowCount)
      return performance.now() - startedAt;
    await sleep(5);
  }
  return Infinity;
}
/** The smallest that `share` of them do not exceed. */
const quantile = (numbers: readonly number[], share: number): number =>
  numbers.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(numbers.length * share) - 1)]!;

/** Publishes through the kit, and keeps the transaction open and at work. */
function held(app: TestApp, productId: string): { commit: () => Promise<void> } {
  const over = new AbortController();
  const done = app.kit.db.transaction(async (tx) => {
    await app.kit.log.publish(tx, system('test', null, uuidv7()), productCreated, { productId, sku: 'HELD' });
    // A statement of its own sends what was collected: the fact is in the outbox, and invisible.
    while (!over.signal.aborted) {
      await tx.run({ text: 'select 1', values: [] });
      await sleep(250);
    }
  });
  return {
    commit: () => {
      over.abort();
      return done;
    },
  };
}

test(`a transaction that stays open for ${holdSeconds} s holds up nobody's facts but its own`, async () => {
  const server = await startServer({ env, entry });
  const token = await signIn(server.url, passwordIn(server.said()));
  const app = await testApp(withShadow, { database, env: { PLINTH_ROLES: 'api' } });
  await handled(await create(server, token, 'WARM-UP'), 5000);

  const own = uuidv7();
  const transaction = held(app, own);
  const open = `select count(*)::int as n from pg_stat_activity where datname = current_database() and backend_xid is not null and xact_start < now() - interval '1 second' * $1`;
  const latencies: number[] = [];
  const others: string[] = [];
  const until = performance.now() + holdSeconds * 1000;
  for (let n = 0; performance.now() < until; n++) {
    others.push(await create(server, token, `OTHER-${n}`));
    latencies.push(await handled(others.at(-1)!, 5000));
    await sleep(100);
  }
  const superuser = new pg.Client({ connectionString: database.superuserUrl });
  await superuser.connect();
  expect((await superuser.query<{ n: number }>(open, [holdSeconds * 0.9])).rows[0]!.n).toBe(1);
  await superuser.end();
  expect(await handled(own, 50)).toBe(Infinity);
  await transaction.commit();
  const ownMs = await handled(own, 5000);
  const p99 = quantile(latencies, 0.99);
  const [middle, slowest] = [quantile(latencies, 0.5), Math.max(...latencies)].map(Math.round);
  say(
    `held ${holdSeconds} s: ${latencies.length} facts of others, handled after ${middle} ms (p50), ${Math.round(p99)} ms (p99), ${slowest} ms at most; its own ${Math.round(ownMs)} ms after its commit`,
  );
  expect(p99).toBeLessThan(1000);
  expect(ownMs).toBeLessThan(1000);
  // Nothing is skipped: the places have no gap, and each fact was reacted to once.
  const [places] = (
    await watcher.query<{ gaps: number; facts: number; once: number }>(
      `select (max(e.position) - min(e.position) + 1 - count(*))::int as gaps, count(*) filter (where e.name = $1)::int as facts,
         count(*) filter (where e.name = $1 and (select count(*) from shadow.copies c where c.fact_id = e.id) = 1)::int as once from log.events e`,
      [productCreated.name],
    )
  ).rows;
  expect(places!.facts).toBeGreaterThan(others.length);
  expect(places).toMatchObject({ gaps: 0, once: places!.facts });
  await app.stop();
});

test('a worker that is killed is replaced by another: nothing is lost, nothing is done twice', async () => {
  const node = await startServer({ env, entry });
  const token = await signIn(node.url, passwordIn(node.said()));
  const worker = await startServer({ env: { ...env, PLINTH_ROLES: 'worker' }, entry });

  const products: string[] = [];
  const over = new AbortController();
  const clients = Array.from({ length: 8 }, async (_, client) => {
    for (let n = 0; !over.signal.aborted; n++) products.push(await create(node, token, `K-${client}-${n}`));
  });
  await sleep(2000);
  const killedAt = performance.now();
  await worker.crash();
  const before = products.length;
  await sleep(2000);
  over.abort();
  await Promise.all(clients);
  // What comes after the kill does not wait for what died with the worker.
  const next = await handled(await create(node, token, 'AFTER'), 30_000);

  const missing = async (): Promise<number> =>
    (
      await watcher.query<{ n: number }>(
        'select count(*)::int as n from unnest($1::uuid[]) p where not exists (select 1 from shadow.copies c where c.product_id = p)',
        [products],
      )
    ).rows[0]!.n;
  const left = await missing();
  await eventually(async () => expect(await missing()).toBe(0), 120_000);
  const allMs = performance.now() - killedAt;
  const twice = await watcher.query('select fact_id from shadow.copies group by fact_id having count(*) > 1');
  say(
    `worker killed after ${before} facts: the next one handled in ${Math.round(next)} ms; ${left} of ${products.length} were left to take over; all handled ${(allMs / 1000).toFixed(1)} s after the kill, ${twice.rowCount} twice`,
  );
  expect(twice.rowCount).toBe(0);
  expect(next).toBeLessThan(5000);
});
