import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Config } from '../config.ts';
import { MethodNotAllowed, NotFound } from '../errors.ts';
import type { Assembled, Catalog } from '../feature.ts';
import type { Kit } from '../kit.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { createAccessLog } from './access-log.ts';
import { acceptJson } from './bodies.ts';
import { createOrigins } from './cors.ts';
import { createEdge, requestIdOf } from './edge.ts';
import { createAnswerError, createParserErrors, createRouterErrors } from './errors.ts';
import { createClaims } from './idempotency.ts';
import { Limit, memoryCounters } from './limits.ts';
import { registerMetrics } from './metrics.ts';
import { COMPRESS_FROM, mount, type MountParts } from './mount.ts';
import { pathOf, urlOf } from './path.ts';
import { jsonHeaders } from './security.ts';
import { createShed, type ShedOptions } from './shed.ts';
import { Upgrades } from './upgrade.ts';

export interface HttpOptions {
  readonly config: Config;
  readonly kit: Kit;
  readonly catalog: Catalog;
  readonly assembled: Pick<Assembled, 'all' | 'door'>;
  readonly metrics: Metrics;
  /** False keeps everything but health out. */
  readonly isReady?: () => boolean;
  readonly shed?: ShedOptions;
}

const HEADER_BYTES = 16_384;
const HEADERS_TIMEOUT_MS = 10_000;
/** A whole request, body included, must arrive in this time (B119): 100 MB at 8 Mbit/s. */
const REQUEST_TIMEOUT_MS = 120_000;
/** A connection on which nothing moves for so long is closed: one that does not read would stay for ever. Event streams say something every 15 s. */
const STALLED_MS = 120_000;
/** Longer than the 60 s of most balancers: who reuses a connection must not be the last to know that it is closed. */
const KEEP_ALIVE_MS = 72_000;
const LOOPBACK = ['localhost', '127.0.0.1'];
const SWEEP_MS = 50;
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Requests and replies are checked by what contracts say (`validate.ts`, `writer.ts`). Fastify's own compilers, 5 MB in memory, are not even loaded. */
const noSchemas = (): never => {
  throw new Error('a route has a schema of Fastify: say it in the contract');
};

/** The server: every declared operation, and nothing that is not declared. Order of a request: DESIGN §4. */
export async function createHttp({
  config,
  kit,
  catalog,
  assembled,
  metrics,
  isReady = () => true,
  shed: shedding,
}: HttpOptions): Promise<FastifyInstance> {
  const { logger } = kit;
  const { door } = assembled;
  const counters =
    config.redisUrl === null
      ? memoryCounters(kit.clock)
      : await (await import('./redis-limits.ts')).redisCounters(config.redisUrl, kit.clock, logger);
  const shed = createShed(shedding);
  const shutdown = new AbortController();
  const claims = createClaims(kit.db);
  const own = ownOrigins(config);
  const allowed = createOrigins(config.corsOrigins);
  const trusted = { allows: (origin: string) => own.allows(origin) || allowed.allows(origin), add: own.add };
  const edge = createEdge({ config, origins: allowed, counters, shed, isReady });
  const answerError = createAnswerError(logger, edge);
  const finished = createAccessLog(logger, metrics);

  const upgrades = new Upgrades();
  const app = Fastify({
    logger: false,
    genReqId: (raw) => requestIdOf(raw.headers['x-request-id']),
    requestIdHeader: false,
    bodyLimit: config.limits.bodyBytes,
    routerOptions: { maxParamLength: 1024 },
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    // What Node would refuse by itself, without a word of ours, comes to the edge.
    http: {
      requireHostHeader: false,
      maxHeaderSize: HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: 5000,
      shouldUpgradeCallback: upgrades.heeds,
    },
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: STALLED_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    return503OnClosing: false, // the edge says it in our form
    frameworkErrors: createRouterErrors(edge, answerError, logger),
    clientErrorHandler: createParserErrors(jsonHeaders(config), logger),
  });
  app.decorateRequest('exchange', null);
  app.setErrorHandler(answerError);
  app.server.on('checkExpectation', (request, reply) => app.server.emit('request', request, reply)); // one that we do not know may be ignored (RFC 9110 §10.1.1)
  app.addHook('onRequest', edge.hook);
  app.addHook('preValidation', edge.arrived);
  answerUnknown(app, finished);
  acceptJson(app);
  // In a scope without routes: its parser and writer are wanted, its hook on every reply is not.
  await app.register(async (scope) => {
    await scope.register(cookie, { hook: false });
  });
  await app.register(compress, { global: false, threshold: COMPRESS_FROM, encodings: ['br', 'gzip'] });

  const callerLimit = new Limit({ name: 'caller', requests: config.limits.caller, seconds: 60 }, counters);
  const parts: MountParts = { kit, door, edge, counters, callerLimit, trusted, claims, shed, shutdown: shutdown.signal, finished };
  for (const { feature, setup } of assembled.all) {
    const operations = catalog.operations.filter(({ feature: of, name }) => of === feature.name && !setup.absent?.includes(name));
    await app.register(async (scope) => operations.forEach((entry) => mount(scope, entry, setup.controller![entry.name]!, parts)));
  }

  for (const { operation } of catalog.operations) if (operation.upgrade) upgrades.add(urlOf(operation));
  upgrades.listen(app);

  registerMetrics(app, { metrics, config });

  app.addHook('onListen', async () => {
    if (config.baseUrl !== '') return;
    for (const at of app.addresses()) if (typeof at === 'object') for (const host of LOOPBACK) own.add(`http://${host}:${at.port}`);
  });
  // New requests are turned away, those under way finish, and what is still there when the drain is over is cut off.
  app.addHook('preClose', async () => {
    edge.close();
    shutdown.abort();
    // Node closes the connections that are idle now, not those that become so when their reply is out.
    const sweep = setInterval(() => app.server.closeIdleConnections(), SWEEP_MS).unref();
    const cut = setTimeout(() => app.server.closeAllConnections(), config.shutdownSeconds * 1000).unref();
    app.server.once('close', () => {
      clearInterval(sweep);
      clearTimeout(cut);
    });
  });
  app.addHook('onClose', async () => {
    shed.stop();
    await counters.close();
  });
  return app;
}

/** Where our own pages come from. Outside production a loopback name is as good as another. */
function ownOrigins({ baseUrl, production }: Config): ReturnType<typeof createOrigins> {
  const origins = createOrigins([]);
  if (baseUrl === '') return origins;
  const { origin, hostname, protocol, port } = new URL(baseUrl);
  origins.add(origin);
  if (!production && LOOPBACK.includes(hostname))
    for (const host of LOOPBACK) origins.add(`${protocol}//${host}${port === '' ? '' : `:${port}`}`);
  return origins;
}

/** 404 where nothing is; 405 with `Allow` where something is, by another method. */
function answerUnknown(app: FastifyInstance, finished: ReturnType<typeof createAccessLog>): void {
  const logged = finished('*', 'none', null);
  app.addHook('onResponse', (request, reply, done) => (request.is404 ? logged.call(app, request, reply, done) : done()));
  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request.raw.url!);
    const methods = METHODS.filter((method) => app.findRoute({ method, url: path }) !== null);
    if (methods.length === 0) throw new NotFound();
    const allow = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
    if (request.raw.method === 'OPTIONS') return reply.code(204).header('allow', allow).send();
    throw new MethodNotAllowed(undefined, { headers: { allow } });
  });
}
