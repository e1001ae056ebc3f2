import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import pino from 'pino';
import { nobody, type Caller, type Principal } from '../caller.ts';
import { type Clock, systemClock } from '../clock.ts';
import { type Config, readConfig } from '../config.ts';
import { createDatabase, type Database } from '../database/database.ts';
import { migrate } from '../database/migrate.ts';
import { type AnyFeature, assemble, createCatalog, type Credentials, defineFeature } from '../feature.ts';
import type { Kit } from '../kit.ts';
import type { Refusal } from '../log/log.ts';
import { createSeal } from '../seal.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { emptyDatabase } from '../testing/postgres.ts';
import { createHttp, type HttpOptions } from './server.ts';

const person = (id: string, provedAt = 0): Principal => ({ ...nobody, user: { id }, session: { id: `s-${id}`, provedAt } });
/** Tokens of the fake door: who they are. */
export const PEOPLE: Readonly<Record<string, Principal>> = {
  ada: person('ada'),
  bob: person('bob'),
  fresh: person('fresh', 4_000_000_000),
  robot: { ...nobody, user: { id: 'ada' }, key: { id: 'k1', scopes: new Set(['*']) } },
};
/** Everything but `orders:forbidden` is ada's; guests may read. */
const mayDo = (principal: Principal, permission: string): boolean =>
  principal.user === null ? permission.endsWith(':read') : !permission.endsWith(':forbidden');

export const doorOf = (slow: boolean): AnyFeature =>
  defineFeature({
    name: 'door',
    setup: () => ({
      api: undefined,
      door: {
        authenticate: ({ token }: Credentials) => (slow ? Promise.resolve(PEOPLE[token] ?? null) : (PEOPLE[token] ?? null)),
        decide: (principal, permission) => {
          const decision = { id: 'd-1', allowed: mayDo(principal, permission.name), reason: 'test' };
          return slow ? Promise.resolve(decision) : decision;
        },
        visible: () => {
          throw new Error('not here');
        },
      },
    }),
  });

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into replies of every shape
  readonly json: any;
}
export interface Asking {
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: unknown;
}
export interface TestServer {
  readonly http: FastifyInstance;
  readonly url: string;
  readonly db: Database;
  readonly owner: pg.Client;
  readonly logged: Record<string, unknown>[];
  readonly refused: { caller: Caller; refusal: Refusal }[];
  readonly observed: string[];
  call(method: string, path: string, asking?: Asking): Promise<Answer>;
  /** Bytes as they are, on a socket of their own. @returns what came back until the server closed. */
  raw(bytes: string | Buffer): Promise<string>;
  stop(): Promise<void>;
}
export interface TestServerOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly config?: Partial<Config>;
  readonly slowDoor?: boolean;
  readonly clock?: Clock;
  readonly more?: Partial<HttpOptions>;
}

const SECRET = 'a-secret-for-tests-that-is-long-enough-012345';

/** The HTTP core alone: real sockets, real Postgres, a fake door, and none of the core services. */
export async function testServer(
  features: readonly AnyFeature[],
  { env = {}, config: changes = {}, slowDoor = false, clock = systemClock, more = {} }: TestServerOptions = {},
): Promise<TestServer> {
  const database = await emptyDatabase();
  await migrate({
    ownerUrl: database.ownerUrl,
    appRole: 'plinth_app',
    streams: [{ name: 'http', directory: join(import.meta.dirname, 'migrations'), grants: 'own' }],
  });
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query(
    'create table public.effects (id bigint generated always as identity, what text not null constraint effects_what_key unique); grant select, insert on public.effects to plinth_app',
  );

  const logged: Record<string, unknown>[] = [];
  const logger = pino({ level: 'debug' }, { write: (line: string) => void logged.push(JSON.parse(line) as Record<string, unknown>) });
  const config = Object.freeze({
    ...readConfig(
      {
        NODE_ENV: 'test',
        PORT: '0',
        BASE_URL: 'https://api.example.com',
        CORS_ORIGINS: 'https://app.example.com,https://*.pages.example',
        ...env,
      },
      false,
    ),
    ...changes,
  });
  const db = createDatabase({ url: database.appUrl, poolSize: 5, statements: 'named', slowQueryMs: 10_000, logger, guard: true });
  const refused: TestServer['refused'] = [];
  const observed: string[] = [];
  const catalog = createCatalog([...features, doorOf(slowDoor)]);
  const log = { publish: async () => {}, refused: (caller: Caller, refusal: Refusal) => void refused.push({ caller, refusal }) };
  const kit = { config, db, log, clock, logger, seal: createSeal(SECRET), catalog } as unknown as Kit;
  const metrics = {
    ...createMetrics(),
    observeRoute: (method: string, route: string) => (status: number) => void observed.push(`${method} ${route} ${status}`),
  };
  const http = await createHttp({ config, kit, catalog, assembled: assemble(catalog, kit), metrics, ...more });
  const url = await http.listen({ port: 0, host: '127.0.0.1' });
  const port = Number(new URL(url).port);
  return {
    http,
    url,
    db,
    owner,
    logged,
    refused,
    observed,
    call: (method, path, asking) => call(port, method, path, asking),
    raw: (bytes) => raw(port, bytes),
    async stop() {
      await http.close();
      await db.close();
      await owner.end();
      await database.drop();
    },
  };
}

function call(port: number, method: string, path: string, { token, headers = {}, body }: Asking = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asIs = typeof body === 'string' || body instanceof Uint8Array;
    const sent = body === undefined ? undefined : asIs ? body : JSON.stringify(body);
    const all = {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(sent !== undefined && { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(sent)) }),
      ...headers,
    };
    const request = httpRequest(
      { port, host: '127.0.0.1', method, path, headers: all as Record<string, string>, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const json: unknown =
            (response.headers['content-type'] ?? '').includes('json') && text !== '' && response.headers['content-encoding'] === undefined
              ? JSON.parse(text)
              : undefined;
          resolve({ status: response.statusCode!, headers: response.headers, text, json });
        });
        response.on('error', reject);
      },
    );
    request.on('error', reject);
    request.end(sent);
  });
}

function raw(port: number, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
  });
}
