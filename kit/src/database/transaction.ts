import type pg from 'pg';
import type { Compilable, InferResult } from 'kysely';
import { type Answer, Batch, preparedOf } from './batch.ts';
import { bound, type BoundQuery, type Rows, type Runner } from './statement.ts';
import type { Write } from './writes.ts';

declare const open: unique symbol;
/** An open transaction. Only `Database.transaction` makes one, so a function that takes a `Tx` cannot be called outside. */
export interface Tx extends Runner {
  readonly [open]: true;
  /**
   * Travels with COMMIT (or before the next statement that must be answered now): one round trip less. Its failure fails the transaction.
   * Where nothing is read, the whole transaction is one message, which others of the same moment share.
   */
  write(query: BoundQuery | Compilable): void;
  /** Undoes only what `work` did when it throws. */
  savepoint<T>(work: () => Promise<T>): Promise<T>;
  /** Runs once the transaction has committed, in this process only: for waking what polls anyway. */
  onCommit(react: () => void): void;
}

export interface TxOptions {
  readonly write: Write;
  readonly named: boolean;
  readonly observe: (text: string, startedAt: number) => void;
  /** A reaction threw: the transaction has committed all the same. */
  readonly onReactionError: (error: unknown) => void;
}
interface Asked {
  readonly query: BoundQuery;
  /** A collected write has nobody who waits for it. */
  readonly resolve?: (rows: Rows<unknown>) => void;
  readonly reject?: (error: unknown) => void;
}
export const BEGIN: BoundQuery = { text: 'begin', values: [] };
export const COMMIT: BoundQuery = { text: 'commit', values: [] };

/** A unit of work: what must be answered now runs now and BEGIN travels with it; what was collected travels with COMMIT. */
export class Transaction implements Runner {
  declare readonly [open]: true;
  readonly #connect: () => Promise<pg.PoolClient>;
  readonly #options: TxOptions;
  /** One connection, also for statements that run side by side before it is there. */
  #client: Promise<pg.PoolClient> | undefined;
  #later: BoundQuery[] = [];
  /** Leaves at the end of this turn. */
  readonly #asked: Asked[] = [];
  #leaving = false;
  readonly #reactions: (() => void)[] = [];
  #begun = false;
  #closed = false;
  /** Set once a statement was refused by Postgres: nothing but ROLLBACK works from then on. */
  #broken = false;
  #savepoints = 0;
  constructor(connect: () => Promise<pg.PoolClient>, options: TxOptions) {
    this.#connect = connect;
    this.#options = options;
  }

  /** What is asked in the same turn of the event loop goes in one message; the answers come one by one. */
  async run<Row>(query: BoundQuery): Promise<Rows<Row>> {
    this.#refuseIfOver();
    // Postgres would say so itself, but not where BEGIN never reached it: there each statement would commit alone.
    if (this.#broken) throw new Error('a statement of this transaction failed before: nothing more can be done in it');
    if (!this.#begun) this.#asked.push({ query: BEGIN });
    this.#begun = true;
    for (const written of this.#later.splice(0)) this.#asked.push({ query: written });
    const { promise, resolve, reject } = Promise.withResolvers<Rows<Row>>();
    this.#asked.push({ query, resolve: resolve as (rows: Rows<unknown>) => void, reject });
    if (!this.#leaving) {
      this.#leaving = true;
      queueMicrotask(() => void this.#leave());
    }
    return promise;
  }
  async all<Q extends Compilable>(query: Q): Promise<InferResult<Q>[number][]> {
    return (await this.run<InferResult<Q>[number]>(bound(query))).rows;
  }
  async first<Q extends Compilable>(query: Q): Promise<InferResult<Q>[number] | undefined> {
    return (await this.all(query))[0];
  }
  write(query: BoundQuery | Compilable): void {
    this.#refuseIfOver();
    this.#later.push('compile' in query ? bound(query) : query);
  }
  onCommit(react: () => void): void {
    this.#refuseIfOver();
    this.#reactions.push(react);
  }
  async savepoint<T>(work: () => Promise<T>): Promise<T> {
    const name = `s${++this.#savepoints}`;
    await this.run({ text: `savepoint ${name}`, values: [] });
    const reactions = this.#reactions.length;
    try {
      const result = await work();
      if (this.#later.length > 0) await this.run({ text: `release savepoint ${name}`, values: [] });
      else this.write({ text: `release savepoint ${name}`, values: [] });
      return result;
    } catch (error) {
      this.#later = [];
      this.#reactions.length = reactions;
      this.#broken = false;
      await this.run({ text: `rollback to savepoint ${name}`, values: [] });
      throw error;
    }
  }

  async commit(): Promise<void> {
    this.#closed = true;
    const waiting = this.#later;
    this.#later = [];
    if (this.#broken)
      throw new Error('a statement of this transaction failed and its error was swallowed: use savepoint() where a failure is expected');
    if (!this.#begun && waiting.length === 0) return;
    if (this.#begun) {
      const { answers, error } = await this.#send([...waiting, COMMIT]);
      if (error !== null) throw error;
      if (answers.at(-1)!.command === 'ROLLBACK') {
        this.#broken = true;
        throw new Error('the transaction was rolled back at its commit');
      }
      this.#begun = false;
      await this.#release();
    } else await this.#write(waiting);
    for (const react of this.#reactions) {
      try {
        react();
      } catch (error) {
        this.#options.onReactionError(error);
      }
    }
  }
  async rollback(): Promise<void> {
    this.#closed = true;
    this.#later = [];
    const client = await this.#client?.catch(() => undefined);
    if (!client) return;
    if (!this.#begun) return this.#release();
    try {
      await client.query('rollback');
      await this.#release();
    } catch (error) {
      await this.#release(error as Error);
    }
  }

  async #leave(): Promise<void> {
    this.#leaving = false;
    const asked = this.#asked.splice(0);
    const { answers, error } = await this.#send(asked.map(({ query }) => query));
    // What stands behind a failure was not done either, so it fails of the same.
    asked.forEach(({ resolve, reject }, i) => (i < answers.length ? resolve?.(answers[i]!) : reject?.(error)));
  }
  /** Nothing was read, so nothing was begun and there is no connection yet: these alone are the transaction. */
  async #write(queries: readonly BoundQuery[]): Promise<void> {
    const { write, named, observe } = this.#options;
    let startedAt = performance.now();
    try {
      await write(
        queries.map((query) => preparedOf(query, named)),
        () => (startedAt = performance.now()),
      );
    } finally {
      observe(queries.at(-1)!.text, startedAt);
    }
  }
  /** @returns the answers up to the first failure, and that failure. */
  async #send(queries: readonly BoundQuery[]): Promise<{ answers: readonly Answer[]; error: unknown }> {
    let startedAt = performance.now();
    let batch: Batch | undefined;
    try {
      batch = new Batch(queries.map((query) => preparedOf(query, this.#options.named)));
      const client = await (this.#client ??= this.#connect());
      startedAt = performance.now();
      client.query(batch as never);
      return { answers: await batch.done, error: null };
    } catch (error) {
      this.#broken = true;
      return { answers: batch?.answers ?? [], error };
    } finally {
      this.#options.observe(queries.at(-1)!.text, startedAt);
    }
  }
  #refuseIfOver(): void {
    if (this.#closed) throw new Error('this transaction is over: what is asked of it now would be lost');
  }
  async #release(error?: Error): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    (await client)?.release(error);
  }
}
