import { type Database, type EventLog, isUuid, type Logger, type Loop, startLoop, uuidv7 } from '@plinth/kit';
import type { DeliveriesRepository } from './deliveries.repository.ts';
import { patternsOf, type PublicEvents } from './patterns.ts';
import type { QueueRepository } from './queue.repository.ts';

const EVERY_MS = 500;
/** What is published meanwhile goes out with it: a delivery is no hurry of milliseconds, and each look is a transaction. */
const REST_MS = 100;
const STEP = 500;

interface Deps {
  readonly db: Database;
  readonly log: EventLog;
  readonly logger: Logger;
  readonly events: PublicEvents;
  readonly queue: QueueRepository;
  readonly deliveries: DeliveriesRepository;
  /** Something is due. */
  readonly onAdded: () => void;
}

/**
 * Reads the log by position and makes of each public fact a delivery per endpoint that wants it; where it has read to commits
 * with them, so neither is without the other (S39, S42). A reader of its own, so that no fault of webhooks holds up the log.
 */
export const startFanOut = (deps: Deps): Loop =>
  startLoop({ name: 'webhooks.fan-out', everyMs: EVERY_MS, restMs: () => REST_MS, logger: deps.logger, run: () => fanOut(deps) });

/** @returns true when there may be more. */
export async function fanOut({ db, log, events, queue, deliveries, onAdded }: Deps): Promise<boolean> {
  const { read, added } = await db.transaction(async (tx) => {
    const from = await queue.cursor(tx);
    if (from === undefined) return { read: 0, added: 0 };
    // Nobody had an endpoint before this feature was there.
    const facts = from === null ? [] : await log.read(tx, { after: from, limit: STEP });
    const to = from === null ? await log.head(tx) : (facts.at(-1)?.position ?? from);
    if (to === from) return { read: 0, added: 0 };
    const published = facts
      .filter(({ name }) => events.has(name))
      .map(({ id: messageId, name: event, position, occurredAt, organization }) => ({
        messageId,
        event,
        position,
        occurredAt,
        // The log takes any text for one; what is none here would hold up all that comes after it.
        organizationId: organization !== null && isUuid(organization) ? organization : null,
        patterns: patternsOf(event),
      }));
    const wanted = await queue.wanted(tx, published);
    queue.move(tx, to);
    const rows = wanted.map(({ endpointId, messageId, event, position }) => ({ id: uuidv7(), endpointId, messageId, event, position }));
    return { read: facts.length, added: await deliveries.add(tx, rows) };
  });
  if (added > 0) onAdded();
  return read === STEP;
}
