const MINUTE = 60;
const HOUR = 3600;
/** Seconds after each failed try: over a day in all. */
const AFTER = [5, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR] as const;
/** Longest that an endpoint may ask us to wait (`Retry-After`), in seconds. */
const LONGEST = 24 * HOUR;

/** Failed attempts in a row after which an endpoint is tried one delivery at a time, more and more slowly. */
export const BREAKER = 5;
/** … after which its owner is told. */
export const WARNED_AT: readonly number[] = [10, 50];
/** … after which it is disabled. */
export const DISABLED_AT = 100;

/** ± 20 %, so that what failed together does not come back together. */
const jittered = (seconds: number, random: () => number): number => seconds * (0.8 + random() * 0.4);

/**
 * Seconds until a delivery is tried again.
 * @param tries failed ones, this one included. @param retryAfter what the endpoint asked for, in seconds.
 * @returns null: given up.
 */
export function retryIn(tries: number, retryAfter: number | null, random = Math.random): number | null {
  const after = AFTER[tries - 1];
  return after === undefined ? null : Math.max(jittered(after, random), Math.min(retryAfter ?? 0, LONGEST));
}
/** Seconds that the whole endpoint rests after so many failures in a row: half a minute at first, an hour at most; else 0. */
export const pauseAfter = (failures: number, retryAfter: number | null, random = Math.random): number =>
  Math.max(
    failures < BREAKER ? 0 : jittered(Math.min(30 * 2 ** Math.min(failures - BREAKER, 7), HOUR), random),
    Math.min(retryAfter ?? 0, LONGEST),
  );

/** Seconds of a `Retry-After` (RFC 9110 §10.2.3), a number or a date; null where there is none that can be read. */
export function retryAfterOf(header: string | null, now: Date): number | null {
  if (header === null) return null;
  const seconds = /^\d{1,9}$/.test(header) ? Number(header) : (Date.parse(header) - now.getTime()) / 1000;
  return Number.isFinite(seconds) && seconds > 0 ? seconds : null;
}
