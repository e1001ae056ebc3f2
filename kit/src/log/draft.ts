import { hash, randomBytes } from 'node:crypto';
import type { Caller } from '../caller.ts';
import type { Cause } from '../cause.ts';
import type { BoundQuery } from '../database/statement.ts';
import type { AnyEvent, Subject } from '../definitions.ts';
import { indexableText, madeStorable, storableJson, storableText } from '../storable.ts';
import { parseTraceparent } from '../telemetry/trace-context.ts';
import { uuidv7 } from '../uuid.ts';
import { changesOf } from './changes.ts';
import type { PublishDetail } from './log.ts';
import { fieldsOf, personalTree, type PersonalTree, split } from './personal.ts';

/** A fact before it is written: the values of its row, and of the row of its personal data. */
export interface Draft {
  readonly id: string;
  readonly name: string;
  readonly subject: Subject | undefined;
  readonly channels: readonly string[] | null;
  readonly tags: readonly string[] | null;
  /** What the event's schema made of it, personal fields included. */
  readonly payload: unknown;
  readonly organization: string | null;
  readonly values: readonly unknown[];
  readonly personal: { readonly user: string | null; readonly salt: Buffer; readonly data: string } | null;
}

const COLUMNS = [
  'id', 'name', 'actor', 'impersonator', 'session', 'organization', 'key', 'job', 'subject_type', 'subject_id', 'operation', 'request_id',
  'trace_id', 'decision_id', 'outcome', 'reason', 'payload', 'changes', 'personal_hash', 'channels', 'tags',
]; // prettier-ignore
const TYPES: Readonly<Record<string, string>> = {
  id: 'uuid',
  payload: 'jsonb',
  changes: 'jsonb',
  personal_hash: 'bytea',
  channels: 'text[]',
  tags: 'text[]',
};
const typeOf = (column: string): string => TYPES[column] ?? 'text';
const PLACES = COLUMNS.map((column, i) => `$${i + 1}::${typeOf(column)}`).join(', ');
const at = (i: number): string => `$${COLUMNS.length + i}`;

const INSERT = `insert into log.outbox (${COLUMNS.join(', ')}) values (${PLACES})`;
// One statement for both rows: it travels with COMMIT, and what a CTE returned needs no answer.
const INSERT_WITH_PERSONAL = `with fact as (${INSERT} returning seq)
insert into log.personal (seq, user_id, salt, data) select seq, ${at(1)}::text, ${at(2)}::bytea, ${at(3)}::text from fact`;

export const insertDraft = ({ values, personal }: Draft): BoundQuery =>
  personal ? { text: INSERT_WITH_PERSONAL, values: [...values, personal.user, personal.salt, personal.data] } : { text: INSERT, values };

const INSERT_TRACE = `insert into log.traces (fact_id, traceparent) values ($1::uuid, $2::text)`;
export const insertTrace = ({ id }: Draft, traceparent: string): BoundQuery => ({ text: INSERT_TRACE, values: [id, traceparent] });

const INSERT_CAUSE = `insert into log.causes (fact_id, type, cause_id) values ($1::uuid, $2::text, $3::uuid)`;
export const insertCause = (draft: Draft, { type, id }: Cause): BoundQuery => ({ text: INSERT_CAUSE, values: [draft.id, type, id] });

/** Many facts in one statement, from the JSON of their values: for the buffered ones. */
const INSERT_MANY = `
with drafts as (
  select * from jsonb_to_recordset($1::jsonb) as d (${COLUMNS.map((column) => `${column} ${column === 'personal_hash' ? 'text' : typeOf(column)}`).join(', ')}, user_id text, salt text, data text)
), facts as (
  insert into log.outbox (${COLUMNS.join(', ')})
  select ${COLUMNS.map((column) => (column === 'personal_hash' ? `decode(personal_hash, 'hex')` : column)).join(', ')} from drafts
  returning id, seq
)
insert into log.personal (seq, user_id, salt, data)
select f.seq, d.user_id, decode(d.salt, 'hex'), d.data from facts f join drafts d using (id) where d.salt is not null`;

export function insertDrafts(drafts: readonly Draft[]): BoundQuery {
  const rows = drafts.map(({ values, personal }) => {
    const row = Object.fromEntries(COLUMNS.map((column, i) => [column, values[i]]));
    const hash = row['personal_hash'];
    return {
      ...row,
      payload: JSON.parse(row['payload'] as string) as unknown,
      changes: null,
      personal_hash: Buffer.isBuffer(hash) ? hash.toString('hex') : null,
      ...(personal && { user_id: personal.user, salt: personal.salt.toString('hex'), data: personal.data }),
    };
  });
  return { text: INSERT_MANY, values: [JSON.stringify(rows)] };
}

interface Plan {
  readonly payload: PersonalTree | null;
  readonly changes: PersonalTree | null;
}
const plans = new WeakMap<AnyEvent, Plan>();
function planOf(event: AnyEvent): Plan {
  let plan = plans.get(event);
  if (!plan) {
    const fields = Object.entries(event.changes?.shape ?? {}).map(([key, schema]) => {
      const tree = personalTree(schema as never);
      return [
        key,
        tree &&
          fieldsOf([
            ['before', tree],
            ['after', tree],
          ]),
      ] as const;
    });
    plans.set(event, (plan = { payload: personalTree(event.payload), changes: fieldsOf(fields) }));
  }
  return plan;
}

/**
 * Puts together what one fact is.
 * @param traceparent of the span that it is published in: jobs and handlers have no trace in their origin.
 * @throws InvalidInput where it holds what Postgres cannot store (S68), or what is looked for by is too long to be indexed.
 */
export function draftFact(
  caller: Caller,
  event: AnyEvent,
  input: unknown,
  detail: PublishDetail,
  traceparent: string | null = null,
): Draft {
  const parsed = event.payload.safeParse(input);
  if (!parsed.success)
    throw new Error(`event '${event.name}' was published with a payload that its schema refuses`, { cause: parsed.error });
  const payload: unknown = parsed.data;
  const plan = planOf(event);
  const whole = split(payload, plan.payload);
  const changes = split(changesOf(event, detail.before, detail.after), plan.changes);
  const { principal, origin } = caller;
  const id = uuidv7();
  const personal = personalOf(caller, detail, { payload: whole.personal, changes: changes.personal });
  const subject = event.subject?.(payload);
  const channels = event.channels?.(payload) ?? [];
  const tags = event.tags?.(payload) ?? [];
  const organization = detail.organization ?? origin.organization ?? null;
  const values = [
    id,
    event.name,
    principal.user?.id ?? null,
    principal.impersonator?.id ?? null,
    principal.session?.id ?? null,
    organization === null ? null : indexableText(organization, 'organization'),
    principal.key?.id ?? null,
    principal.job?.name ?? null,
    subject ? indexableText(subject[0], 'subject') : null,
    subject ? indexableText(subject[1], 'subject') : null,
    madeStorable(origin.operation),
    madeStorable(origin.requestId),
    origin.traceId ?? parseTraceparent(traceparent ?? undefined)?.traceId ?? null,
    caller.decisionId,
    detail.outcome ?? 'success',
    detail.reason === undefined ? null : storableText(detail.reason, 'reason'),
    storableJson(whole.kept ?? {}, 'payload'),
    changes.kept === null || changes.kept === undefined ? null : storableJson(changes.kept, 'changes'),
    personal?.hash ?? null,
    channels.length > 0 ? channels.map((channel) => indexableText(channel, 'channel')) : null,
    tags.length > 0 ? tags.map((tag) => storableText(tag, 'tag')) : null,
  ];
  return { id, name: event.name, subject, channels, tags, payload, organization, values, personal };
}

const SALT_BYTES = 16;
let salts = Buffer.alloc(0);
/** Drawn 256 at a time: each draw is a call to the system. */
function newSalt(): Buffer {
  if (salts.length === 0) salts = randomBytes(256 * SALT_BYTES);
  const salt = salts.subarray(0, SALT_BYTES);
  salts = salts.subarray(SALT_BYTES);
  return salt;
}

interface PersonalParts {
  readonly payload: unknown;
  readonly changes: unknown;
}
function personalOf(
  { principal, origin }: Caller,
  detail: PublishDetail,
  { payload, changes }: PersonalParts,
): (NonNullable<Draft['personal']> & { readonly hash: Buffer }) | null {
  const { address, userAgent } = origin;
  if (address === null && userAgent === null && payload === undefined && changes === undefined) return null;
  // A text column: escapes that jsonb refuses are harmless in it, and the hash needs the very bytes.
  const data = JSON.stringify({ address, userAgent, payload, changes });
  const salt = newSalt();
  const user = detail.about ?? principal.user?.id ?? null;
  return { user, salt, data, hash: hash('sha256', Buffer.concat([salt, Buffer.from(data)]), 'buffer') };
}
