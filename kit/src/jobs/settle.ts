import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import pg from 'pg';
import type { PgBoss } from 'pg-boss';
import type { Database } from '../database/database.ts';
import type { Held, Holdings } from './held.ts';
import { errorOutputOf, GiveUp, type JobOutput } from './outcomes.ts';

/** Tells pg-boss how runs ended. Each call resolves when that is stored, or can no longer be. */
export interface Settle {
  completed(held: Held, output: JobOutput | undefined): Promise<void>;
  /** @param last no further attempt: the job is dead. */
  failed(held: Held, error: unknown, last: boolean): Promise<void>;
  putOff(held: Held, seconds: number): Promise<void>;
  /** From now on a statement that finds no database is not tried again. */
  hurry(): void;
}
const PAUSE_MS = 500;
const MOST_AT_ONCE = 500;
/** Longer than the heartbeat lives: who cannot be reached until then has lost the job. */
const TRIES = 100;

export function createSettle(boss: PgBoss, database: Database, name: string, holdings: Holdings, logger: Logger): Settle {
  // Beside the connection that fetches: the next jobs come while these are stored.
  const db = { executeSql: async (text: string, values?: unknown[]) => database.run({ text, values: values ?? [] }) };
  let hurried = false;
  /** What was done must not be done again only because the database was away for a moment. */
  const insist = async (held: readonly Held[], work: () => Promise<unknown>): Promise<void> => {
    for (let tries = 1; ; tries++) {
      if (held.every(({ lost }) => lost)) return;
      try {
        await work();
        return;
      } catch (error) {
        const final = error instanceof pg.DatabaseError && !error.code?.startsWith('57') && !error.code?.startsWith('53');
        if (final || hurried || tries >= TRIES) {
          logger.warn({ err: error, queue: name, jobs: held.length }, 'the outcome of jobs was not stored; they run again');
          return;
        }
        await delay(PAUSE_MS, undefined, { ref: false });
      }
    }
  };

  // What ends while statements are under way goes together in the next.
  const waiting: { held: Held; done: () => void }[] = [];
  let sending = 0;
  const send = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, MOST_AT_ONCE);
      const held = batch.map((entry) => entry.held).filter(({ lost }) => !lost);
      await insist(held, () => boss.complete(name, held.map(({ job }) => job), null, { db })); // prettier-ignore
      for (const { done } of batch) done();
    }
    sending--;
  };

  return {
    completed(held, output) {
      if (output !== undefined) return insist([held], () => boss.complete(name, [held.job], output, { db }));
      return new Promise((done) => {
        waiting.push({ held, done });
        // After this turn: jobs that end in it go in one statement.
        if (sending === 0 || (sending === 1 && waiting.length > MOST_AT_ONCE / 2)) {
          sending++;
          setImmediate(() => void send());
        }
      });
    },
    async failed(held, error, last) {
      await insist([held], async () => {
        if (last || error instanceof GiveUp) await holdings.lastAttempt(held);
        await boss.fail(name, [held.job], errorOutputOf(error), { db });
      });
    },
    async putOff(held, seconds) {
      await insist([held], () => holdings.release(held, seconds));
    },
    hurry() {
      hurried = true;
    },
  };
}
