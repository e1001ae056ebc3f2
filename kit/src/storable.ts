import { InvalidInput } from './errors.ts';

// JSON.stringify writes both as escapes; a literal backslash-u in a string has its backslash doubled there.
const ESCAPED = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/;

/** JSON for a jsonb column. @throws InvalidInput where Postgres could not hold it: NUL or half a surrogate pair (S68). */
export function storableJson(value: unknown, what: string): string {
  const text = JSON.stringify(value) ?? 'null';
  if (text.includes('\\u') && ESCAPED.test(text)) throw unstorable(what);
  return text;
}
/** @throws InvalidInput, as `storableJson`. */
export function storableText(text: string, what: string): string {
  if (text.includes('\0') || !text.isWellFormed()) throw unstorable(what);
  return text;
}
const INDEXABLE_BYTES = 1000;
/** For what an index must hold. @throws InvalidInput, as `storableJson`, and above 1,000 bytes. */
export function indexableText(text: string, what: string): string {
  // UTF-8 takes at most three bytes a UTF-16 unit.
  if (text.length * 3 > INDEXABLE_BYTES && Buffer.byteLength(text) > INDEXABLE_BYTES)
    throw new InvalidInput({ what }, { fields: { [what]: `is longer than ${INDEXABLE_BYTES} bytes` } });
  return storableText(text, what);
}
/** For text that must be kept and cannot be refused: what cannot be stored becomes U+FFFD. */
export const madeStorable = (text: string): string => text.replaceAll('\0', '\ufffd').toWellFormed();

const unstorable = (what: string): Error =>
  new InvalidInput({ what }, { fields: { [what]: 'contains characters that cannot be stored (NUL or half a surrogate pair)' } });
