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
