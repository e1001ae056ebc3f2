import { pino } from 'pino';
import { z } from 'zod';
import type { FollowingCache } from './tail.ts';
import { Caller, nobody, type Principal } from '../caller.ts';
import { systemClock } from '../clock.ts';
import { createDatabase, type Database } from '../database/database.ts';
import { defineEvent, defineJob, personal, type AnyEvent, type AnyJob } from '../definitions.ts';
import { createCatalog, defineFeature, type Catalog, type Handler } from '../feature.ts';
import { createJobs } from '../jobs/boss.ts';
import type { JobQueue } from '../jobs/jobs.ts';
import { createSeal } from '../seal.ts';
import { createEventLog } from './create.ts';
import type { RunningLog } from './log.ts';
import { TEST_SECRET } from './secret.testing.ts';

// A feature without HTTP, and nodes of it: what the tests of log and jobs run on. Processes that tests start use it too: no test runner here.

export const happened = defineEvent('demo.happened', z.object({ n: z.int(), text: z.string().optional() }), {
  title: 'It happened',
  subject: ({ n }) => ['demo', String(n)],
  tags: ({ n }) => [`demo:${n}`],
  channels: ({ n }) => [`demo:${n}`],
});
export const registered = defineEvent(
  'demo.registered',
  z.object({
    userId: z.string(),
    email: personal(z.string()),
    nested: z.object({ phone: personal(z.string()).optional(), kept: z.string() }).optional(),
  }),
  {
    title: 'Registered',
    subject: ({ userId }) => ['user', userId],
    channels: ({ userId }) => [`user:${userId}`],
    changes: z.object({ name: z.string(), email: personal(z.string()), role: z.object({ name: z.string() }) }),
  },
);
export const work = defineJob('demo.do-work', z.object({ n: z.int(), text: z.string().optional() }), {
  attempts: 3,
  backoffSeconds: 0,
  timeoutSeconds: 30,
});
export const slow = defineJob('demo.do-slowly', z.object({ n: z.int() }), {
  attempts: 2,
  backoffSeconds: 0,
  timeoutSeconds: 2,
  concurrency: 1,
});

export const demoCatalog = (extra: { readonly events?: readonly AnyEvent[]; readonly jobs?: readonly AnyJob[] } = {}): Catalog =>
  createCatalog([
    defineFeature({
      name: 'demo',
      contract: {
        happened,
        registered,
        work,
        slow,
        ...Object.fromEntries([...(extra.events ?? []), ...(extra.jobs ?? [])].map((item) => [item.name, item])),
      },
      setup: () => ({ api: {} }),
    }),
  ]);
export const door = {
  decide: () => ({ id: 'd', allowed: true, reason: 'test' }),
  visible: () => {
    throw new Error('not here');
  },
};
const origin = { address: '203.0.113.7', userAgent: 'test/1.0', requestId: 'r1', traceId: null, operation: 'demo.test' };
export const caller = (
  userId: string | null = 'u1',
  over: Partial<typeof origin> & { requestId?: string } = {},
  principal: Partial<Principal> = {},
): Caller =>
  new Caller({ ...nobody, user: userId === null ? null : { id: userId }, ...principal }, { ...origin, ...over }, null, 'decision-1');

export class TestCache implements FollowingCache {
  readonly dropped: string[] = [];
  followedAt = 0;
  heardAt = 0;
  through<T>(_key: unknown, _options: unknown, load: () => Promise<T>): Promise<T> {
    return load();
  }
  drop(tags: readonly string[]): void {
    this.dropped.push(...tags);
  }
  generation = (): number => 0;
  fresh = (): boolean => performance.now() - this.followedAt < 2000;
  heardWithin = (ms: number): boolean => performance.now() - this.heardAt < ms;
  followed(at: number, waitingMs = 0): void {
    this.followedAt = at;
    this.heardAt = at - waitingMs;
  }
}
/** As if from PLINTH_SECRET. */
export const testSeal = createSeal(TEST_SECRET);
export const quiet = pino({ level: process.env['TEST_LOG'] ?? 'silent' });
export interface Node {
  readonly db: Database;
  readonly log: RunningLog;
  readonly jobs: JobQueue;
  readonly cache: TestCache;
  /** @param roles as in PLINTH_ROLES. */
  start(handlers?: readonly Handler[], roles?: 'api' | 'worker'): Promise<void>;
  stop(): Promise<void>;
}
export const idle: Handler[] = [work, slow].map((job) => ({ kind: 'perform', job, run: async () => undefined }));
/** The given handlers, and for jobs nobody performs one that does nothing. */
export const withIdle = (handlers: readonly Handler[]): Handler[] => [
  ...handlers,
  ...idle.filter((quiet) => !handlers.some((other) => other.kind === 'perform' && quiet.kind === 'perform' && other.job === quiet.job)),
];

export function createNode(
  database: { readonly appUrl: string },
  { catalog = demoCatalog(), poolSize = 10, shutdownSeconds = 4, upkeepSeconds = 1, seal = testSeal, signs = false } = {},
): Node {
  const logger = quiet;
  const db = createDatabase({ url: database.appUrl, poolSize, statements: 'named', slowQueryMs: 60_000, logger, guard: true });
  const cache = new TestCache();
  const jobs = createJobs({ db, catalog, logger, config: { shutdownSeconds }, upkeepSeconds });
  const log = createEventLog({ db, catalog, logger, clock: systemClock, cache, jobs, seal, signs });
  return {
    db,
    log,
    jobs,
    cache,
    async start(handlers = [], roles = 'worker') {
      await log.start(handlers, door);
      if (roles === 'worker') await jobs.start(withIdle(handlers), door);
    },
    async stop() {
      await jobs.stop();
      await log.stop();
      await db.close();
    },
  };
}
