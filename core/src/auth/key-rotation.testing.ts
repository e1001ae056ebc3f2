import { type Clock, system, uuidv7 } from '@plinth/kit';
import { tally } from '@plinth/kit/testing';
import { decodeProtectedHeader } from 'jose';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { authApp, type AuthApp } from './auth.testing.ts';
import { auth } from './index.ts';

/** What an access token lives, in seconds. */
const LIFE = 900;

interface Issued {
  readonly token: string;
  readonly kid: string;
  /** By the clock of the test, in seconds. */
  readonly at: number;
}
export interface TwoNodes {
  readonly first: AuthApp;
  readonly second: AuthApp;
  /** Seconds that have passed for the keys. */
  readonly elapsed: () => number;
  /** A request, during which no time passes. */
  readonly request: <T>(ask: () => Promise<T>) => Promise<T>;
  /** Time passes for keys and nodes alike, between requests; sessions stay. */
  travel(seconds: number): Promise<void>;
  /** Publishes a new key on the first node only; the second hears nothing. */
  rotate(leadSeconds?: number): Promise<string>;
  stop(): Promise<void>;
}

export async function twoNodes(): Promise<TwoNodes> {
  let offset = 0;
  // Only the running of time moves, not the date: tokens are judged by the database's clock, which stays.
  const clock: Clock = { now: () => new Date(), monotonic: () => performance.now() + offset * 1000 };
  const first = await authApp({ clock });
  const second = await authApp({ database: first.database, clock });
  const door: { closed?: Promise<void> } = {};
  const underWay = new Set<Promise<unknown>>();
  return {
    first,
    second,
    elapsed: () => offset,
    async request(ask) {
      while (door.closed) await door.closed;
      const asked = ask();
      underWay.add(asked);
      return asked.finally(() => underWay.delete(asked));
    },
    async travel(seconds) {
      const { promise, resolve: arrive } = Promise.withResolvers<void>();
      door.closed = promise;
      await Promise.allSettled(underWay);
      offset += seconds;
      await first.owner.query(
        `update auth.signing_keys set signs_from = signs_from - make_interval(secs => $1), verifies_until = verifies_until - make_interval(secs => $1)`,
        [seconds],
      );
      delete door.closed;
      arrive();
    },
    rotate: (leadSeconds) => first.api(auth).rotateKeys(system('test', null, uuidv7()), leadSeconds),
    async stop() {
      await second.stop();
      await first.stop();
    },
  };
}

/** Cuts what the nodes listen on, or all their connections. @returns how many */
export async function cut({ database }: AuthApp, which: 'listening' | 'all'): Promise<number> {
  const client = new pg.Client({ connectionString: database.appUrl });
  await client.connect();
  const { rowCount } = await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename = current_user
     and pid <> pg_backend_pid() and ($1 = 'all' or query ~* '^(listen|notify) ')`,
    [which],
  );
  await client.end();
  return rowCount ?? 0;
}

/** Shows a token of an unknown key, so that the node reads the keys anew. */
export async function readKeys(node: AuthApp): Promise<void> {
  const header = Buffer.from(JSON.stringify({ alg: 'EdDSA', typ: 'at+jwt', kid: 'unknown' })).toString('base64url');
  await node.me(`${header}.e30.${'A'.repeat(86)}`);
}

export const kidOfToken = (token: string): string => decodeProtectedHeader(token).kid!;

export interface Load {
  /** Answers by status, and by which node gave them. */
  readonly answers: () => Record<string, number>;
  readonly tokens: readonly Issued[];
  /** Waits until so many more requests were answered. */
  more(requests: number): Promise<void>;
  stop(): Promise<void>;
}

/** Callers that show tokens of every age to both nodes without a pause, and refresh on either. */
export async function underLoad({ first, second, elapsed, request }: TwoNodes, callers: number): Promise<Load> {
  const nodes = [first, second] as const;
  const people = await Promise.all(Array.from({ length: callers }, () => first.signedIn()));
  const tokens: Issued[] = people.map(({ token }) => ({ token, kid: kidOfToken(token), at: elapsed() }));
  const answers: string[] = [];
  const stopping = new AbortController();
  const call = async (caller: number): Promise<void> => {
    let { refreshToken } = people[caller]!;
    for (let i = caller; !stopping.signal.aborted; i++) {
      const node = nodes[i % 2]!;
      if (i % 5 === 0) {
        const before = refreshToken;
        const token = await request(async () => {
          const { status, json } = await node.refresh(before);
          answers.push(`refresh ${status}`);
          refreshToken = json.data.refreshToken;
          const issued: Issued = { token: json.data.accessToken, kid: kidOfToken(json.data.accessToken), at: elapsed() };
          tokens.push(issued);
          return issued.token;
        });
        // New from one node, it is shown to the other at once.
        answers.push(`fresh ${await request(() => nodes[(i + 1) % 2]!.me(token))}`);
      }
      const anyAge = (): Promise<number> => {
        const living = tokens.filter(({ at }) => elapsed() - at < LIFE);
        return node.me(living[(i * 7919) % living.length]!.token);
      };
      answers.push(`any age ${await request(anyAge)}`);
    }
  };
  const done = Promise.all(people.map((_, caller) => call(caller)));
  return {
    answers: () => tally(answers),
    tokens,
    async more(requests) {
      const until = answers.length + requests;
      while (answers.length < until) await Promise.race([sleep(5), done]);
    },
    async stop() {
      stopping.abort();
      await done;
    },
  };
}
