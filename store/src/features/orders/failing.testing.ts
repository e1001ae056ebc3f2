import pg from 'pg';

// Lets Postgres fail after a chosen statement of one operation's transaction, in the same message: as if that had been the last thing it did.

interface Wire {
  parse(message: { name: string; text: string }): void;
  bind(message: { statement: string; values: readonly unknown[] }): void;
  execute(message: object): void;
}
interface Submittable {
  submit(connection: Wire): void;
  readonly done: Promise<readonly { readonly command: string }[]>;
}
const { query } = pg.Client.prototype as { query: (...args: unknown[]) => unknown };

/** Undoes `failAfter`. */
export const stopFailing = (): void => {
  (pg.Client.prototype as { query: unknown }).query = query;
};

/**
 * The transaction is known by its idempotency claim, which is its first statement and names the operation: calls must send a key.
 * @param after fails behind this many statements; null: never. @returns how many there were.
 */
export function failAfter(operation: string, after: number | null): () => number {
  let seen = 0;
  let ours: unknown = null;
  const watch = (client: unknown, connection: Wire, submit: () => void): void => {
    const bind = connection.bind.bind(connection);
    const execute = connection.execute.bind(connection);
    let claims = false;
    connection.bind = (message) => {
      claims ||= message.values.includes(operation);
      bind(message);
    };
    connection.execute = (message) => {
      execute(message);
      if (claims) ours = client;
      if (ours !== client) return;
      seen += 1;
      if (seen !== after) return;
      connection.parse({ name: '', text: 'select 1 / 0' });
      bind({ statement: '', values: [] });
      execute({});
    };
    try {
      submit();
    } finally {
      // What stands on the prototype shows again.
      delete (connection as Partial<Wire>).bind;
      delete (connection as Partial<Wire>).execute;
    }
  };
  (pg.Client.prototype as { query: unknown }).query = function (this: pg.Client, given: unknown, ...rest: unknown[]) {
    // A plain text is ROLLBACK: the connection is somebody else's from then on.
    if (typeof given === 'string' && ours === this) ours = null;
    if (typeof given === 'object' && given !== null && 'submit' in given) {
      const batch = given as Submittable;
      const submit = batch.submit.bind(batch);
      batch.submit = (connection) => watch(this, connection, () => submit(connection));
      // Behind COMMIT too, and this is heard before the one who waits for it gives the connection away.
      const committed = (answers: readonly { readonly command: string }[]): void => {
        if (ours === this && answers.at(-1)?.command === 'COMMIT') ours = null;
      };
      batch.done.then(committed, () => undefined);
    }
    return query.call(this, given, ...rest);
  };
  return () => seen;
}
