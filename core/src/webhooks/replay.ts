import type { EventLog, Fact, FactQuery, Tx } from '@plinth/kit';

const MOST = 1000;
/** Positions that one statement looks at, however little it finds there; and statements of one call. */
const WINDOW = 25_000;
const WINDOWS = 10;
/** Facts stand in the order of their commits, nearly that of time: none is further from its place than a transaction is long. */
const MARGIN_MS = 600_000;

interface Range {
  /** ISO-8601, `to` exclusive. */
  readonly from: string;
  readonly to: string;
  /** Position from which to go on; null: from the beginning. */
  readonly after: number | null;
}
type ReadLog = Pick<EventLog, 'read' | 'head'>;

/**
 * Facts of a range of time, oldest first: 1,000 at most, and in bounded time however long the log is.
 * @returns next where to go on, also when nothing was found so far; null: that was all.
 */
export async function readRange(log: ReadLog, tx: Tx, { from, to, after }: Range, query: FactQuery) {
  const head = await log.head(tx);
  const last = await placeOf(log, tx, Date.parse(to) + MARGIN_MS, head);
  const facts: Fact<unknown>[] = [];
  let at = after ?? (await placeOf(log, tx, Date.parse(from) - MARGIN_MS, head));
  for (let i = 0; i < WINDOWS && at < last; i++) {
    const upTo = Math.min(at + WINDOW, last);
    const limit = MOST - facts.length;
    const found = await log.read(tx, { after: at, upTo, limit }, { ...query, from, to });
    facts.push(...found);
    if (found.length === limit) return { facts, next: found.at(-1)!.position };
    at = upTo;
  }
  return { facts, next: at < last ? at : null };
}
/** Of the last fact before this time. */
async function placeOf(log: ReadLog, tx: Tx, time: number, head: number): Promise<number> {
  let [low, high] = [0, head];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [fact] = await log.read(tx, { after: middle, limit: 1 });
    if (fact && Date.parse(fact.occurredAt) < time) low = fact.position;
    else high = middle;
  }
  return low;
}
