import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { createCache } from './cache/bento.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { createDatabase } from './database/database.ts';
import { assemble, type AnyFeature, type Assembled, type Catalog, createCatalog, type Setup } from './feature.ts';
import { createHousekeeping } from './housekeeping.ts';
import { registerDocs } from './http/docs.ts';
import { createReadiness, type Readiness, registerHealth } from './http/health.ts';
import { openApiDocument } from './http/openapi.ts';
import { createHttp } from './http/server.ts';
import { registerWebApp, type WebApp } from './http/web-app.ts';
import { createJobs } from './jobs/boss.ts';
import type { Kit } from './kit.ts';
import { createEventLog } from './log/create.ts';
import { createMail, remembered } from './mail/create.ts';
import { registerMailbox } from './mail/mailbox.ts';
import type { Mail } from './mail/mail.ts';
import { createCompose, type MailReplacement } from './mail/templates.ts';
import { type Names, namesOf } from './naming.ts';
import { outboundOf } from './outbound/fetch.ts';
import { createRealtime, type RealtimeTuning } from './realtime/create.ts';
import { createSeal } from './seal.ts';
import { createLogger } from './telemetry/logger.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { querySpan, startTracing } from './telemetry/spans.ts';

export interface AppOptions {
  readonly config: Config & { readonly secret: string };
  readonly features: readonly AnyFeature[];
  /** The database, migrated. */
  readonly databaseUrl: string;
  /** Of the product, as its operators know it. */
  readonly version?: string;
  /** The outside world, for tests. */
  readonly clock?: Clock;
  readonly mail?: Mail;
  /** The owner's own texts for mails that features send. */
  readonly mails?: readonly MailReplacement[];
  readonly logger?: Logger;
  readonly realtime?: RealtimeTuning;
  /** Web apps that this server serves beside its API. */
  readonly webApps?: readonly WebApp[];
}
export interface App {
  readonly kit: Kit;
  readonly catalog: Catalog;
  readonly http: FastifyInstance;
  readonly api: Assembled['api'];
  /** Fills an empty database. @returns what was made, a line each. */
  seed(): Promise<string[]>;
  /** @returns the URL it listens at. */
  start(): Promise<string>;
  /** Drains, then lets go of everything, in reverse order of construction. */
  stop(): Promise<void>;
}

/** The composition root: the one place that knows everything, and the first file to read. */
export async function createApp({ config, features, databaseUrl, ...outside }: AppOptions): Promise<App> {
  // 1. What is declared, before anything runs.
  const catalog = createCatalog(features);

  // 2. The kit: everything a feature may be given.
  const logger = outside.logger ?? createLogger(config);
  const metrics = createMetrics();
  const clock = outside.clock ?? systemClock;
  const { poolSize, statements, slowMs } = config.database;
  const db = createDatabase({
    url: databaseUrl,
    poolSize,
    statements,
    slowQueryMs: slowMs,
    logger,
    guard: !config.production,
    onQuery: querySpan(metrics),
  });
  const cache = createCache({ redisUrl: config.redisUrl, logger });
  const configured = createMail(config, logger);
  const mail = remembered(outside.mail ?? configured);
  const compose = createCompose(catalog, outside.mails ?? []);
  const seal = createSeal(config.secret);
  const jobs = createJobs({ db, catalog, logger, config, metrics });
  const log = createEventLog({ db, catalog, logger, clock, cache, jobs, seal, signs: config.roles.includes('worker') });
  const realtime = createRealtime({
    config,
    db,
    log,
    catalog,
    seal,
    clock,
    logger,
    metrics,
    ...(outside.realtime && { tuning: outside.realtime }),
  });
  const personalData: Kit['personalData'] = async (userId) =>
    Object.fromEntries(
      await Promise.all(
        assembled.all.flatMap(({ feature, setup }) =>
          setup.personalData ? [setup.personalData(userId).then((data) => [feature.name, data] as const)] : [],
        ),
      ),
    );
  const kit: Kit = Object.freeze({
    config,
    db,
    log,
    jobs,
    cache,
    mail,
    mailbox: configured.mailbox,
    compose,
    fetch: outboundOf(config),
    realtime,
    clock,
    logger,
    seal,
    metrics,
    catalog,
    housekeeping: createHousekeeping(db),
    readiness: () => readiness(),
    version: outside.version ?? '0.0.0',
    names: { resource: (type: string) => named.resource(type), subject: (type: string) => named.subject(type) },
    personalData,
  });

  // 3. The features, needs first, each once; with them the door.
  const assembled = assemble(catalog, kit);
  const setups: readonly Setup<unknown>[] = assembled.all.map(({ setup }) => setup);
  const { door, handlers } = assembled;
  const readiness: Readiness = createReadiness(checksOf(kit, setups), logger);
  const named: Names = namesOf(assembled.all.map(({ feature, setup }) => ({ name: feature.name, ...setup })));

  // 4. The wire. A process that only works answers probes and scrapes, and nothing else.
  const serves = config.roles.includes('api');
  let phase: 'starting' | 'running' | 'draining' = 'starting';
  const http = await createHttp({
    config,
    kit,
    catalog,
    assembled: serves ? assembled : { all: [], door },
    metrics,
    isReady: () => phase === 'running',
  });
  registerHealth(http, { readiness, startedAt: 0, isDraining: () => phase === 'draining' });
  const absent = new Set(assembled.all.flatMap(({ feature, setup }) => (setup.absent ?? []).map((name) => `${feature.name}.${name}`)));
  const present = { ...catalog, operations: catalog.operations.filter(({ id }) => !absent.has(id)) };
  if (serves) await registerDocs(http, () => openApiDocument(present));
  // Only mails of the development mailbox are ever shown in a frame.
  const frames = configured.mailbox !== null;
  for (const app of serves ? (outside.webApps ?? []) : []) await registerWebApp(http, app, logger, { frames });
  if (serves && configured.mailbox) registerMailbox(http, configured.mailbox);
  http.addHook('preClose', async () => realtime.drain());
  measure(metrics, kit);

  const started: (() => Promise<void>)[] = [];
  const begin = async (start: (() => Promise<void>) | undefined, stop: (() => Promise<void>) | undefined): Promise<void> => {
    if (stop) started.push(stop);
    await start?.();
  };
  return {
    kit,
    catalog,
    http,
    api: (feature) => assembled.api(feature),
    async seed() {
      const lines: string[] = [];
      for (const { seed } of setups) lines.push(...((await seed?.()) ?? []));
      return lines;
    },
    async start() {
      started.push(await startTracing(config, logger));
      await begin(
        () => log.start(handlers, door),
        () => log.stop(),
      );
      await begin(
        () => realtime.start(door),
        () => realtime.stop(),
      );
      for (const { start, stop } of setups) await begin(start, stop);
      if (config.roles.includes('worker'))
        await begin(
          () => jobs.start(handlers, door),
          () => jobs.stop(),
        );
      phase = 'running';
      return http.listen({ port: config.port, host: config.host });
    },
    async stop() {
      phase = 'draining';
      // What fails to stop must not keep the rest from it: connections would stay open, refusals unwritten.
      const failures: unknown[] = [];
      for (const stop of [() => http.close(), ...started.toReversed(), () => mail.close(), () => cache.close(), () => db.close()]) {
        try {
          await stop();
        } catch (error) {
          failures.push(error);
        }
      }
      metrics.close();
      if (failures.length > 0) throw failures.length === 1 ? failures[0] : new AggregateError(failures, 'not everything could be stopped');
    },
  };
}

/** What readiness asks: the database, the log's progress, and what features add. */
function checksOf({ db, cache }: Kit, setups: readonly Setup<unknown>[]): Readonly<Record<string, () => Promise<void>>> {
  return Object.assign(
    {
      database: async () => void (await db.run({ text: 'select 1', values: [] })),
      log: async () => {
        if (!cache.fresh()) throw new Error('this node has not followed the log for 2 s');
      },
    },
    ...setups.map(({ checks }) => checks ?? {}),
  ) as Readonly<Record<string, () => Promise<void>>>;
}

function measure(metrics: Metrics, { db, log }: Kit): void {
  for (const name of ['total', 'idle', 'waiting', 'max'] as const)
    metrics.gauge(`db_pool_${name}`, `Database connections: ${name}`, () => db.statistics()[name]);
  metrics.gauge('log_lag_facts', 'Facts that have no position yet', async () => (await log.statistics()).waiting);
  metrics.gauge('log_lag_seconds', 'Age of the oldest fact without a position', async () => (await log.statistics()).waitingSeconds);
  metrics.gauge('log_lag_unsealed', 'Facts behind the newest signed head', async () => (await log.statistics()).unsealed);
  metrics.gauge(
    'log_lag_unsealed_seconds',
    'Age of the oldest fact behind the newest signed head',
    async () => (await log.statistics()).unsealedSeconds,
  );
}
