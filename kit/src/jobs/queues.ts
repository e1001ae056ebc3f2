import { createHash } from 'node:crypto';
import type { AnyJob, JobRate } from '../definitions.ts';
import type { Catalog } from '../feature.ts';

/** One queue: what pg-boss is told about it, and what our workers keep to. Seconds throughout. */
export interface QueueSpec {
  readonly name: string;
  /** `key_strict_fifo`: one at a time per key, in order; a dead one holds its key back until someone decides. */
  readonly policy: 'standard' | 'key_strict_fifo';
  /** Runs in all. */
  readonly attempts: number;
  readonly backoffSeconds: number;
  readonly timeoutSeconds: number;
  /** Runs at the same time on one node. */
  readonly concurrency: number;
  /** Jobs fetched beyond those that run, so that the next one is at hand. */
  readonly ahead: number;
  /** How long a job that succeeded stays readable. */
  readonly keepSeconds: number;
  /** Limits over all nodes: each fetch asks for them under a lock. */
  readonly limits: { readonly total: number | null; readonly perGroup: number | null; readonly rate: JobRate | null } | null;
}

const DAY = 86_400;
export const BACKOFF_MAX_SECONDS = 3600;
/** A job whose worker fell silent this long is given to another (S51). */
export const HEARTBEAT_SECONDS = 30;
/** Waiting is not an error: pg-boss deletes what waited longer, so as long as it allows. */
export const RETENTION_SECONDS = 365 * DAY;

/** Where jobs go that failed every attempt; each remembers the queue it comes from. */
export const DEAD_QUEUE = 'plinth.dead';
// A single handler is bounded by the limits of its statements; what was fetched ahead waits within the same time.
const handlers = { attempts: 12, backoffSeconds: 1, timeoutSeconds: 900, keepSeconds: 3600, limits: null };
/** Reactions to facts: one job a fact and handler. */
export const HANDLERS: QueueSpec = { ...handlers, name: 'log.handlers', policy: 'standard', concurrency: 4, ahead: 96 };
/** Reactions whose handler names a key. */
export const ORDERED_HANDLERS: QueueSpec = {
  ...handlers,
  name: 'log.handlers-ordered',
  policy: 'key_strict_fifo',
  concurrency: 2,
  ahead: 48,
};

export function queueOf({ name, attempts, backoffSeconds, timeoutSeconds, concurrency, total, perGroup, rate }: AnyJob): QueueSpec {
  const limits = total === null && perGroup === null && rate === null ? null : { total, perGroup, rate };
  return { name, policy: 'standard', attempts, backoffSeconds, timeoutSeconds, concurrency, ahead: 0, keepSeconds: 7 * DAY, limits };
}

/** Every queue of this app, the dead letter queue excepted. */
export const queuesOf = (catalog: Catalog): QueueSpec[] => [HANDLERS, ORDERED_HANDLERS, ...[...catalog.jobs.values()].map(queueOf)];

/** What pg-boss stores of a queue. */
export const optionsOf = (spec: QueueSpec) => ({
  retryLimit: spec.attempts - 1,
  retryDelay: spec.backoffSeconds,
  retryBackoff: true,
  retryDelayMax: BACKOFF_MAX_SECONDS,
  expireInSeconds: spec.timeoutSeconds,
  retentionSeconds: RETENTION_SECONDS,
  deleteAfterSeconds: spec.keepSeconds,
  heartbeatSeconds: HEARTBEAT_SECONDS,
  deadLetter: DEAD_QUEUE,
});

/** Changes when a queue, or the version of pg-boss, does: what migrating compares. */
export const fingerprintOf = (bossVersion: string, appRole: string, specs: readonly QueueSpec[]): string =>
  createHash('sha256')
    .update(JSON.stringify([2, bossVersion, appRole, specs.map((spec) => [spec.name, spec.policy, optionsOf(spec)])]))
    .digest('hex');
