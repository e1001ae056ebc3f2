import { createHash } from 'node:crypto';
import pg from 'pg';
import { chainOf, GENESIS, leafOf, SEALED_COLUMNS, type SealedRow } from './seal.ts';

export interface Verification {
  readonly ok: boolean;
  /** First position that was looked at. */
  readonly from: number;
  /** Last position of the log, by its cursor. */
  readonly to: number;
  /** Facts looked at. */
  readonly facts: number;
  /** The first position that is wrong; null when all is well. */
  readonly position: number | null;
  /** One line for people. */
  readonly message: string;
}
/** What the log says at one position is not what was sealed. */
class Broken extends Error {
  readonly position: number;
  constructor(position: number, problem: string) {
    super(problem);
    this.position = position;
  }
}

interface BatchRow {
  readonly last: string;
  readonly count: number;
  readonly chain: Buffer;
}
type Row = SealedRow & { readonly leaf: Buffer; readonly salt: Buffer | null; readonly data: string | null };

const BATCHES = 500;
const BATCH_PAGE = `select last_position::text as last, count, chain from log.batches where last_position > $1 order by last_position limit ${BATCHES}`;
const ROWS = `select ${SEALED_COLUMNS}, e.leaf, p.salt, p.data from log.events e left join log.personal p on p.seq = e.seq
  where e.position > $1 and e.position <= $2 order by e.position`;

/**
 * Recomputes the log from its rows as read back as text: positions without a gap, each leaf, the chain of each batch, the
 * hashes of the personal data that still stand, and the cursor. It walks by position only (B139). It cannot see that the end
 * was cut off together with batches and cursor, or that all was written anew: that takes a head that is kept elsewhere (B141).
 * @param url of a role that may read schema log. @param options.from first position; the batch it is in is checked whole, and what
 * stands before that batch is trusted.
 */
export async function verifyChain(url: string, options: { readonly from?: number } = {}): Promise<Verification> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000, application_name: 'plinth verify' });
  await client.connect();
  try {
    await client.query(`begin transaction isolation level repeatable read read only; set local statement_timeout = 0`);
    return await verify(client, options.from ?? 1);
  } finally {
    await client.end();
  }
}

async function verify(client: pg.Client, wanted: number): Promise<Verification> {
  const before = await client.query<BatchRow>(
    `select last_position::text as last, count, chain from log.batches where last_position < $1 order by last_position desc limit 1`,
    [wanted],
  );
  const cursor = (await client.query<{ position: string; chain: Buffer }>('select position::text, chain from log.cursor')).rows[0];
  const start = Number(before.rows[0]?.last ?? 0);
  let at = start;
  let chain = before.rows[0]?.chain ?? GENESIS;
  const to = Number(cursor?.position ?? 0);
  try {
    for (;;) {
      const { rows: batches } = await client.query<BatchRow>(BATCH_PAGE, [at]);
      for (const batch of batches) {
        chain = await verifyBatch(client, at, chain, batch);
        at = Number(batch.last);
      }
      if (batches.length < BATCHES) break;
    }
    await verifyEnd(client, at, chain, cursor);
    const message = start === 0 ? `The log verifies: ${at} facts.` : `The log verifies from position ${start + 1} to ${at}.`;
    return { ok: true, from: start + 1, to, facts: at - start, position: null, message };
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    return {
      ok: false,
      from: start + 1,
      to,
      facts: at - start,
      position: error.position,
      message: `The log is broken at position ${error.position}: ${error.message}.`,
    };
  }
}

async function verifyBatch(client: pg.Client, after: number, chain: Buffer, batch: BatchRow): Promise<Buffer> {
  const last = Number(batch.last);
  const { rows } = await client.query<Row>(ROWS, [after, last]);
  const leaves: Buffer[] = [];
  for (const row of rows) {
    const expected = after + leaves.length + 1;
    if (row.position !== String(expected)) throw new Broken(expected, 'the fact is missing');
    leaves.push(verifyRow(row, expected));
  }
  if (leaves.length < last - after) throw new Broken(after + leaves.length + 1, 'the fact is missing');
  if (batch.count !== leaves.length) throw new Broken(after + 1, `a batch up to ${last} is missing or was changed`);
  const next = chainOf(chain, leaves);
  if (!next.equals(batch.chain)) throw new Broken(after + 1, `the facts up to ${last} are not those that were sealed`);
  return next;
}

function verifyRow(row: Row, position: number): Buffer {
  const leaf = leafOf(row);
  if (!leaf.equals(row.leaf)) throw new Broken(position, 'the fact was changed');
  if (row.salt !== null && row.data !== null) {
    const hash = createHash('sha256').update(row.salt).update(row.data).digest('hex');
    if (hash !== row.personal_hash) throw new Broken(position, 'its personal data were changed');
  }
  return leaf;
}

async function verifyEnd(
  client: pg.Client,
  at: number,
  chain: Buffer,
  cursor: { readonly position: string; readonly chain: Buffer } | undefined,
): Promise<void> {
  const { rows } = await client.query<{ position: string }>(
    'select position::text from log.events where position > $1 or position < 1 order by position limit 1',
    [at],
  );
  if (rows[0]) throw new Broken(Number(rows[0].position), 'the fact was never sealed');
  if (!cursor) throw new Broken(at + 1, 'the cursor is missing');
  if (Number(cursor.position) !== at)
    throw new Broken(Math.min(at, Number(cursor.position)) + 1, `the log was sealed up to ${cursor.position} but ends at ${at}`);
  if (!cursor.chain.equals(chain)) throw new Broken(at, 'the chain at the cursor is not that of the last batch');
}
