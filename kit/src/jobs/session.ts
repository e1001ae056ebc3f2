import pg from 'pg';
import type { Db } from 'pg-boss';
import type { Database } from '../database/database.ts';

/** How pg-boss reaches Postgres: two connections of its own, three under load, so that requests and jobs never wait for each other's. */
export interface BossDatabase extends Db {
  /** One transaction on the connection that fetches and settles; nothing else gets between its statements. */
  transaction<T>(work: (db: Db) => Promise<T>): Promise<T>;
  /** For fetching many jobs beside another fetch: a connection more, made when first needed. */
  readonly more: Db;
  close(): Promise<void>;
}
/** Longer than any statement may take: a connection that answers nothing is dead (S70). */
const ANSWER_MS = 30_000;
const TRANSACTION = /^\s*begin\b/i;

/** One connection, made when needed and made again when lost; one statement at a time. */
class Session {
  readonly #connect: () => Promise<pg.Client>;
  readonly #answerMs: number;
  #client: pg.Client | undefined;
  #last: Promise<unknown> = Promise.resolve();
  constructor(connect: () => Promise<pg.Client>, answerMs: number) {
    this.#connect = connect;
    this.#answerMs = answerMs;
  }
  run(text: string, values: unknown[] | undefined): Promise<{ rows: unknown[] }> {
    const answer = this.#last.then(() => this.#send(text, values));
    this.#last = answer.catch(() => undefined);
    return answer;
  }
  transaction<T>(work: (db: Db) => Promise<T>): Promise<T> {
    const answer = this.#last.then(async () => {
      await this.#send('begin', undefined);
      const begun = this.#client;
      const send = (text: string, values?: unknown[]): Promise<{ rows: unknown[] }> => {
        // On a new connection it would be no part of the transaction.
        if (this.#client !== begun) throw new Error('the connection was lost in the middle of a transaction');
        return this.#send(text, values);
      };
      try {
        const result = await work({ executeSql: async (text, values) => send(text, values) });
        await send('commit');
        return result;
      } catch (error) {
        if (this.#client === begun) await this.#send('rollback', undefined).catch(() => undefined);
        throw error;
      }
    });
    this.#last = answer.catch(() => undefined);
    return answer;
  }
  async #send(text: string, values: unknown[] | undefined): Promise<{ rows: unknown[] }> {
    const client = (this.#client ??= await this.#open());
    try {
      // pg-boss expects pg's own types, not ours; and several statements in one text, which only unnamed ones may be.
      const query = { text, types: pg.types, query_timeout: this.#answerMs, ...(values && values.length > 0 ? { values } : {}) };
      const result = (await client.query(query)) as pg.QueryResult | pg.QueryResult[];
      return { rows: Array.isArray(result) ? result.flatMap(({ rows }) => rows as unknown[]) : result.rows };
    } catch (error) {
      const refused = error instanceof pg.DatabaseError;
      if (!refused) this.#drop(client);
      else if (TRANSACTION.test(text)) await client.query('rollback').catch(() => this.#drop(client)); // several statements in one text
      throw error;
    }
  }
  async #open(): Promise<pg.Client> {
    const client = await this.#connect();
    client.on('error', () => this.#drop(client));
    client.on('end', () => this.#drop(client));
    return client;
  }
  #drop(client: pg.Client): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    void client.end().catch(() => undefined);
  }
  async close(): Promise<void> {
    await this.#last;
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => undefined);
  }
}

/** Upkeep, which may take seconds, on one connection; fetching on the other. */
export function createBossDatabase(db: Database, answerMs = ANSWER_MS): BossDatabase {
  const work = new Session(() => db.connect(), answerMs);
  const upkeep = new Session(() => db.connect(), answerMs);
  const more = new Session(() => db.connect(), answerMs);
  return {
    executeSql: (text, values) => (TRANSACTION.test(text) ? upkeep : work).run(text, values),
    more: { executeSql: (text, values) => more.run(text, values) },
    transaction: (transact) => work.transaction(transact),
    async close() {
      await Promise.all([work.close(), upkeep.close(), more.close()]);
    },
  };
}
