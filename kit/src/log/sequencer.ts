import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';
import type { Tx } from '../database/transaction.ts';
import type { HandlerRun } from '../jobs/insert.ts';
import type { JobQueue } from '../jobs/jobs.ts';
import { type Loop, startLoop } from '../loop.ts';
import { type Reaction, runOf } from './handlers.ts';
import { EVENT_COLUMNS, type EventRow, factOf } from './rows.ts';

const POLL_MS = 250;
/** Between two steps: what is committed meanwhile shares the next one's commit. */
const REST_MS = 10;
/** Where many facts came at once, a step costs more than they would lose by waiting. */
const LONG_REST_MS = 25;
const MANY = 10;
/** Facts a step: large enough that a step's commit costs little, small enough to end within milliseconds. */
const STEP = 1000;

// By the index: read as it lies, the outbox is many dead rows before the first that waits.
const WAITING = `select (select o.seq from log.outbox o order by o.seq limit 1) is not null as waiting`;
// Only what someone reacts to comes back. The entries of channels are written where the facts are.
const ADVANCE = `
  with moved as materialized (select * from log.advance($1)), entries as (
    insert into log.channel_entries (channel, position) select distinct c, m.position from moved m, unnest(m.channels) c
  )
  select m.moved, ${EVENT_COLUMNS}
  from (select count(*) as moved from moved) m left join moved e on e.name = any ($2::text[])
  order by e.position`;
// A statement of its own: log.advance moves what was committed after the statement around it began, and that one would not see.
const TRACES = `select t.fact_id as id, t.traceparent from log.traces t where t.fact_id = any ($1::uuid[])`;
type Moved = { readonly moved: number } & (EventRow | { readonly position: null });

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
  let moved = 0;
  // Heavy facts can make a step outlast the limits of a statement: it would fail in the same way for ever.
  const run = async (): Promise<boolean> => {
    try {
      const wanted = size;
      moved = await step(options, wanted);
      size = Math.min(STEP, size * 2);
      return moved === wanted;
    } catch (error) {
      size = Math.max(1, size >> 2);
      throw error;
    }
  };
  return startLoop({
    name: 'sequencer',
    everyMs: POLL_MS,
    restMs: () => (moved < MANY ? REST_MS : LONG_REST_MS),
    logger: options.logger,
    run,
  });
}

/** By fact. Asked for nothing where nothing traces. */
async function tracesOf(tx: Tx, rows: readonly Moved[]): Promise<ReadonlyMap<string, string>> {
  const traced = rows.flatMap((row) => (row.position !== null && row.traceId !== null ? [row.id] : []));
  if (traced.length === 0) return new Map();
  const found = await tx.run<{ id: string; traceparent: string }>({ text: TRACES, values: [traced] });
  return new Map(found.rows.map(({ id, traceparent }) => [id, traceparent]));
}

/** @returns how many facts got their place; as many as were asked for: there may be more. */
export async function step({ db, logger, jobs, reactions, onMoved }: SequencerOptions, size = STEP): Promise<number> {
  const [outbox] = (await db.run<{ waiting: boolean }>({ text: WAITING, values: [] })).rows;
  if (!outbox?.waiting) return 0;
  const moved = await db.transaction(async (tx) => {
    const { rows } = await tx.run<Moved>({ text: ADVANCE, values: [size, [...reactions.keys()]] });
    const traces = await tracesOf(tx, rows);
    const runs: HandlerRun[] = rows.flatMap((row) =>
      row.position === null
        ? []
        : reactions
            .get(row.name)!
            .map((handler) =>
              runOf(handler, factOf(row), traces.get(row.id), (error) =>
                logger.error({ err: error, handler: handler.name, position: row.position }, 'the key of a handler failed'),
              ),
            ),
    );
    if (runs.length > 0) jobs.enqueueHandlers(tx, runs);
    return rows[0]!.moved;
  });
  if (moved > 0) onMoved();
  return moved;
}
