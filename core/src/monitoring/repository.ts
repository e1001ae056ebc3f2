import { durationBuckets, prepare, queryBuilder, type Runner } from '@plinth/kit';
import { sql } from 'kysely';
import type { Tables } from './tables.ts';

const q = queryBuilder<Tables>();
/** Seconds between two samples of a node, and of what is shared. */
export const EVERY_SECONDS = 10;
const BUCKETS = durationBuckets.length + 1;

/** What a node says of itself once. */
export interface NodeIdentity {
  readonly node: string;
  readonly host: string;
  readonly process: number;
  readonly roles: string[];
  readonly version: string;
  readonly startedAt: string;
}
/** What it says again and again; counts are of `seconds`. */
export interface Sample extends NodeIdentity {
  readonly seconds: number;
  readonly buckets: number[];
  readonly classes: number[];
  readonly loopDelayMs: number;
  readonly memoryBytes: number;
  readonly heapBytes: number;
  readonly connections: number;
  readonly subscriptions: number;
  readonly poolUsed: number;
  readonly poolWaiting: number;
  readonly poolMax: number;
  readonly last: boolean;
}
export interface SharedSample {
  readonly ready: number;
  readonly running: number;
  readonly dead: number;
  readonly oldestSeconds: number;
  readonly lagFacts: number;
  readonly lagSeconds: number;
}
export interface NodeRow extends Omit<Sample, 'buckets' | 'classes' | 'last'> {
  readonly lastAt: string;
  readonly silentSeconds: number;
  readonly replies: number;
}
export interface PointRow {
  readonly at: string;
  readonly nodes: number;
  readonly requests: number;
  readonly clientErrors: number;
  readonly serverErrors: number;
  readonly buckets: number[] | null;
  readonly connections: number;
  readonly poolUsed: number;
  readonly poolWaiting: number;
  readonly ready: number | null;
  readonly oldestSeconds: number | null;
  readonly dead: number | null;
  readonly lagFacts: number | null;
  readonly lagSeconds: number | null;
}
export interface NodePointRow {
  readonly node: string;
  readonly host: string;
  readonly process: number;
  /** Which of the points, counted from 0. */
  readonly point: number;
  readonly loopDelayMs: number;
  readonly memoryBytes: number;
  readonly connections: number;
}

const epoch = sql<number>`extract(epoch from now())::float8`;
const addSample = prepare<Sample>()((bind) =>
  q
    .insertInto('monitoring.samples')
    .values({
      node: bind('node'),
      seconds: bind('seconds'),
      buckets: bind('buckets'),
      classes: bind('classes'),
      loop_delay_ms: bind('loopDelayMs'),
      memory_bytes: bind('memoryBytes'),
      heap_bytes: bind('heapBytes'),
      connections: bind('connections'),
      subscriptions: bind('subscriptions'),
      pool_used: bind('poolUsed'),
      pool_waiting: bind('poolWaiting'),
      pool_max: bind('poolMax'),
      host: bind('host'),
      process: bind('process'),
      roles: bind('roles'),
      version: bind('version'),
      started_at: bind('startedAt'),
      last: bind('last'),
    })
    .returning([
      epoch.as('now'),
      sql<boolean>`not exists (select 1 from monitoring.shared where slot = floor(extract(epoch from now()) / ${sql.lit(EVERY_SECONDS)}))`.as(
        'due',
      ),
    ]),
);
const addShared = prepare<SharedSample>()((bind) =>
  q
    .insertInto('monitoring.shared')
    .values({
      slot: sql<number>`floor(extract(epoch from now()) / ${sql.lit(EVERY_SECONDS)})`,
      ready: bind('ready'),
      running: bind('running'),
      dead: bind('dead'),
      oldest_seconds: bind('oldestSeconds'),
      lag_facts: bind('lagFacts'),
      lag_seconds: bind('lagSeconds'),
    })
    .onConflict((conflict) => conflict.column('slot').doNothing()),
);
const OLD = `'1 hour 5 minutes'`;
const deleteSamples = prepare<object>()(() =>
  q.deleteFrom('monitoring.samples').where('at', '<', sql<string>`now() - interval ${sql.raw(OLD)}`),
);
const deleteShared = prepare<object>()(() =>
  q
    .deleteFrom('monitoring.shared')
    .where('slot', '<', sql<number>`floor(extract(epoch from now() - interval ${sql.raw(OLD)}) / ${sql.lit(EVERY_SECONDS)})`),
);

// A node that sampled twice in a step counts once there, and rows of a release with other buckets are left out.
const sums = Array.from({ length: BUCKETS }, (_, i) => `sum(buckets[${i + 1}])`).join(', ');
const summed = Array.from({ length: BUCKETS }, (_, i) => `sum(buckets[${i + 1}])::float8`).join(', ');
const span = (step: string, minutes: string): string =>
  `select floor(extract(epoch from now()) / ${step}) * ${step} as until, floor(extract(epoch from now()) / ${step}) * ${step} - ${minutes} * 60 as since`;
const POINTS = `
with span as (${span('$2::int', '$1::int')}),
steps as (select n as step, since + n * $2::int as begins from span, generate_series(0, $1::int * 60 / $2::int - 1) n),
by_node as (
  select floor((extract(epoch from at) - since) / $2::int)::int as step, node, sum(seconds) as seconds, array[${sums}] as buckets,
    sum(classes[1] + classes[2] + classes[3] + classes[4] + classes[5]) as replies, sum(classes[4]) as c4, sum(classes[5]) as c5,
    avg(connections) as connections, avg(pool_used) as pool_used, avg(pool_waiting) as pool_waiting
  from monitoring.samples, span
  where at >= to_timestamp(since) and at < to_timestamp(until) and cardinality(buckets) = ${BUCKETS}
  group by 1, 2
), fleet as (
  select step, count(*) as nodes, sum(replies / seconds) as requests, sum(c4 / seconds) as c4, sum(c5 / seconds) as c5, array[${summed}] as buckets,
    round(sum(connections))::int as connections, round(sum(pool_used))::int as pool_used, round(sum(pool_waiting))::int as pool_waiting
  from by_node group by 1
), shared as (
  select floor((slot * ${EVERY_SECONDS} - since) / $2::int)::int as step, max(ready) as ready, max(oldest_seconds) as oldest, max(dead) as dead,
    max(lag_facts) as lag_facts, max(lag_seconds) as lag_seconds
  from monitoring.shared, span where slot >= since / ${EVERY_SECONDS} and slot < until / ${EVERY_SECONDS} group by 1
)
select to_timestamp(begins + $2::int) as at, coalesce(nodes, 0)::int as nodes, coalesce(requests, 0)::float8 as requests,
  coalesce(c4, 0)::float8 as "clientErrors", coalesce(c5, 0)::float8 as "serverErrors", buckets, coalesce(connections, 0) as connections,
  coalesce(pool_used, 0) as "poolUsed", coalesce(pool_waiting, 0) as "poolWaiting", ready, oldest::float8 as "oldestSeconds", dead,
  lag_facts as "lagFacts", lag_seconds::float8 as "lagSeconds"
from steps left join fleet using (step) left join shared using (step) order by step`;
const NODE_POINTS = `
with span as (${span('$2::int', '$1::int')}),
heard as (
  select node from monitoring.samples, span where at >= to_timestamp(since) and at < to_timestamp(until) group by node order by max(at) desc limit $3
)
select node, max(host) as host, max(process) as process, floor((extract(epoch from at) - since) / $2::int)::int as point,
  max(loop_delay_ms)::float8 as "loopDelayMs", max(memory_bytes)::float8 as "memoryBytes", max(connections) as connections
from monitoring.samples join heard using (node), span where at >= to_timestamp(since) and at < to_timestamp(until)
group by node, point order by host, process, node, point`;
const NODES = `
select node, host, process, roles, version, started_at as "startedAt", at as "lastAt", extract(epoch from now() - at)::float8 as "silentSeconds",
  seconds::float8 as seconds, (select coalesce(sum(n), 0) from unnest(classes) n)::float8 as replies, loop_delay_ms::float8 as "loopDelayMs",
  memory_bytes::float8 as "memoryBytes", heap_bytes::float8 as "heapBytes", connections, subscriptions, pool_used as "poolUsed",
  pool_waiting as "poolWaiting", pool_max as "poolMax"
from (
  select distinct on (node) * from monitoring.samples where at > now() - $1 * interval '1 second' order by node, at desc
) newest
where not last order by host, process, node limit $2`;

/** The only SQL on what nodes say of their load. Its clock is the database's. */
export class MonitoringRepository {
  readonly #db: Runner;
  constructor(db: Runner) {
    this.#db = db;
  }
  /** @returns the database's time in seconds, and whether nobody has written down yet what is shared. */
  async add(sample: Sample): Promise<{ now: number; due: boolean }> {
    return (await addSample.first(this.#db, sample))!;
  }
  async addShared(sample: SharedSample): Promise<void> {
    await addShared.count(this.#db, sample);
  }
  /** One for each step of these minutes. */
  async points(minutes: number, stepSeconds: number): Promise<PointRow[]> {
    return (await this.#db.run<PointRow>({ text: POINTS, values: [minutes, stepSeconds] })).rows;
  }
  async nodePoints(minutes: number, stepSeconds: number, most: number): Promise<NodePointRow[]> {
    return (await this.#db.run<NodePointRow>({ text: NODE_POINTS, values: [minutes, stepSeconds, most] })).rows;
  }
  /** The newest sample of each node that was heard within these seconds and did not say good-bye. */
  async nodes(seconds: number, most: number): Promise<NodeRow[]> {
    return (await this.#db.run<NodeRow>({ text: NODES, values: [seconds, most] })).rows;
  }
  /** @returns how many samples went. */
  async deleteOld(): Promise<number> {
    await deleteShared.count(this.#db, {});
    return deleteSamples.count(this.#db, {});
  }
}
