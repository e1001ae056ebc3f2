import type { BoundQuery } from '../database/statement.ts';
import { BACKOFF_MAX_SECONDS, DEAD_QUEUE, HEARTBEAT_SECONDS, type QueueSpec, RETENTION_SECONDS } from './queues.ts';

// pg-boss's own insert, for our queues: its library is not loaded where jobs are only enqueued (220 ms, 10 MB), and one
// statement without an answer travels with COMMIT. jobs/insert.test.ts compares the rows with those of `boss.send`.

export interface NewJob {
  readonly id: string;
  /** JSON. */
  readonly data: string;
  readonly priority: number;
  readonly key: string | null;
  readonly group: string | null;
  /** ISO time, or null with `delaySeconds`. */
  readonly startAt: string | null;
  readonly delaySeconds: number;
}

const SETTINGS = `retry_limit, retry_delay, retry_backoff, retry_delay_max, expire_seconds, deletion_seconds, dead_letter, heartbeat_seconds`;
const settingsOf = ({ attempts, backoffSeconds, timeoutSeconds, keepSeconds }: QueueSpec): unknown[] => [
  attempts - 1,
  backoffSeconds,
  true,
  BACKOFF_MAX_SECONDS,
  timeoutSeconds,
  keepSeconds,
  DEAD_QUEUE,
  HEARTBEAT_SECONDS,
];

// The policy stands in the row: 'short' is pg-boss's unique index over waiting jobs of one name and key. A running or
// retrying job does not count, so an enqueue beside it is never lost (S59). The conflicting row is updated, never only looked
// at: its lock keeps workers from starting it before this transaction commits, whose rows its run must see.
const INSERT = `
insert into pgboss.job_common (id, name, data, priority, singleton_key, policy, group_id, start_after, created_on, keep_until, ${SETTINGS})
select $1::uuid, $2::text, $3::jsonb, $4::int, $5::text, case when $5::text is null then 'standard' else 'short' end, $8::text, s.at, now(),
  s.at + ${RETENTION_SECONDS} * interval '1 second', $9::int, $10::int, $11::bool, $12::int, $13::int, $14::int, $15::text, $16::int
from (select coalesce($6::timestamptz, now() + $7::float8 * interval '1 second') as at) s`;
const JOIN = `
on conflict (name, coalesce(singleton_key, '')) where state = 'created' and policy = 'short' do update set data = excluded.data,
  priority = greatest(job_common.priority, excluded.priority), start_after = least(job_common.start_after, excluded.start_after),
  group_id = excluded.group_id`;

export const insertJob = (spec: QueueSpec, { id, data, priority, key, group, startAt, delaySeconds }: NewJob): BoundQuery => ({
  text: key === null ? INSERT : INSERT + JOIN,
  values: [id, spec.name, data, priority, key, startAt, delaySeconds, group, ...settingsOf(spec)],
});

/** The run of a handler for a fact is one job, whose id follows from both (UUIDv8): it is found from the fact without an index of its own. */
export const runId = (handler: string, position: string): string =>
  `overlay(overlay(encode(substring(sha256(convert_to(${handler} || ' ' || ${position}, 'UTF8')) for 16), 'hex') placing '8' from 13) placing '8' from 17)::uuid`;
/** One reaction to one fact. */
export interface HandlerRun {
  readonly handler: string;
  readonly position: number;
  /** What must stay in order; null when nothing must. */
  readonly key: string | null;
  /** Of the span that the fact was published in. */
  readonly traceparent?: string | undefined;
}
// created_on is the order within a key; one clock reading a statement, a microsecond apart.
const INSERT_RUNS = `
insert into pgboss.job_common (id, name, data, singleton_key, policy, start_after, created_on, keep_until, ${SETTINGS})
select ${runId('r.handler', 'r.position')}, $1::text, jsonb_strip_nulls(jsonb_build_object('handler', r.handler, 'position', r.position, 'traceparent', r.traceparent)), r.key, $2::text, c.at, c.at + r.place * interval '1 microsecond',
  c.at + ${RETENTION_SECONDS} * interval '1 second', $6::int, $7::int, $8::bool, $9::int, $10::int, $11::int, $12::text, $13::int
from unnest($3::text[], $4::bigint[], $5::text[], $14::text[]) with ordinality as r (handler, position, key, traceparent, place), (select clock_timestamp() as at) c
on conflict (name, id) do nothing`;

export const insertRuns = (spec: QueueSpec, runs: readonly HandlerRun[]): BoundQuery => ({
  text: INSERT_RUNS,
  values: [
    spec.name,
    spec.policy,
    runs.map(({ handler }) => handler),
    runs.map(({ position }) => position),
    runs.map(({ key }) => key),
    ...settingsOf(spec),
    runs.map(({ traceparent }) => traceparent ?? null),
  ],
});
