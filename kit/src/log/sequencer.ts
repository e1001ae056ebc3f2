import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';
import type { HandlerRun } from '../jobs/insert.ts';
import type { JobQueue } from '../jobs/jobs.ts';
import { type Loop, startLoop } from '../loop.ts';
import { type Reaction, runOf } from './handlers.ts';
import { EVENT_COLUMNS, type EventRow, factOf } from './rows.ts';

const POLL_MS = 250;
/** At most 100 steps a second: a step's own commit is shared by what was committed meanwhile. */
const REST_MS = 10;
/** Facts a step: large enough that a step's commit costs little, small enough to end within milliseconds. */
const STEP = 1000;

// By the index: read as it lies, the outbox is many dead rows before the first that waits.
const WAITING = `select (select o.seq from log.outbox o order by o.seq limit 1) is not null as waiting`;
const ADVANCE = `select ${EVENT_COLUMNS} from log.advance($1) e`;
const ENTRIES = `insert into log.channel_entries (channel, position) select * from unnest($1::text[], $2::bigint[]) on conflict do nothing`;

export interface SequencerOptions {
  readonly db: Database;
  readonly logger: Logger;
  readonly jobs: Pick<JobQueue, 'enqueueHandlers'>;
  readonly reactions: ReadonlyMap<string, readonly Reaction[]>;
  /** Facts have got their place. */
  readonly onMoved: () => void;
}

/**
 * Gives facts their place. Any node may: the lock of log.cursor lets one at a time, and who finds it taken goes on. What
 * follows from a fact (runs of handlers, entries of channels) commits with its place, so neither is without the other (S42).
 */
export function startSequencer(options: SequencerOptions): Loop {
  let size = STEP;
  // Heavy facts can make a step outlast the limits of a statement: it would fail in the same way for ever.
  const run = async (): Promise<boolean> => {
    try {
      const more = await step(options, size);
      size = Math.min(STEP, size * 2);
      return more;
    } catch (error) {
      size = Math.max(1, size >> 2);
      throw error;
    }
  };
  return startLoop({ name: 'sequencer', everyMs: POLL_MS, restMs: REST_MS, logger: options.logger, run });
}

/** @returns true when there may be more. */
export async function step({ db, logger, jobs, reactions, onMoved }: SequencerOptions, size = STEP): Promise<boolean> {
  const [outbox] = (await db.run<{ waiting: boolean }>({ text: WAITING, values: [] })).rows;
  if (!outbox?.waiting) return false;
  const moved = await db.transaction(async (tx) => {
    const { rows } = await tx.run<EventRow>({ text: ADVANCE, values: [size] });
    const runs: HandlerRun[] = rows.flatMap((row) =>
      (reactions.get(row.name) ?? []).map((handler) =>
        runOf(handler, factOf(row), (error) =>
          logger.error({ err: error, handler: handler.name, position: row.position }, 'the key of a handler failed'),
        ),
      ),
    );
    if (runs.length > 0) jobs.enqueueHandlers(tx, runs);
    const entries = rows.flatMap(({ channels, position }) => (channels ?? []).map((channel) => ({ channel, position })));
    if (entries.length > 0)
      tx.write({ text: ENTRIES, values: [entries.map(({ channel }) => channel), entries.map(({ position }) => position)] });
    return rows.length;
  });
  if (moved > 0) onMoved();
  return moved === size;
}
