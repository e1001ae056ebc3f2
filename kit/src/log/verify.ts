import pg from 'pg';
import type { Anchors } from './anchors.ts';
import { type Ask, entriesOf, type Entry, HEAD_COLUMNS, type HeadRow, headOf } from './entries.ts';
import { archivesOf } from './archives.ts';
import { archiveText, signatureProblem, type SignedArchive, type TrustedKeys } from './heads.ts';
import { Broken, Walk } from './walk.ts';

export interface Verification {
  readonly ok: boolean;
  /** First position that was looked at. */
  readonly from: number;
  /** Last position of the log, by its cursor. */
  readonly to: number;
  /** Facts looked at. */
  readonly facts: number;
  /** Signed heads that were checked. */
  readonly heads: number;
  /** Anchors that were met. */
  readonly anchors: number;
  /** Facts at the end that are chained, but under no signed head yet. */
  readonly unsealed: number;
  /** Seconds the oldest of them waits to be signed; 0 when there is none. More than a minute: nobody signs, or heads were removed. */
  readonly unsealedSeconds: number;
  /** Facts that wait for their place in the log, counted to 10,000. */
  readonly waiting: number;
  /** The first position that is wrong; null when all is well. */
  readonly position: number | null;
  /** One line for people. */
  readonly message: string;
}
export interface VerifyOptions {
  /** Whose signatures count. */
  readonly keys: TrustedKeys;
  readonly anchors?: Anchors | undefined;
  /** First position; the batch it is in is checked whole. What stands before it is proved by the signatures after it. */
  readonly from?: number | undefined;
  /** A walk through the archive that goes on in the database. */
  readonly walk?: Walk | undefined;
  /** Called now and then with the position that was reached. */
  readonly onProgress?: ((at: number, to: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Rows at a time: fewer leave more of a server's time to others. */
  readonly page?: number;
}
/** An unsealed fact may be this old, in seconds: a worker signs each second. */
export const UNSEALED_SECONDS = 60;

interface Bounds {
  readonly position: string | null;
  readonly chain: string | null;
  readonly lastFact: string | null;
  readonly firstFact: string | null;
  readonly lastBatch: string | null;
  readonly lastHead: string | null;
  readonly waiting: number;
}
// One statement, one snapshot: what comes after it is not looked at, what stood at that moment does not change any more.
const BOUNDS = `select c.position::text, encode(c.chain, 'hex') as chain, (select max(position)::text from log.events) as "lastFact",
  (select min(position)::text from log.events) as "firstFact", (select max(last_position)::text from log.batches) as "lastBatch",
  (select max(position)::text from log.heads) as "lastHead", (select count(*)::int from (select 1 from log.outbox limit 10000) w) as waiting
  from (select 1) as always left join log.cursor c on true`;
const BATCH_BEFORE = `select last_position::text as last, encode(chain, 'hex') as chain from log.batches where last_position < $1 order by last_position desc limit 1`;
interface BatchBefore {
  readonly last: string;
  readonly chain: string;
}
const HEAD_AT = `select ${HEAD_COLUMNS} from log.heads h where h.position = $1`;
const UNSEALED = `select coalesce(extract(epoch from clock_timestamp() - min(sealed_at)), 0)::float8 as seconds from log.batches where last_position > $1 and last_position <= $2`;

/** Connects by itself. @param url of a role that may read schema log. */
export async function verifyChain(url: string, options: VerifyOptions): Promise<Verification> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000, application_name: 'plinth verify' });
  await client.connect();
  try {
    return await verifyLog(askOf(client), options);
  } finally {
    await client.end();
  }
}
/**
 * One statement after the other on one connection, whoever asks meanwhile, without the limits of requests. Each in a transaction:
 * what is set for a session stays, behind a pooler, with a connection that requests get next (S66).
 */
export function askOf(client: pg.Client): Ask {
  let last: Promise<unknown> = Promise.resolve();
  return <Row>(text: string, values: readonly unknown[]): Promise<Row[]> => {
    const rows = last.then(async () => {
      await client.query('begin; set local statement_timeout = 0');
      try {
        const result = await client.query(text, [...values]);
        await client.query('commit');
        return result.rows as Row[];
      } catch (error) {
        await client.query('rollback').catch(() => undefined);
        throw error;
      }
    });
    last = rows.catch(() => undefined);
    return rows;
  };
}

/**
 * Recomputes the log from its rows as read back as text: positions without a gap, each leaf, the chain of each batch, the hashes of
 * the personal data that still stand, every signed head, the anchors if there are any, and the cursor (B141). No transaction is held:
 * below the cursor nothing changes but what retention takes away, and then it begins anew behind that.
 */
export async function verifyLog(ask: Ask, options: VerifyOptions): Promise<Verification> {
  for (;;) {
    const standing = await standingNow(ask);
    const result = await verifyOnce(ask, standing.archives, options);
    if (result.ok || !movedOn(standing, await standingNow(ask))) return result;
    if (options.walk) throw new Error('facts went to the archive meanwhile: verify once more, with the new archive');
  }
}
interface Standing {
  readonly archives: readonly SignedArchive[];
  readonly first: number | null;
}
const FIRST = 'select min(position)::text as first from log.events';
async function standingNow(ask: Ask): Promise<Standing> {
  const [row] = await ask<{ first: string | null }>(FIRST, []);
  return { archives: await archivesOf(ask), first: row!.first === null ? null : Number(row!.first) };
}
/** Retention took facts away, as far as an archive is recorded. */
function movedOn(before: Standing, now: Standing): boolean {
  const archived = now.archives.at(-1)?.last ?? 0;
  if (archived > (before.archives.at(-1)?.last ?? 0)) return true;
  return before.first !== null && before.first <= archived && (now.first === null || now.first > before.first);
}

async function verifyOnce(ask: Ask, archives: readonly SignedArchive[], options: VerifyOptions): Promise<Verification> {
  const { keys, anchors, onProgress, signal, page } = options;
  const [bounds] = await ask<Bounds>(BOUNDS, []);
  const to = Number(bounds!.position ?? 0);
  const first = bounds!.firstFact === null ? null : Number(bounds!.firstFact);
  let walk = options.walk;
  let broken: Broken | null = null;
  try {
    const floor = checkArchives(archives, keys, walk);
    if (first !== null && first < 1) throw new Broken(first, 'the fact was never sealed');
    if (walk) await compareOverlap(ask, walk, await startOf(ask, 1, { floor, first }), options);
    else {
      const start = await startOf(ask, Math.max(options.from ?? 1, 1), { floor, first });
      walk = new Walk({ keys, anchors, after: start.after, chain: start.chain });
      const [head] = start.after > 0 ? await ask<HeadRow>(HEAD_AT, [start.after]) : [];
      if (head) walk.head(headOf(head));
    }
    await follow(walk, entriesOf(ask, walk.at, to, page), { to, onProgress, signal });
    checkEnd(walk, bounds!);
    if (anchors?.forged) throw new Broken(anchors.forged.position, anchors.forged.problem);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    broken = error;
  }
  const sealedTo = Math.max(walk?.newest?.position ?? 0, (walk?.from ?? 1) - 1);
  const [age] = await ask<{ seconds: number }>(UNSEALED, [sealedTo, to]);
  return told({ walk, to, sealedTo, unsealedSeconds: age!.seconds, waiting: bounds!.waiting, broken });
}

/** Facts that stand in an archive and still in the database: both must say the same. @throws Broken */
async function compareOverlap(ask: Ask, walk: Walk, start: Start, { keys, page, signal }: VerifyOptions): Promise<void> {
  if (start.after >= walk.at) return;
  const standing = new Walk({ keys, after: start.after, chain: start.chain });
  await follow(standing, entriesOf(ask, start.after, walk.at, page), { to: walk.at, signal });
  standing.close();
  if (standing.at !== walk.at || standing.chain !== walk.chain)
    throw new Broken(start.after + 1, `the facts up to ${walk.at} are not those of the archive`);
}

/** Records of archives vouch for what is not here any more: each signed, each behind the one before. */
function checkArchives(archives: readonly SignedArchive[], keys: TrustedKeys, walk: Walk | undefined): SignedArchive | undefined {
  let [after, chain] = [0, ''];
  for (const archive of archives) {
    const problem = signatureProblem(archiveText(archive), archive, keys);
    if (problem !== null) throw new Broken(archive.first, `the record of its archive ${problem}`);
    if (archive.first !== after + 1 || (chain !== '' && archive.before !== chain))
      throw new Broken(after + 1, 'the records of the archives have a gap');
    [after, chain] = [archive.last, archive.chain];
  }
  const floor = archives.at(-1);
  if (walk && floor && walk.at < floor.last)
    throw new Broken(walk.at + 1, `the fact is neither in the log, which begins at ${floor.last + 1}, nor in the archives that were given`);
  return floor;
}

interface Start {
  readonly after: number;
  readonly chain?: string;
}
interface Earliest {
  readonly floor: SignedArchive | undefined;
  readonly first: number | null;
}
/** Where a walk that wants to see this position begins: at the end of a batch. @throws Broken */
async function startOf(ask: Ask, wanted: number, { floor, first }: Earliest): Promise<Start> {
  let earliest: Start = floor ? { after: floor.last, chain: floor.chain } : { after: 0 };
  if (floor && first !== null && first <= floor.last) {
    // Archived, and not dropped yet; or put there afterwards.
    const [batch] = first === 1 ? [] : await ask<BatchBefore>(BATCH_BEFORE, [first]);
    if (first > 1 && Number(batch?.last) !== first - 1) throw new Broken(first, 'the fact was put where facts were archived and dropped');
    earliest = batch ? { after: first - 1, chain: batch.chain } : { after: 0 };
  }
  if (wanted <= earliest.after + 1) return earliest;
  const [before] = await ask<BatchBefore>(BATCH_BEFORE, [wanted]);
  return before && Number(before.last) > earliest.after ? { after: Number(before.last), chain: before.chain } : earliest;
}

const STEP = 10_000;
/** Takes every entry. @throws Broken */
export async function follow(
  walk: Walk,
  entries: AsyncIterable<Entry>,
  { to, onProgress, signal }: Pick<VerifyOptions, 'onProgress' | 'signal'> & { readonly to: number },
): Promise<void> {
  let next = walk.at + STEP;
  for await (const entry of entries) {
    walk.take(entry);
    if (walk.at < next) continue;
    next += STEP;
    signal?.throwIfAborted();
    onProgress?.(walk.at, to);
  }
}

function checkEnd(walk: Walk, { position, chain, lastFact, lastBatch, lastHead }: Bounds): void {
  const { at } = walk;
  if (at > Number(position ?? at)) throw new Broken(Number(position) + 1, `the log ends at ${position}, the archive at ${at}`);
  walk.end();
  if (position === null) throw new Broken(at + 1, 'the cursor is missing');
  const to = Number(position);
  if (to !== at) throw new Broken(at + 1, `the log was sealed up to ${to} but ends at ${at}`);
  const beyond = Math.max(Number(lastBatch ?? 0), Number(lastHead ?? 0));
  if (Number(lastFact ?? 0) > to) throw new Broken(to + 1, 'the fact was never sealed');
  if (beyond > to) throw new Broken(to + 1, `the log ends at ${to}, but was sealed up to ${beyond}: its end was cut off`);
  if (chain !== walk.chain) throw new Broken(at, 'the chain at the cursor is not that of the last batch');
}

/** Puts what a walk found into words. */
export function told(found: {
  readonly walk: Walk | undefined;
  readonly to: number;
  readonly sealedTo: number;
  readonly unsealedSeconds: number;
  readonly waiting: number;
  readonly broken: Broken | null;
}): Verification {
  const { walk, to, sealedTo, unsealedSeconds, waiting, broken } = found;
  const from = walk?.from ?? 1;
  const facts = Math.max(0, (walk?.at ?? 0) - from + 1);
  const counts = { heads: walk?.heads ?? 0, anchors: walk?.anchors ?? 0, unsealed: Math.max(0, to - sealedTo), waiting };
  const common = { from, to, facts, ...counts, unsealedSeconds: counts.unsealed > 0 ? unsealedSeconds : 0 };
  if (broken) {
    const { position, message: problem } = broken;
    return { ok: false, ...common, position, message: `broken at position ${position}: ${problem}` };
  }
  return { ok: true, ...common, position: null, message: sentence(common) };
}

const counted = (n: number, one: string): string => `${n.toLocaleString('en')} ${one}${n === 1 ? '' : 's'}`;
function sentence({
  from,
  to,
  facts,
  heads,
  anchors,
  unsealed,
  unsealedSeconds,
  waiting,
}: Omit<Verification, 'ok' | 'position' | 'message'>) {
  if (to === 0) return `the log is empty${waiting > 0 ? `; ${counted(waiting, 'fact')} without a place yet` : ''}`;
  const proofs = [counted(facts, 'fact'), counted(heads, 'signed head'), ...(anchors > 0 ? [counted(anchors, 'anchor')] : [])];
  const parts = [`verified from ${from} to ${to} (${proofs.join(', ')})`, `${unsealed.toLocaleString('en')} unsealed`];
  if (unsealedSeconds > UNSEALED_SECONDS)
    parts.push(
      `the oldest of them waits for ${Math.round(unsealedSeconds).toLocaleString('en')} s: no worker signs, or heads were removed`,
    );
  if (waiting > 0) parts.push(`${counted(waiting, 'fact')} without a place yet`);
  return parts.join('; ');
}
