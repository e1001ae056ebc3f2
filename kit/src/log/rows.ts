import type { Fact, FactRecord } from './fact.ts';
import { rejoin } from './personal.ts';

/** A row of log.events, as the columns below alias it. */
export interface EventRow {
  readonly id: string;
  readonly position: number;
  readonly name: string;
  readonly occurredAt: string;
  readonly actor: string | null;
  readonly impersonator: string | null;
  readonly session: string | null;
  readonly organization: string | null;
  readonly subjectType: string | null;
  readonly subjectId: string | null;
  readonly operation: string;
  readonly requestId: string;
  readonly traceId: string | null;
  readonly payload: unknown;
  readonly channels: string[] | null;
  readonly tags: string[] | null;
}
export const EVENT_COLUMNS = `e.id, e.position, e.name, e.occurred_at as "occurredAt", e.actor, e.impersonator, e.session, e.organization,
  e.subject_type as "subjectType", e.subject_id as "subjectId", e.operation, e.request_id as "requestId", e.trace_id as "traceId",
  e.payload, e.channels, e.tags`;

export interface RecordRow extends EventRow {
  readonly key: string | null;
  readonly job: string | null;
  readonly decisionId: string | null;
  readonly outcome: FactRecord['outcome'];
  readonly reason: string | null;
  readonly changes: FactRecord['changes'];
  readonly sealed: boolean;
  readonly personal: string | null;
}
export const RECORD_COLUMNS = `${EVENT_COLUMNS}, e.key, e.job, e.decision_id as "decisionId", e.outcome, e.reason, e.changes,
  e.personal_hash is not null as sealed, p.data as personal`;

interface PersonalData {
  readonly address?: string | null;
  readonly userAgent?: string | null;
  readonly payload?: unknown;
  readonly changes?: unknown;
}
const parsed = (data: string | null): PersonalData => (data === null ? {} : (JSON.parse(data) as PersonalData));

export const factOf = (row: EventRow): Fact<unknown> => ({
  id: row.id,
  position: row.position,
  name: row.name,
  occurredAt: row.occurredAt,
  actor: row.actor,
  impersonator: row.impersonator,
  session: row.session,
  organization: row.organization,
  subject: row.subjectType !== null && row.subjectId !== null ? { type: row.subjectType, id: row.subjectId } : null,
  operation: row.operation,
  requestId: row.requestId,
  traceId: row.traceId,
  payload: row.payload,
});
/** For handlers, which may see what the publisher gave: the personal fields of the payload, while they stand. */
export const wholeFactOf = (row: EventRow & { readonly personal: string | null }): Fact<unknown> => ({
  ...factOf(row),
  payload: rejoin(row.payload, parsed(row.personal).payload),
});

export function recordOf(row: RecordRow): FactRecord {
  const { address, userAgent, payload, changes } = parsed(row.personal);
  return {
    ...factOf(row),
    channels: row.channels ?? [],
    payload: rejoin(row.payload, payload),
    key: row.key,
    job: row.job,
    decisionId: row.decisionId,
    outcome: row.outcome,
    reason: row.reason,
    changes: rejoin(row.changes, changes) as FactRecord['changes'],
    address: address ?? null,
    userAgent: userAgent ?? null,
    erased: row.sealed && row.personal === null,
  };
}
