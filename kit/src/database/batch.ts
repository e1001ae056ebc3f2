import type { Socket } from 'node:net';
import pg from 'pg';
import { prepareValue } from 'pg/lib/utils.js';
import type { BoundQuery } from './statement.ts';

export interface Prepared extends BoundQuery {
  readonly name: string | undefined;
}
/** What this file uses of pg's connection, which its types leave out. */
interface Wire {
  readonly stream: Socket;
  readonly parsedStatements: Record<string, string>;
  parse(message: { name: string; text: string }): void;
  bind(message: { statement: string; values: readonly unknown[]; valueMapper: (value: unknown) => unknown }): void;
  describe(message: { type: 'P'; name: string }): void;
  execute(message: object): void;
  close(message: { type: 'S'; name: string }): void;
  sync(): void;
}
interface WireResult {
  readonly rows: unknown[];
  readonly rowCount: number | null;
  readonly command: string;
  addFields(fields: unknown): void;
  parseRow(fields: unknown): object;
  addRow(row: object): void;
  addCommandComplete(message: unknown): void;
}
const Result = (pg as unknown as { Result: new (mode: undefined, types: unknown) => WireResult }).Result;

/**
 * Several statements in one message, answered in one: what libpq calls a pipeline with one Sync. Without a BEGIN among
 * them they are one implicit transaction: Postgres commits all of them or none. A pg "submittable", as pg-cursor is one.
 */
export class Batch {
  readonly done: Promise<readonly WireResult[]>;
  readonly #statements: readonly Prepared[];
  readonly #results: WireResult[];
  readonly #fresh: Prepared[] = [];
  readonly #settle: { resolve(results: readonly WireResult[]): void; reject(error: unknown): void };
  #at = 0;
  /** pg calls it when the connection is lost. */
  callback = (error?: unknown): void => {
    if (error) this.#settle.reject(error);
  };

  constructor(statements: readonly Prepared[], types: unknown) {
    this.#statements = statements;
    this.#results = statements.map(() => new Result(undefined, types));
    const { promise, resolve, reject } = Promise.withResolvers<readonly WireResult[]>();
    this.done = promise;
    this.#settle = { resolve, reject };
  }

  /** Which statement failed, for errors that name none. */
  get at(): number {
    return this.#at;
  }

  submit(connection: Wire): void {
    connection.stream.cork();
    try {
      for (const { name = '', text, values } of this.#statements) {
        if (name === '') connection.parse({ name, text });
        else if (connection.parsedStatements[name] === undefined && !this.#fresh.some((other) => other.name === name)) {
          connection.close({ type: 'S', name }); // left behind by a batch that failed half-way; closing nothing is no error
          connection.parse({ name, text });
          this.#fresh.push({ name, text, values });
        }
        connection.bind({ statement: name, values, valueMapper: prepareValue });
        connection.describe({ type: 'P', name: '' });
        connection.execute({});
      }
      connection.sync();
    } finally {
      connection.stream.uncork();
    }
  }
  handleRowDescription(message: { fields: unknown }): void {
    this.#results[this.#at]!.addFields(message.fields);
  }
  handleDataRow(message: { fields: unknown }): void {
    const result = this.#results[this.#at]!;
    result.addRow(result.parseRow(message.fields));
  }
  handleCommandComplete(message: unknown): void {
    this.#results[this.#at++]!.addCommandComplete(message);
  }
  handleEmptyQuery(): void {
    this.#at++;
  }
  // pg forgets this query here and answers the next one only after ReadyForQuery, so rejecting now is safe.
  // Which of the fresh statements Postgres parsed is not known: they stay unlisted and are closed and parsed anew next time.
  handleError(error: unknown): void {
    this.#settle.reject(error);
  }
  handleReadyForQuery(connection: Wire): void {
    for (const { name, text } of this.#fresh) connection.parsedStatements[name!] = text;
    this.#settle.resolve(this.#results);
  }
}
