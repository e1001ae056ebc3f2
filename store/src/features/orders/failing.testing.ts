import type { Socket } from 'node:net';
import pg from 'pg';
import { serialize } from 'pg-protocol';

// Lets Postgres fail after a chosen statement of one operation's transaction, in the same message: as if that had been the last thing it did.

interface Wire {
  readonly stream: Socket;
}
interface Submittable {
  submit(connection: Wire): void;
  readonly done: Promise<readonly { readonly command: string }[]>;
}
const BIND = 'B'.charCodeAt(0);
const EXECUTE = 'E'.charCodeAt(0);
const FAILURE = [serialize.parse({ text: 'select 1 / 0' }), serialize.bind({}), serialize.execute({})];
/** Each is its kind, its length with these four bytes, and the rest. */
function* messages(sent: Buffer): Generator<Buffer> {
  for (let at = 0; at < sent.length;) {
    const end = at + 1 + sent.readInt32BE(at + 1);
    yield sent.subarray(at, end);
    at = end;
  }
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
  // As it stands in a Bind: after its length.
  const value = Buffer.alloc(4 + Buffer.byteLength(operation));
  value.writeInt32BE(value.length - 4);
  value.write(operation, 4);
  let seen = 0;
  let ours: unknown = null;
  const watch = (client: unknown, connection: Wire, submit: () => void): void => {
    const { stream } = connection;
    const write = stream.write.bind(stream);
    stream.write = (sent: Buffer) => {
      const parts: Buffer[] = [];
      let claims = false;
      for (const part of messages(sent)) {
        parts.push(part);
        claims ||= part[0] === BIND && part.includes(value);
        if (part[0] !== EXECUTE) continue;
        if (claims) ours = client;
        if (ours !== client) continue;
        seen += 1;
        if (seen === after) parts.push(...FAILURE);
      }
      return write(Buffer.concat(parts));
    };
    try {
      submit();
    } finally {
      delete (stream as Partial<Socket>).write; // what stands on the prototype shows again
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
