import pg from 'pg';
import type { Logger } from 'pino';
import { createApp, type App } from '../app.ts';
import type { Clock } from '../clock.ts';
import { readConfig } from '../config.ts';
import { createCatalog, type AnyFeature } from '../feature.ts';
import { testDatabase } from './database.ts';
import type { WebApp } from '../http/web-app.ts';
import type { MailReplacement } from '../mail/templates.ts';
import type { RealtimeTuning } from '../realtime/create.ts';
import { TestMailbox } from './mailbox.ts';
import type { TestDatabase } from './postgres.ts';

export interface CallOptions {
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a string or bytes as they are. */
  readonly body?: unknown;
}
export interface CallReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; undefined when it is not JSON. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into replies of every shape
  readonly json: any;
  readonly requestId: string;
}
export interface TestApp extends App {
  readonly url: string;
  readonly database: TestDatabase;
  readonly mailbox: TestMailbox;
  /** A connection of the owner role, for looking behind the app. */
  readonly owner: pg.Client;
  /** A real HTTP request over loopback. @param path from the root: `/api/v1/…`. */
  call(method: string, path: string, options?: CallOptions): Promise<CallReply>;
  /** Names of the facts that this request published, in order. */
  facts(requestId: string): Promise<string[]>;
}
export interface TestAppOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly mails?: readonly MailReplacement[];
  readonly realtime?: RealtimeTuning;
  readonly webApps?: readonly WebApp[];
  /** `development`: mails go to the server's own mailbox, and not to that of the test. */
  readonly mail?: 'development';
  /** A database of another test app: a second node on the same Postgres. */
  readonly database?: TestDatabase;
}

const SECRET = 'test-secret-that-is-long-enough-to-be-taken-0123456789';

export async function request(
  url: string,
  method: string,
  path: string,
  { token, headers = {}, body }: CallOptions = {},
): Promise<CallReply> {
  const bytes = body === undefined || typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(url + path, {
    method,
    redirect: 'manual',
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: bytes ? (body as string) : JSON.stringify(body) }),
  });
  const text = await response.text();
  const json: unknown = /\bjson\b/.test(response.headers.get('content-type') ?? '') && text !== '' ? JSON.parse(text) : undefined;
  return { status: response.status, headers: response.headers, text, json, requestId: response.headers.get('x-request-id') ?? '' };
}

/** A whole app over real HTTP, on a database of its own; `stop` drops both. */
export async function testApp(
  features: readonly AnyFeature[],
  { env = {}, clock, logger, mails, realtime, webApps, mail, database }: TestAppOptions = {},
): Promise<TestApp> {
  const own = database ?? (await testDatabase(createCatalog(features)));
  const read = readConfig(
    {
      NODE_ENV: 'test',
      PORT: '0',
      LOG_LEVEL: 'silent',
      BASE_URL: 'http://localhost:3000',
      PLINTH_SECRET: SECRET,
      REDIS_URL: process.env['REDIS_URL'],
      ...env,
    },
    false,
  );
  const mailbox = new TestMailbox();
  const app = await createApp({
    config: { ...read, secret: SECRET },
    features,
    databaseUrl: own.appUrl,
    ...(mail === undefined && { mail: mailbox }),
    ...(mails && { mails }),
    ...(realtime && { realtime }),
    ...(webApps && { webApps }),
    ...(clock && { clock }),
    ...(logger && { logger }),
  });
  const url = await app.start();
  const owner = new pg.Client({ connectionString: own.ownerUrl });
  await owner.connect();
  return {
    ...app,
    url,
    database: own,
    mailbox,
    owner,
    call: (method, path, options) => request(url, method, path, options),
    async facts(requestId) {
      const { rows } = await owner.query<{ name: string }>(
        'select name from (select seq, name, request_id from log.outbox union all select seq, name, request_id from log.events) f where request_id = $1 order by seq',
        [requestId],
      );
      return rows.map(({ name }) => name);
    },
    async stop() {
      await app.stop();
      await owner.end();
      if (!database) await own.drop();
    },
  };
}
