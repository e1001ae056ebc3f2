import type { Socket } from 'node:net';
import type { Compilable, InferResult } from 'kysely';
import pg from 'pg';
import type { Logger } from 'pino';
import { running } from '../context.ts';
import { ServiceUnavailable } from '../errors.ts';
import { Batch, endsConnection, preparedOf, type Answer, type Prepared } from './batch.ts';
import { createLane } from './lane.ts';
import { bound, type BoundQuery, type Rows, type Runner } from './statement.ts';
import { BEGIN, COMMIT, Transaction, type Tx } from './transaction.ts';
import { types } from './types.ts';
import { createWrite } from './writes.ts';

export interface PoolStatistics {
  readonly total: number;
  readonly idle: number;
  readonly waiting: number;
  readonly max: number;
}
export interface Database extends Runner {
  /**
   * Runs short reads together with those of other requests, several in one message: for single rows by primary key or unique
   * index on a path that many requests take. Never for a statement that may be slow or wait for a lock: those behind it wait too.
   */
  readonly lane: Runner;
  /** Runs `work` in one READ COMMITTED transaction; once more when Postgres says 40001 or 40P01. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * Reads of one moment, however many statements they are: REPEATABLE READ, READ ONLY, on a connection of its own beside the pool, so that
   * `db` may be used meanwhile. While it lasts vacuum keeps what it could see: for jobs, of which few run at once. At most ten seconds may
   * pass between two statements (the role's limit).
   */
  snapshot<T>(read: (on: Runner) => Promise<T>): Promise<T>;
  statistics(): PoolStatistics;
  /** For what Postgres itself speaks about: LISTEN, COPY. Kept out of the pool; the caller ends it. */
  connect(): Promise<pg.Client>;
  close(): Promise<void>;
}
export interface DatabaseOptions {
  readonly url: string;
  /** Connections at most. */
  readonly poolSize: number;
  /** `unnamed` for PgBouncer before 1.24. */
  readonly statements: 'named' | 'unnamed';
  /** Milliseconds above which a statement is logged. */
  readonly slowQueryMs: number;
  readonly logger: Logger;
  /** Refuse `db` while a transaction of the same run is open. On outside production. */
  readonly guard: boolean;
  /** Milliseconds a statement took, for metrics and spans. */
  readonly onQuery?: (milliseconds: number, text: string) => void;
  /** Milliseconds after which a connection that answers nothing is given up. */
  readonly answerMs?: number;
}

const WAIT_MS = 2000;
/** Longer than any statement may take; TCP itself would wait a quarter of an hour (S70). */
const ANSWER_MS = 30_000;
const RETRIED = new Set(['40001', '40P01']);
/** "cached plan must not change result type", "prepared statement does not exist": a migration or a pooler came between. */
const STALE_STATEMENT = new Set(['0A000', '26000']);
/** Postgres is not there, is starting or stopping, has no place, or gave up waiting. */
const UNAVAILABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '57014',
  '55P03',
  '25P03',
  '08006',
  '08003',
  '08001',
]);

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');
const lost = (error: unknown): boolean =>
  error instanceof Error &&
  /timeout exceeded when trying to connect|Connection terminated|connection timeout|is not queryable|timeout expired/.test(error.message);
/** What a client may be told of a database error: nothing, or that the server is busy. */
const outward = (error: unknown): unknown => (UNAVAILABLE.has(codeOf(error)) || lost(error) ? unavailable(error) : error);
const unavailable = (error: unknown): Error =>
  new ServiceUnavailable({ code: codeOf(error) }, { cause: error, headers: { 'retry-after': '1' } });

/** A pause on the socket while an answer is due means that none will come; while nothing is asked it means nothing. */
function giveUpWhenSilent(client: pg.ClientBase, answerMs: number): void {
  const { connection } = client as unknown as { readonly connection: { readonly stream: Socket } };
  const { stream } = connection;
  const due = (): boolean => !(client as unknown as { readonly readyForQuery: boolean }).readyForQuery;
  stream.on('timeout', () => {
    if (due()) stream.destroy(new Error('Connection terminated: no answer'));
    else stream.setTimeout(answerMs); // once it has fired, activity alone does not start it again
  });
  stream.setTimeout(answerMs);
}

export function createDatabase({
  url,
  poolSize,
  statements,
  slowQueryMs,
  logger,
  guard,
  onQuery,
  answerMs = ANSWER_MS,
}: DatabaseOptions): Database {
  const connection = { connectionString: url, types, keepAlive: true, keepAliveInitialDelayMillis: 10_000, application_name: 'plinth' };
  const pool = new pg.Pool({ ...connection, max: poolSize, connectionTimeoutMillis: WAIT_MS, idleTimeoutMillis: 60_000 });
  let closing = false; // the server may hang up before our farewell reaches it
  pool.on('error', (error) => closing || logger.warn({ err: error }, 'an idle database connection was lost'));
  // The pool listens only while a connection is idle. One that is lost in use fails its statements; unheard it would end the process,
  // also one that is lost as it is made: what Postgres says then may come in one piece with its welcome.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const named = statements === 'named';

  const observe = (text: string, startedAt: number): void => {
    const milliseconds = performance.now() - startedAt;
    onQuery?.(milliseconds, text);
    if (milliseconds >= slowQueryMs)
      logger.warn({ sql: text, ms: Math.round(milliseconds), requestId: running.getStore()?.requestId }, 'slow query');
  };
  // When one connection's plans are stale, those of all connections older than the migration are: none of them is used again.
  let generation = 0;
  const generations = new WeakMap<pg.PoolClient, number>();
  const connect = async (): Promise<pg.PoolClient> => {
    const client = await pool.connect();
    const made = generations.get(client);
    if (made === generation) return client;
    if (made === undefined) {
      generations.set(client, generation);
      giveUpWhenSilent(client, answerMs);
      return client;
    }
    client.release(true);
    return connect();
  };
  const noteStale = (error: unknown): boolean => {
    const stale = STALE_STATEMENT.has(codeOf(error));
    if (stale) generation++;
    return stale;
  };

  const send = async (client: pg.ClientBase, query: Prepared): Promise<Answer> => {
    const startedAt = performance.now();
    try {
      const batch = new Batch([query]);
      client.query(batch as never);
      return (await batch.done)[0]!;
    } finally {
      observe(query.text, startedAt);
    }
  };
  const alone = async (query: Prepared): Promise<Answer> => {
    const client = await connect();
    let over = false;
    try {
      return await send(client, query);
    } catch (error) {
      over = endsConnection(error);
      throw error;
    } finally {
      client.release(over);
    }
  };
  const together = createLane(connect, alone);
  const write = createWrite({
    connect,
    begin: preparedOf(BEGIN, named),
    commit: preparedOf(COMMIT, named),
  });
  const inLane = async (query: Prepared): Promise<Answer> => {
    const startedAt = performance.now();
    try {
      return await together(query);
    } finally {
      observe(query.text, startedAt);
    }
  };
  const runnerOf = (run: Runner['run']): Runner => ({
    run,
    async all<Q extends Compilable>(query: Q) {
      return (await run<InferResult<Q>[number]>(bound(query))).rows;
    },
    async first<Q extends Compilable>(query: Q) {
      return (await run<InferResult<Q>[number]>(bound(query))).rows[0];
    },
  });
  const runner = (ask: (query: Prepared) => Promise<Answer>): Runner =>
    runnerOf(async <Row>(query: BoundQuery): Promise<Rows<Row>> => {
      if (guard && running.getStore()?.inTransaction)
        throw new Error(
          'db was used while a transaction of the same run is open: pass tx (a second connection per request deadlocks the pool under load)',
        );
      const prepared = preparedOf(query, named);
      try {
        return (await ask(prepared)) as Rows<Row>;
      } catch (error) {
        if (!noteStale(error)) throw outward(error);
        return (await alone(prepared)) as Rows<Row>;
      }
    });

  const outside = async (): Promise<pg.Client> => {
    const client = new pg.Client({ ...connection, connectionTimeoutMillis: WAIT_MS });
    client.on('error', () => undefined); // who uses it is told by its next statement
    await client.connect();
    return client;
  };

  const attempt = async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
    const tx = new Transaction(connect, {
      write,
      named,
      observe,
      onReactionError: (error) => logger.error({ err: error }, 'a reaction to a commit failed'),
    });
    const store = running.getStore();
    const inside = { requestId: '', operation: '', userId: null, ...store, inTransaction: true };
    try {
      const result = await running.run(inside, () => work(tx as Tx));
      await tx.commit();
      return result;
    } catch (error) {
      await tx.rollback();
      throw error;
    }
  };

  return {
    ...runner(alone),
    lane: runner(inLane),
    async transaction(work) {
      if (guard && running.getStore()?.inTransaction) throw new Error('a transaction was opened inside another of the same run: pass tx');
      try {
        return await attempt(work);
      } catch (error) {
        const code = codeOf(error);
        if (!noteStale(error) && !RETRIED.has(code)) throw outward(error);
        logger.info({ code, requestId: running.getStore()?.requestId }, 'transaction retried');
        return attempt(work).catch((again: unknown) => Promise.reject(RETRIED.has(codeOf(again)) ? unavailable(again) : outward(again)));
      }
    },
    statistics: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount, max: poolSize }),
    connect: outside,
    async snapshot(read) {
      let client: pg.Client | undefined;
      try {
        client = await outside();
        giveUpWhenSilent(client, answerMs);
        await client.query('begin isolation level repeatable read read only');
        const own = client;
        const result = await read(runnerOf(async <Row>(query: BoundQuery) => (await send(own, preparedOf(query, named))) as Rows<Row>));
        await client.query('commit'); // a pooler in between takes the connection back as it was
        return result;
      } catch (error) {
        throw outward(error);
      } finally {
        await client?.end().catch(() => undefined);
      }
    },
    close() {
      closing = true;
      return pool.end();
    },
  };
}
