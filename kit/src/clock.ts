/** Wall and monotonic time; tests set their own. Expiry that matters is decided by the database's clock. */
export interface Clock {
  now(): Date;
  /** Milliseconds that only ever grow. */
  monotonic(): number;
}
export const systemClock: Clock = { now: () => new Date(), monotonic: () => performance.now() };

/** A time as the database gives it back: ISO-8601 UTC with microseconds. */
export const timestamp = (time: Date): string => time.toISOString().replace('Z', '000Z');
