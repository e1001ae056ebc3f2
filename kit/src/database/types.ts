import pg from 'pg';

const TIMESTAMPTZ = 1184;
const TIMESTAMPTZ_ARRAY = 1185;
const INT8 = 20;
const INT8_ARRAY = 1016;
const DATE = 1082;
const TIMESTAMP = 1114;

/** `2026-01-01 00:00:00.123+00` → `2026-01-01T00:00:00.123000Z`. No Date in between: it would cut the microseconds, and keyset pages would skip rows. */
export function isoTimestamp(text: string): string {
  if (!text.endsWith('+00')) {
    if (text.endsWith('infinity')) throw new RangeError(`timestamp '${text}' has no ISO-8601 form`);
    const micros = /\.(\d+)/.exec(text)?.[1] ?? '';
    // pg writes '+02' or '+05:30'; Date wants the minutes.
    const zoned = text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00');
    return `${new Date(zoned).toISOString().slice(0, 19)}.${micros.padEnd(6, '0')}Z`;
  }
  const end = text.length - 3;
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${text.slice(20, end).padEnd(6, '0')}Z`;
}

/** A bigint as a number, as long as a number can hold it. */
export function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} does not fit a JavaScript number`);
  return value;
}

const arrayOf = pg.types.getTypeParser(1009 as never) as (text: string) => (string | null)[];
const each =
  <T>(parse: (text: string) => T) =>
  (text: string): (T | null)[] =>
    arrayOf(text).map((item) => (item === null ? null : parse(item)));
const asText = (text: string): string => text;

const parsers = new Map<number, (text: string) => unknown>([
  [TIMESTAMPTZ, isoTimestamp],
  [TIMESTAMPTZ_ARRAY, each(isoTimestamp)],
  [INT8, safeInteger],
  [INT8_ARRAY, each(safeInteger)],
  [DATE, asText],
  [TIMESTAMP, asText],
]);

/** How this kit reads Postgres types; everything else as pg does (numeric stays text). */
export const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    (format === 'binary' ? undefined : parsers.get(oid)) ?? pg.types.getTypeParser(oid, format)) as never,
};
