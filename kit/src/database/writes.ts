import pg from 'pg';
import { Batch, endsConnection, type Prepared } from './batch.ts';

/** Transactions in one message at most. Who waits for a lock keeps no more than the others of its message waiting. */
const TOGETHER = 4;
/** With more statements a transaction goes by itself: the others would wait for all of them. */
const SHORT = 8;

/** @param onLeave called as the statements leave, or as those before them in the message are through. @returns once they are committed. */
export type Write = (statements: readonly Prepared[], onLeave: () => void) => Promise<void>;
interface Waiting {
  readonly statements: readonly Prepared[];
  readonly onLeave: () => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
  /** `performance.now()` */
  readonly since: number;
}
export interface WriteOptions {
  /** Takes a connection of the pool; its `release` gives it back. Fails where none comes free in time. */
  readonly connect: () => Promise<pg.PoolClient>;
  readonly begin: Prepared;
  readonly commit: Prepared;
}

/**
 * Transactions that read nothing. One alone goes as one message, without a BEGIN. Short ones of one turn of the event loop, and those
 * that wait for a connection, go up to four in one message, each between a BEGIN and a COMMIT of its own and answered at its COMMIT.
 * Where one fails it fails alone: what stood before it is committed, and those behind it, which Postgres passed over, are sent again,
 * each by itself.
 */
export function createWrite({ connect, begin, commit }: WriteOptions): Write {
  const flushed = { ...commit, flush: true };
  const waiting: Waiting[] = [];
  /** Departures that have no connection yet: enough for all that wait. */
  let boarding = 0;
  let scheduled = false;

  const alone = async ({ statements, onLeave, resolve, reject }: Waiting, client: pg.PoolClient): Promise<void> => {
    onLeave();
    try {
      const batch = new Batch(statements);
      client.query(batch as never);
      await batch.done;
      resolve();
      client.release();
    } catch (error) {
      reject(error);
      client.release(endsConnection(error));
    }
  };
  const byItself = (one: Waiting): Promise<void> => connect().then((client) => alone(one, client), one.reject);

  const together = async (load: readonly Waiting[], client: pg.PoolClient): Promise<void> => {
    const rest = [...load];
    let left = 0;
    const next = (): void => {
      left = (rest[0]?.statements.length ?? 0) + 2;
      rest[0]?.onLeave();
    };
    next();
    try {
      const batch = new Batch(
        load.flatMap(({ statements }) => [begin, ...statements, flushed]),
        () => {
          if (--left > 0) return;
          rest.shift()!.resolve();
          next();
        },
      );
      client.query(batch as never);
      await batch.done;
      client.release();
    } catch (error) {
      rest.shift()?.reject(error);
      if (!(error instanceof pg.DatabaseError)) {
        for (const { reject } of rest) reject(error); // nobody knows what was done
        return client.release(true);
      }
      // Postgres refused a statement, and did nothing of what stood behind it.
      for (const one of rest) void byItself(one);
      await client.query('rollback').then(
        () => client.release(),
        () => client.release(true),
      );
    }
  };

  const depart = async (): Promise<void> => {
    const since = performance.now();
    let client: pg.PoolClient;
    try {
      client = await connect();
    } catch (error) {
      boarding--;
      while (waiting[0] && waiting[0].since <= since) waiting.shift()!.reject(error); // who came later has not waited as long
      return board();
    }
    const load = waiting.splice(0, Math.min(TOGETHER, Math.ceil(waiting.length / boarding)));
    boarding--;
    if (load.length === 0) client.release();
    else await (load.length === 1 ? alone(load[0]!, client) : together(load, client));
  };
  const board = (): void => {
    scheduled = false;
    for (; boarding < Math.ceil(waiting.length / TOGETHER); boarding++) void depart();
  };
  return (statements, onLeave) =>
    new Promise((resolve, reject) => {
      const one = { statements, onLeave, resolve, reject, since: performance.now() };
      if (statements.length > SHORT) void byItself(one);
      else {
        waiting.push(one);
        if (!scheduled) setImmediate(board); // after all that this turn reads from its sockets
        scheduled = true;
      }
    });
}
