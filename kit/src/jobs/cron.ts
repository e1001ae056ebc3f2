// When a schedule fires. The five fields of crontab(5) are read as wall-clock time in the schedule's zone, and the two nights
// a year on which a zone's clock jumps follow cron(8): a schedule for certain hours fires once for a time that the clock
// skips (at the jump) and once for a time that it repeats (the first); one whose hour begins with `*` goes on by elapsed time.

export interface Cron {
  /** The first time strictly after. */
  next(after: Date): Date;
  /** The last time in (after, until], or null. */
  latest(after: Date, until: Date): Date | null;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** No zone has ever jumped further: Samoa skipped a day. */
const FURTHEST_JUMP = 25 * HOUR;
/** Jumps are looked for a week at a time; two in one week would cancel each other out unseen. */
const STRIDE = 7 * DAY;
/** 29 February comes after eight years at the latest. */
const NEVER_DAYS = 366 * 9;

const MACROS: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

interface Field {
  readonly values: readonly number[];
  readonly has: ReadonlySet<number>;
  readonly star: boolean;
}
function fieldOf(text: string, low: number, high: number, names: readonly string[] = [], namesFrom = low): Field {
  const wrong = (): never => {
    throw new Error(`'${text}' is no list of numbers from ${low} to ${high}, ranges and steps`);
  };
  const numberOf = (word: string): number => {
    const named = names.indexOf(word.toLowerCase());
    const value = named >= 0 ? named + namesFrom : /^\d{1,2}$/.test(word) ? Number(word) : wrong();
    return value >= low && value <= high ? value : wrong();
  };
  const has = new Set<number>();
  for (const part of text.split(',')) {
    const [, range = '', step] = /^([^/]+)(?:\/(\d{1,2}))?$/.exec(part) ?? wrong();
    const [first = '', last, more] = range.split('-');
    if (more !== undefined) wrong();
    const from = range === '*' ? low : numberOf(first);
    const to = range === '*' || (step !== undefined && last === undefined) ? high : last === undefined ? from : numberOf(last);
    const by = step === undefined ? 1 : Number(step);
    if (to < from || by === 0) wrong();
    for (let value = from; value <= to; value += by) has.add(value);
  }
  return { values: [...has].sort((a, b) => a - b), has, star: text.startsWith('*') };
}

/** Zones' offsets from UTC in milliseconds, east positive. */
function offsetsOf(timezone: string): (at: number) => number {
  if (timezone === 'UTC') return () => 0; // the zones' data are some megabytes
  let format: Intl.DateTimeFormat;
  try {
    const fields = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;
    format = new Intl.DateTimeFormat('en-US', { timeZone: timezone, hourCycle: 'h23', era: 'short', ...fields });
  } catch (error) {
    throw new Error(`'${timezone}' is no time zone of the IANA database`, { cause: error });
  }
  return (at) => {
    const parts: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(at)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
  };
}

/**
 * @param expression five fields of crontab(5): lists, ranges, steps and names; or `@daily` and the like.
 * @param timezone IANA name. @throws when either cannot be read, or no such day ever comes.
 */
export function parseCron(expression: string, timezone: string): Cron {
  const fields = (MACROS[expression.trim()] ?? expression).trim().split(/\s+/);
  const problem = (why: string): Error => new Error(`the schedule '${expression}' cannot be read: ${why}`);
  if (fields.length !== 5) throw problem('it has not the five fields minute, hour, day of month, month, day of week');
  const parsed = ((): readonly Field[] => {
    try {
      const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
      return [
        fieldOf(minute, 0, 59),
        fieldOf(hour, 0, 23),
        fieldOf(day, 1, 31),
        fieldOf(month, 1, 12, MONTHS),
        fieldOf(weekday, 0, 7, DAYS),
      ];
    } catch (error) {
      throw problem((error as Error).message);
    }
  })();
  const [minutes, hours, days, months, weekdays] = parsed as [Field, Field, Field, Field, Field];
  const offset = offsetsOf(timezone);

  const onDay = (date: Date): boolean => {
    if (!months.has.has(date.getUTCMonth() + 1)) return false;
    const weekday = date.getUTCDay();
    const byDay = days.has.has(date.getUTCDate());
    const byWeekday = weekdays.has.has(weekday) || (weekday === 0 && weekdays.has.has(7));
    // crontab(5): where both are restricted, either will do.
    return days.star || weekdays.star ? byDay && byWeekday : byDay || byWeekday;
  };
  /** The first wall-clock time at or after, as if it were UTC. */
  const wallAt = (from: number): number => {
    const start = Math.ceil(from / MINUTE) * MINUTE;
    let day = Math.floor(start / DAY) * DAY;
    for (let tried = 0; tried < NEVER_DAYS; tried++, day += DAY) {
      if (!onDay(new Date(day))) continue;
      for (const hour of hours.values) {
        if (day + hour * HOUR + 59 * MINUTE < start) continue;
        for (const minute of minutes.values) {
          const at = day + hour * HOUR + minute * MINUTE;
          if (at >= start) return at;
        }
      }
    }
    throw problem('no such day ever comes');
  };
  wallAt(Date.UTC(2001, 0, 1));

  /** The first instant in (from, to] at which the offset is no longer that of `from`; null where there is none. */
  const jumpIn = (from: number, to: number): number | null => {
    for (let start = from; start < to; start += STRIDE) {
      let before = start;
      let after = Math.min(start + STRIDE, to);
      const old = offset(before);
      if (offset(after) === old) continue;
      while (after - before > 1) {
        const middle = Math.floor((before + after) / 2);
        if (offset(middle) === old) before = middle;
        else after = middle;
      }
      return after;
    }
    return null;
  };

  /** Every time after `from`, in order. */
  function* walk(from: number): Generator<number, never> {
    let at = from;
    /** Wall-clock times before this one have had their turn. */
    let wall = from + offset(from) + 1;
    for (;;) {
      const now = offset(at);
      const due = wallAt(wall);
      const jump = jumpIn(at, due - now);
      if (jump === null) {
        yield due - now;
        at = due - now;
        wall = due + 1;
        continue;
      }
      const then = offset(jump);
      at = jump;
      if (then > now) {
        // Skipped: (jump + now) to (jump + then).
        const skipped = wallAt(Math.max(wall, jump + now)) < jump + then;
        wall = jump + then;
        if (skipped && !hours.star) {
          yield jump;
          wall++; // a time that is also named for this instant is the same firing
        }
      } else wall = hours.star ? jump + then : jump + now;
    }
  }
  const after = function* (from: number): Generator<number, never> {
    const early = from - FURTHEST_JUMP;
    const times = walk(offset(early) === offset(from) ? from : early);
    for (;;) {
      const { value } = times.next();
      if (value > from) yield value;
    }
  };
  return {
    next: (from) => new Date(after(from.getTime()).next().value),
    latest(from, until) {
      // Near the end first, then further back: an outage may have been long.
      for (const reach of [2 * HOUR, 2 * DAY, 70 * DAY, 9 * 366 * DAY, Infinity]) {
        const start = Math.max(from.getTime(), until.getTime() - reach);
        let found: number | null = null;
        for (const at of after(start)) {
          if (at > until.getTime()) break;
          found = at;
        }
        if (found !== null) return new Date(found);
        if (start === from.getTime()) return null;
      }
      return null;
    },
  };
}
