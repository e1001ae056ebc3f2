import type { Socket } from 'node:net';
import { serialize } from 'pg-protocol';
import { prepareValue } from 'pg/lib/utils.js';
import { type Field, type ReadRow, readerOf } from './rows.ts';
import { nameOf, type BoundQuery, type Rows } from './statement.ts';

/** A statement with its name and its values as they are sent. */
export interface Prepared {
  /** Empty: parsed anew each time. */
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
  /** Its answer and those before it are sent at once, not with the last of the message. */
  readonly flush?: boolean;
}
/** @throws what the conversion of a value throws: here, before anything is sent, or the connection would wait for the rest. */
export const preparedOf = ({ text, values }: BoundQuery, named: boolean): Prepared => ({
  name: (named && nameOf(text)) || '',
  text,
  values: values.map((value) => (typeof value === 'string' || value === null ? value : prepareValue(value))),
});

/** What this file uses of pg's connection, which its types leave out. */
interface Wire {
  readonly stream: Socket;
}
const SYNC = serialize.sync();
const FLUSH = serialize.flush();
const EXECUTE = serialize.execute({});
const DESCRIBE = serialize.describe({ type: 'P', name: '' });

/** Whether Postgres ends the connection with this error (shutdown, termination, a timeout of the session): nobody may use it again. */
export const endsConnection = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^(57P|25P0[34])/.test(String(error.code));

export interface Answer extends Rows<unknown> {
  /** `SELECT`, `INSERT`, `COMMIT`, … */
  readonly command: string;
}

/** The named statements of a connection and how their rows are read; null where they have none. */
const parsed = new WeakMap<Wire, Map<string, ReadRow | null>>();

/**
 * Several statements in one message, answered in one: what libpq calls a pipeline with one Sync. Without a BEGIN among
 * them they are one implicit transaction: Postgres commits all of them or none. A pg "submittable", as pg-cursor is one.
 *
 * Single statements take this way too. pg's own query asks for the description of the rows each time and makes an emitter
 * and three promises; here a named statement is described once per connection.
 */
export class Batch {
  readonly done: Promise<readonly Answer[]>;
  /** Of the statements that are through: after a failure, the first that is missing is the one that failed. */
  readonly answers: Answer[] = [];
  readonly #statements: readonly Prepared[];
  readonly #onCompleted: (() => void) | undefined;
  readonly #readers: (ReadRow | null | undefined)[] = [];
  /** Named statements that this connection is asked to parse, by index. */
  readonly #fresh = new Map<string, number>();
  readonly #settle: { resolve(answers: readonly Answer[]): void; reject(error: unknown): void };
  #rows: unknown[] = [];
  #unreadable: unknown = null;
  /** pg calls it when the connection is lost. */
  callback = (error?: unknown): void => {
    if (error) this.#settle.reject(error);
  };

  /** @param onCompleted called for each statement that Postgres has done, also where its rows could not be read. */
  constructor(statements: readonly Prepared[], onCompleted?: () => void) {
    this.#statements = statements;
    this.#onCompleted = onCompleted;
    const { promise, resolve, reject } = Promise.withResolvers<readonly Answer[]>();
    this.done = promise;
    this.#settle = { resolve, reject };
  }

  submit(connection: Wire): void {
    let known = parsed.get(connection);
    if (!known) parsed.set(connection, (known = new Map()));
    // One piece: sent part by part, even corked, the same takes 5 % more CPU.
    const parts: Buffer[] = [];
    for (let i = 0; i < this.#statements.length; i++) {
      const { name, text, values, flush } = this.#statements[i]!;
      const reader = name === '' ? undefined : known.get(name);
      if (reader === undefined && !this.#fresh.has(name)) {
        if (name !== '') {
          parts.push(serialize.close({ type: 'S', name })); // left behind by a batch that failed half-way; closing nothing is no error
          this.#fresh.set(name, i);
        }
        parts.push(serialize.parse({ name, text }));
      }
      this.#readers.push(reader);
      parts.push(serialize.bind({ statement: name, values: values as unknown[] }));
      if (reader === undefined) parts.push(DESCRIBE);
      parts.push(EXECUTE);
      if (flush) parts.push(FLUSH);
    }
    parts.push(SYNC);
    if (connection.stream.writable) connection.stream.write(Buffer.concat(parts));
  }
  handleRowDescription(message: { fields: readonly Field[] }): void {
    if (this.#unreadable === null) this.#readers[this.answers.length] = readerOf(message.fields);
  }
  handleDataRow(message: { fields: readonly (string | null)[] }): void {
    if (this.#unreadable !== null) return;
    try {
      this.#rows.push(this.#readers[this.answers.length]!(message.fields));
    } catch (error) {
      this.#unreadable = error; // thrown here it would end the process: this runs in the socket's own event
    }
  }
  /** @param message its text is `INSERT 0 1`, `SELECT 20`, `COMMIT`. */
  handleCommandComplete({ text }: { text: string }): void {
    this.#onCompleted?.();
    if (this.#unreadable !== null) return;
    const space = text.indexOf(' ');
    const rowCount = space === -1 ? 0 : Number(text.slice(text.lastIndexOf(' ') + 1)) || 0;
    this.answers.push({ rows: this.#rows, rowCount, command: space === -1 ? text : text.slice(0, space) });
    this.#rows = [];
  }
  handleEmptyQuery(): void {
    this.#onCompleted?.();
    if (this.#unreadable === null) this.answers.push({ rows: [], rowCount: 0, command: '' });
  }
  // pg forgets this query here and answers the next one only after ReadyForQuery, so rejecting now is safe.
  // Which of the fresh statements Postgres parsed is not known: they stay unlisted and are closed and parsed anew next time.
  handleError(error: unknown): void {
    this.#settle.reject(error);
  }
  handleReadyForQuery(connection: Wire): void {
    if (this.#unreadable !== null) return this.#settle.reject(this.#unreadable);
    for (const [name, i] of this.#fresh) parsed.get(connection)!.set(name, this.#readers[i] ?? null);
    this.#settle.resolve(this.answers);
  }
}
