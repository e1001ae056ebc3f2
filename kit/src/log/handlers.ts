import { hash } from 'node:crypto';
import { type AccessDoor, system } from '../caller.ts';
import { running } from '../context.ts';
import type { Database } from '../database/database.ts';
import type { Handler } from '../feature.ts';
import type { HandlerRun } from '../jobs/insert.ts';
import type { Fact } from './fact.ts';
import { EVENT_COLUMNS, type EventRow, wholeFactOf } from './rows.ts';

export type Reaction = Extract<Handler, { kind: 'handle' }>;
export type During = Extract<Handler, { kind: 'during' }>;

/** By what they react to. */
export function byEvent<H extends Reaction | During>(handlers: readonly H[]): Map<string, H[]> {
  const map = new Map<string, H[]>();
  for (const handler of handlers) map.set(handler.event.name, [...(map.get(handler.event.name) ?? []), handler]);
  return map;
}

/** @throws when two handlers bear one name: the second would take the first's facts for handled. */
export function byName(handlers: readonly Reaction[]): Map<string, Reaction> {
  const map = new Map<string, Reaction>();
  for (const handler of handlers) {
    if (map.has(handler.name)) throw new Error(`two handlers are named '${handler.name}'`);
    map.set(handler.name, handler);
  }
  return map;
}

const KEY_LENGTH = 200;
/** The run of one handler for one fact. A key that cannot be had must not stop the sequencer: the run is then in order with its like. */
export function runOf(
  handler: Reaction,
  fact: Fact<unknown>,
  traceparent: string | undefined,
  onError: (error: unknown) => void,
): HandlerRun {
  const { name, key } = handler;
  const run = (of: string | null): HandlerRun => ({ handler: name, position: fact.position, key: of, traceparent });
  if (!key) return run(null);
  try {
    const whole = `${name}:${key(fact as Fact<never>)}`;
    // The queue's index holds it, and orders by equality only.
    return run(whole.length <= KEY_LENGTH ? whole : `${name}:${hash('sha256', whole, 'base64url')}`);
  } catch (error) {
    onError(error);
    return run(`${name}:`);
  }
}

// Who comes second waits for the first to commit or roll back, and then knows (S40).
const TAKE = `
with taken as (
  insert into log.handled (handler, fact_id) select $1::text, e.id from log.events e where e.position = $2::bigint on conflict do nothing returning 1
)
select ${EVENT_COLUMNS}, p.data as personal, exists (select 1 from taken) as first
from log.events e left join log.personal p on p.seq = e.seq where e.position = $2::bigint`;
interface Taken extends EventRow {
  readonly personal: string | null;
  readonly first: boolean;
}

/** Does one run: in one transaction, once in effect however often it is tried. */
export async function handleOnce(db: Database, handler: Reaction, position: number, door: AccessDoor): Promise<void> {
  await running.run({ requestId: '', operation: handler.name, userId: null, inTransaction: false }, () =>
    db.transaction(async (tx) => {
      const [row] = (await tx.run<Taken>({ text: TAKE, values: [handler.name, position] })).rows;
      if (!row) throw new Error(`there is no fact at position ${position}`);
      if (!row.first) return;
      const fact = wholeFactOf(row);
      const store = running.getStore();
      const inside = { inTransaction: true, userId: null, ...store, requestId: fact.requestId, operation: handler.name };
      await running.run(inside, () => handler.run(tx, fact as Fact<never>, system(handler.name, fact.id, fact.requestId, door)));
    }),
  );
}
