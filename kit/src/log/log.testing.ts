import pg from 'pg';
import { pino } from 'pino';
import { z } from 'zod';
import type { FollowingCache } from './tail.ts';
import { Caller, nobody, type Principal, system } from '../caller.ts';
import { systemClock } from '../clock.ts';
import { createDatabase, type Database } from '../database/database.ts';
import { defineEvent, defineJob, personal, type AnyEvent, type AnyJob } from '../definitions.ts';
import { createCatalog, defineFeature, type Catalog, type Handler } from '../feature.ts';
import { createJobs } from '../jobs/boss.ts';
import type { JobQueue } from '../jobs/jobs.ts';
import { createSeal } from '../seal.ts';
import { testDatabase } from '../testing/database.ts';
import type { TestDatabase } from '../testing/postgres.ts';
import { createEventLog } from './create.ts';
import { askOf } from './verify.ts';
import type { TrustedKeys } from './heads.ts';
import { replaceKey, trustedKeys } from './keys.ts';
import type { RunningLog } from './log.ts';
import { TEST_SECRET } from './secret.testing.ts';
import { createSigning } from './signer.ts';

// A feature without HTTP, and nodes of it: what the tests of log and jobs run on.

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
const quiet = pino({ level: process.env['TEST_LOG'] ?? 'silent' });
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
  database: TestDatabase,
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

/** A database and what was opened on it, let go of together. */
export async function fixture(options: Parameters<typeof createNode>[1] = {}) {
  const database = await testDatabase(options.catalog ?? demoCatalog());
  const nodes: Node[] = [];
  const clients: pg.Client[] = [];
  const client = async (url: string): Promise<pg.Client> => {
    const opened = new pg.Client({ connectionString: url });
    await opened.connect();
    clients.push(opened);
    return opened;
  };
  return {
    database,
    node(over: Parameters<typeof createNode>[1] = {}): Node {
      const node = createNode(database, { ...options, ...over });
      nodes.push(node);
      return node;
    },
    asOwner: () => client(database.ownerUrl),
    asSuperuser: () => client(database.superuserUrl),
    asApp: () => client(database.appUrl),
    async end() {
      for (const node of nodes) await node.stop();
      for (const opened of clients) await opened.end().catch(() => undefined);
      await database.drop();
    },
  };
}
export type Fixture = Awaited<ReturnType<typeof fixture>>;

/** Waits until it holds. @param ms at most. */
export async function until(holds: () => boolean | Promise<boolean>, ms = 5000): Promise<void> {
  const end = performance.now() + ms;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error('it did not come true in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
export const publishMany = async (node: Node, n: number, from = 0): Promise<void> => {
  for (let i = from; i < from + n; i++) await node.db.transaction((tx) => node.log.publish(tx, caller(), happened, { n: i }));
};

/** The key that signs heads; it is the first fact. */
export const makeKey = (node: Node): Promise<unknown> =>
  node.db.transaction((tx) => replaceKey(tx, system('log.sign', null, 'first'), testSeal));
/** Signs the head as a worker would within a second. @returns its position. */
export const signHead = (node: Node): Promise<number | null> => createSigning({ db: node.db, seal: testSeal, logger: quiet })(0);
/** The keys that the secret of these tests vouches for. */
export const keysIn = (client: pg.Client): Promise<TrustedKeys> => trustedKeys(askOf(client), testSeal);
