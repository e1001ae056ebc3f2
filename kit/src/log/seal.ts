import { createHash } from 'node:crypto';

/** A row of log.events read back as text, in the order in which its fields are sealed. */
export const SEALED_FIELDS = [
  'position', 'seq', 'id', 'name', 'occurred_at', 'actor', 'impersonator', 'session', 'organization', 'key', 'job', 'subject_type', 'subject_id',
  'operation', 'request_id', 'trace_id', 'decision_id', 'outcome', 'reason', 'payload', 'changes', 'personal_hash', 'channels', 'tags',
] as const; // prettier-ignore
export type SealedField = (typeof SEALED_FIELDS)[number];
export type SealedRow = Readonly<Record<SealedField, string | null>>;

const AS_TEXT: Partial<Record<SealedField, string>> = {
  occurred_at: `to_char(e.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
  personal_hash: `encode(e.personal_hash, 'hex')`,
  channels: 'to_jsonb(e.channels)::text',
  tags: 'to_jsonb(e.tags)::text',
};
export const SEALED_COLUMNS = SEALED_FIELDS.map((field) => `${AS_TEXT[field] ?? `e.${field}::text`} as ${field}`).join(', ');

const field = (value: string | null): string => (value === null ? '-,' : `${Buffer.byteLength(value)}:${value},`);

/** SHA-256 over every field, each with its length before it (B140). log.canonical says the same in SQL. */
export const leafOf = (row: SealedRow): Buffer =>
  createHash('sha256')
    .update(SEALED_FIELDS.map((name) => field(row[name])).join(''))
    .digest();

/** SHA-256(chain before ‖ leaves in order). */
export function chainOf(before: Buffer, leaves: readonly Buffer[]): Buffer {
  const hash = createHash('sha256').update(before);
  for (const leaf of leaves) hash.update(leaf);
  return hash.digest();
}
/** What the first batch is chained to. */
export const GENESIS = createHash('sha256').update('plinth log').digest();
