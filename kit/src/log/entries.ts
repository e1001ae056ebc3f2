import type { SignedHead } from './heads.ts';
import { SEALED_COLUMNS, type SealedRow } from './seal.ts';

/** What the log is made of, in its own order: facts, then the batch that they fill, then its head where one was signed. */
export type Entry =
  | {
      readonly kind: 'fact';
      readonly row: SealedRow;
      /** As it is stored, hex. */
      readonly leaf: string;
      readonly personal: { readonly salt: Buffer; readonly data: string } | null;
    }
  | { readonly kind: 'batch'; readonly last: number; readonly count: number; readonly chain: string }
  | { readonly kind: 'head'; readonly head: SignedHead };

/** Runs one statement. Numbers beyond 32 bits and times come as text: the statements here ask for that. */
export type Ask = <Row>(text: string, values: readonly unknown[]) => Promise<Row[]>;

export const TIME = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
export const HEAD_COLUMNS = `h.position::text, h.count::text, encode(h.chain, 'hex') as chain, ${TIME('h.signed_at')} as at, h.kid as key, encode(h.signature, 'base64') as signature`;
export interface HeadRow {
  readonly position: string;
  readonly count: string;
  readonly chain: string;
  readonly at: string;
  readonly key: string;
  readonly signature: string;
}
export const headOf = ({ position, count, chain, at, key, signature }: HeadRow): SignedHead => ({
  position: Number(position),
  count: Number(count),
  chain,
  at,
  key,
  signature: signature.replaceAll('\n', ''),
});

type FactRow = SealedRow & { readonly position: string; readonly leaf: string; readonly salt: Buffer | null; readonly data: string | null };
const FACTS = `select ${SEALED_COLUMNS}, encode(e.leaf, 'hex') as leaf, p.salt, p.data from log.events e left join log.personal p on p.seq = e.seq
  where e.position > $1 and e.position <= $2 order by e.position limit $3`;
interface BatchRow {
  readonly position: string;
  readonly count: number;
  readonly chain: string;
}
const BATCHES = `select b.last_position::text as position, b.count, encode(b.chain, 'hex') as chain from log.batches b
  where b.last_position > $1 and b.last_position <= $2 order by b.last_position limit $3`;
const HEADS = `select ${HEAD_COLUMNS} from log.heads h where h.position > $1 and h.position <= $2 order by h.position limit $3`;

/** Rows by position, a page at a time; the next page is on its way while one is read. */
async function* paged<Row extends { readonly position: string }>(ask: Ask, text: string, after: number, to: number, size: number) {
  let coming = ask<Row>(text, [after, to, size]);
  for (;;) {
    const rows = await coming;
    const last = rows.at(-1);
    if (rows.length === size && last) {
      coming = ask<Row>(text, [last.position, to, size]);
      coming.catch(() => undefined); // whoever waits for it is told; nobody may wait any more
    }
    yield* rows;
    if (rows.length < size) return;
  }
}

const PAGE = 1000;
/** The log from its rows, with no more than a few pages in memory. @param after a position where a batch ended. @param page rows at a time. */
export async function* entriesOf(ask: Ask, after: number, to: number, page = PAGE): AsyncGenerator<Entry> {
  const facts = paged<FactRow>(ask, FACTS, after, to, page);
  const heads = paged<HeadRow>(ask, HEADS, after, to, page);
  let fact = await facts.next();
  let head = await heads.next();
  for await (const batch of paged<BatchRow>(ask, BATCHES, after, to, page)) {
    const last = Number(batch.position);
    for (; !fact.done && Number(fact.value.position) <= last; fact = await facts.next()) yield factEntry(fact.value);
    yield { kind: 'batch', last, count: batch.count, chain: batch.chain };
    for (; !head.done && Number(head.value.position) <= last; head = await heads.next()) yield { kind: 'head', head: headOf(head.value) };
  }
  for (; !fact.done; fact = await facts.next()) yield factEntry(fact.value);
  for (; !head.done; head = await heads.next()) yield { kind: 'head', head: headOf(head.value) };
}

const factEntry = ({ leaf, salt, data, ...row }: FactRow): Entry => ({
  kind: 'fact',
  row,
  leaf,
  personal: salt !== null && data !== null ? { salt, data } : null,
});
