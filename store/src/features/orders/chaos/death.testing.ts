import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';

// The death of a process, inside a process: from one message to Postgres on, nothing that it had under way reaches the database any
// more. What it had open is rolled back, as Postgres does when a connection is gone.

/** Dies with message number `at`: before it is sent, or after it was answered and nobody heard. */
export interface Death {
  readonly at: number;
  readonly when: 'before' | 'after';
}
interface Life {
  left: number;
  readonly when: Death['when'];
  dead: boolean;
}
const lives = new AsyncLocalStorage<Life>();
interface Batch {
  readonly done: Promise<unknown>;
  callback(error: unknown): void;
}
const { query } = pg.Client.prototype as { query: (...args: unknown[]) => unknown };
/** How many have died so far. */
export const deaths = { count: 0 };
const killed = (): Error => new Error('killed by the test');

function watched(this: pg.Client, given: unknown, ...rest: unknown[]): unknown {
  const life = lives.getStore();
  if (!life || given === 'rollback') return query.call(this, given, ...rest);
  const last = !life.dead && --life.left <= 0;
  if (last && life.when === 'before') life.dead = true;
  const batch = typeof given === 'object' && given !== null && 'submit' in given ? (given as unknown as Batch) : undefined;
  if (life.dead) {
    if (!batch) return Promise.reject(killed());
    batch.callback(killed());
    return given;
  }
  if (last && batch) {
    const unheard = batch.done.then(() => {
      throw killed();
    });
    const done = unheard.catch((error: unknown) => {
      life.dead = true;
      throw error;
    });
    done.catch(() => undefined);
    Object.defineProperty(batch, 'done', { value: done });
  }
  return query.call(this, given, ...rest);
}
export const startDying = (): void => {
  (pg.Client.prototype as { query: unknown }).query = watched;
};
export const stopDying = (): void => {
  (pg.Client.prototype as { query: unknown }).query = query;
};

/** @returns whether it died before it was through; then nothing is known of what it did. */
export async function mortal<T>(death: Death | null, work: () => Promise<T>): Promise<{ died: true } | { died: false; value: T }> {
  if (death === null) return { died: false, value: await work() };
  const life: Life = { left: death.at, when: death.when, dead: false };
  const died = (): { died: true } => {
    deaths.count += 1;
    return { died: true };
  };
  try {
    // Awaited inside: what only begins when it is awaited would begin outside.
    const value = await lives.run(life, async () => await work());
    return life.dead ? died() : { died: false, value };
  } catch (error) {
    if (life.dead) return died();
    throw error;
  }
}
