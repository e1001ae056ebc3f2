import { type EventLog, uuidv7 } from '@plinth/kit';

export const USER_AGENT = 'plinth-webhooks';

interface Delivered {
  readonly endpointId: string;
  readonly event: string;
  /** null: a test. */
  readonly position: number | null;
  readonly createdAt: string;
}
/** What a delivery says: the same body for every attempt, as long as the fact stands. null: the log has dropped it. */
export async function toldBy(
  log: Pick<EventLog, 'get'>,
  { endpointId, event, position, createdAt }: Delivered,
): Promise<{ readonly body: string | null; readonly requestId: string }> {
  if (position === null) return { body: JSON.stringify({ type: event, timestamp: createdAt, data: { endpointId } }), requestId: uuidv7() };
  const fact = await log.get(position);
  if (!fact) return { body: null, requestId: uuidv7() };
  return { body: JSON.stringify({ type: fact.name, timestamp: fact.occurredAt, data: fact.payload }), requestId: fact.requestId };
}
