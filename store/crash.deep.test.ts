import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  allGone,
  type Environment,
  eventually,
  folder,
  killAll,
  ownerUrl,
  passwordIn,
  plinth,
  processesIn,
  type Running,
  signIn,
  sql,
  startServer,
} from './server.testing.ts';

const rounds = Number(process.env['ROUNDS'] ?? 30);
const CLIENTS = 16;
const entry = 'store/crash.fixtures/server.ts';

let place: Awaited<ReturnType<typeof folder>>;
let env: Environment;
beforeAll(async () => {
  place = await folder();
  env = { PLINTH_DATA: join(place.path, '.plinth'), PORT: '0', LOG_LEVEL: 'fatal', RATE_LIMIT_CALLER: '100000000' };
});
afterAll(async () => {
  await killAll();
  await allGone(place.path);
  await place.remove();
});

/** One wish for a product: it has its key for good, however often it is sent. */
interface Wish {
  readonly key: string;
  readonly sku: string;
}
interface Answer {
  readonly status: number;
  readonly id: string;
  readonly replayed: boolean;
}
async function create({ url }: Running, token: string, { key, sku }: Wish): Promise<Answer> {
  const response = await fetch(`${url}/api/v1/products`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ sku, name: `Product ${sku}`, category: 'crash', price: { amount: 100, currency: 'EUR' } }),
  });
  const { data } = (await response.json()) as { data?: { id: string } };
  return { status: response.status, id: data?.id ?? '', replayed: response.headers.has('idempotent-replayed') };
}

/** Creates as fast as it can until the server is gone. @returns what was sent and never answered: at most one wish a client. */
async function load(server: Running, token: string, round: number, acknowledged: Map<string, string>): Promise<Wish[]> {
  const client = async (number: number): Promise<Wish> => {
    for (let n = 0; ; n++) {
      const wish: Wish = { key: `crash-${round}-${number}-${n}`, sku: `C${round}-${number}-${n}` };
      const answer = await create(server, token, wish).catch(() => null);
      // 5xx happens when Postgres dies first: it is no acknowledgement either.
      if (answer === null || answer.status >= 500) return wish;
      expect(answer.status).toBe(201);
      acknowledged.set(wish.sku, answer.id);
    }
  };
  return Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
}

interface Counts {
  readonly facts: string;
  readonly first: string;
  readonly last: string;
  readonly waiting: string;
  readonly unpublished: string;
  readonly published_twice: string;
  readonly copied_twice: string;
  readonly uncopied: string;
  readonly uncounted: string;
}
const COUNTS = `
with created as (select id, payload ->> 'productId' as product from log.events where name = 'products.created')
select (select count(*) from log.events) as facts, (select coalesce(min(position), 1) from log.events) as first, (select coalesce(max(position), 0) from log.events) as last,
  (select count(*) from log.outbox) as waiting,
  (select count(*) from products.products p where not exists (select 1 from created c where c.product = p.id::text)) as unpublished,
  (select count(*) from (select product from created group by product having count(*) > 1) t) as published_twice,
  (select count(*) from (select fact_id from shadow.copies group by fact_id having count(*) > 1) t) as copied_twice,
  (select count(*) from created c where not exists (select 1 from shadow.copies s where s.fact_id = c.id)) as uncopied,
  (select count(*) from created c where not exists (select 1 from shadow.counted s where s.product_id::text = c.product)) as uncounted`;

test(`a server killed at any moment keeps what it acknowledged and does nothing twice (${rounds} rounds)`, async () => {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const acknowledged = new Map<string, string>();
  let server = await startServer({ env, entry });
  const password = passwordIn(server.said());
  const owner = await ownerUrl(env);

  for (let round = 1; round <= rounds; round++) {
    const before = acknowledged.size;
    const token = await signIn(server.url, password);
    const loading = load(server, token, round, acknowledged);
    const after = 150 + Math.random() * 1850;
    await sleep(after);
    // Every third time Postgres and its supervisor are killed with it, and have to recover.
    const all = round % 3 === 0;
    const killedAt = performance.now();
    if (all) for (const line of await processesIn(place.path)) process.kill(Number(line.split(' ')[0]), 'SIGKILL');
    await server.crash();
    await allGone(place.path);
    const goneMs = performance.now() - killedAt;
    const inFlight = await loading;

    server = await startServer({ env, entry });
    const rows = await sql<{ sku: string; id: string }>(owner, `select sku, id from products.products where category = 'crash'`);
    const stored = new Map(rows.map(({ sku, id }) => [sku, id]));
    for (const [sku, id] of acknowledged) expect(stored.get(sku), sku).toBe(id);
    const open = new Set(inFlight.map(({ sku }) => sku));
    const unanswered = rows.filter(({ sku }) => !acknowledged.has(sku));
    expect(unanswered.filter(({ sku }) => !open.has(sku))).toEqual([]);

    // The same wish under the same key: what happened is told, what did not happens now.
    const again = await signIn(server.url, password);
    for (const wish of inFlight) {
      const { status, id, replayed } = await create(server, again, wish);
      expect(status).toBe(201);
      expect(replayed).toBe(stored.has(wish.sku));
      if (replayed) expect(id).toBe(stored.get(wish.sku));
      acknowledged.set(wish.sku, id);
    }

    await eventually(async () => expect((await sql<Counts>(owner, COUNTS))[0]).toMatchObject({ waiting: '0', unpublished: '0' }), 20_000);
    const counts = (await sql<Counts>(owner, COUNTS))[0]!;
    expect(counts).toMatchObject({ published_twice: '0', copied_twice: '0', first: '1', last: counts.facts });
    const verified = await plinth(['audit', 'verify'], env);
    expect(verified).toMatchObject({ code: 0, err: '' });
    say(
      `round ${round}: killed ${all ? 'server and Postgres' : 'the server'} after ${Math.round(after)} ms; ${acknowledged.size - before - inFlight.length} acknowledged, ${inFlight.length} in flight of which ${unanswered.length} had committed; ` +
        `no process after ${Math.round(goneMs)} ms; ready in ${(server.readyMs / 1000).toFixed(1)} s; ${verified.out.trim()} ${counts.uncopied} reactions to come`,
    );
  }

  // A run that died with the server is given to another when its heartbeat is missed.
  const settledAt = performance.now();
  await eventually(async () => expect((await sql<Counts>(owner, COUNTS))[0]).toMatchObject({ uncopied: '0', uncounted: '0' }), 180_000);
  const counts = (await sql<Counts>(owner, COUNTS))[0]!;
  expect(counts.copied_twice).toBe('0');
  const seeded = await sql<{ n: string }>(owner, `select count(*) as n from products.products where category = 'crash'`);
  expect(Number(seeded[0]!.n)).toBe(acknowledged.size);
  say(
    `${rounds} rounds: ${acknowledged.size} products acknowledged, all there, none twice; ${counts.facts} facts without a gap; every reaction once, the last ${((performance.now() - settledAt) / 1000).toFixed(1)} s after the last round`,
  );
  server.kill('SIGTERM');
  expect((await server.ended).code).toBe(0);
});
