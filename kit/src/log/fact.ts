/** One thing that happened, as it stands in the log. */
export interface Fact<Payload> {
  /** UUIDv7, made by the publisher: what consumers remember. */
  readonly id: string;
  /** Its gapless place in the log: the only order there is. */
  readonly position: number;
  readonly name: string;
  /** ISO-8601 UTC with microseconds, by the database's clock. */
  readonly occurredAt: string;
  readonly actor: string | null;
  readonly impersonator: string | null;
  readonly session: string | null;
  readonly organization: string | null;
  readonly subject: { readonly type: string; readonly id: string } | null;
  readonly operation: string;
  readonly requestId: string;
  readonly traceId: string | null;
  readonly payload: Payload;
}
/** What a node sees of each fact that goes by; the rest is read by who needs it. */
export interface FollowedFact extends Pick<Fact<unknown>, 'id' | 'position' | 'name'> {
  /** What goes to channels; null where the fact goes to none. Personal fields are not in the payload. */
  readonly told: Told | null;
}
export interface Told extends Pick<Fact<unknown>, 'occurredAt' | 'payload'> {
  readonly channels: readonly string[];
}
/** Everything the log holds of a fact: for audit readers. */
export interface FactRecord extends Fact<unknown> {
  readonly channels: readonly string[];
  /** API key that acted. */
  readonly key: string | null;
  /** Job or handler that acted. */
  readonly job: string | null;
  readonly decisionId: string | null;
  readonly outcome: 'success' | 'refused' | 'failed';
  readonly reason: string | null;
  readonly changes: Readonly<Record<string, { readonly before: unknown; readonly after: unknown }>> | null;
  readonly address: string | null;
  readonly userAgent: string | null;
  /** The personal data were erased: address, user agent and personal fields are gone. */
  readonly erased: boolean;
}
