import { createHash, randomBytes } from 'node:crypto';
import type { Database } from '../database/database.ts';
import type { Tx } from '../database/transaction.ts';
import type { Seal } from '../seal.ts';
import { packed, walkFile } from './archive-file.ts';
import type { ArchiveStore } from './archive-store.ts';
import { archivesOf } from './archives.ts';
import { type Ask, type Entry, entriesOf, TIME } from './entries.ts';
import { type Archive, archiveText, signatureProblem, type SignedArchive, type TrustedKeys } from './heads.ts';
import { openSigner, trustedKeys } from './keys.ts';
import { GENESIS } from './seal.ts';
import { askOf } from './verify.ts';
import { Broken, Walk } from './walk.ts';

/** Facts in one file, about: it ends at a signed head. */
const FACTS = 500_000;
const DROPPED = 5000;
// The last head within one file that is old enough; where none is, the next one.
const DUE = `select coalesce(max(h.position) filter (where h.position <= $1::bigint + $2::bigint), min(h.position))::text as last
  from log.heads h, log.retention r where h.position > $1::bigint and h.signed_at < now() - make_interval(days => r.days)`;
const INSERT = `insert into log.archives (last_position, first_position, before, chain, name, bytes, sha256, archived_at, kid, signature)
  values ($1::bigint, $2::bigint, decode($3::text, 'hex'), decode($4::text, 'hex'), $5::text, $6::bigint, decode($7::text, 'hex'), $8::timestamptz, $9::text, decode($10::text, 'base64'))`;

export interface ArchivingOptions {
  readonly store: ArchiveStore;
  /** Publishes the fact that tells of it, with the record. */
  readonly record: (tx: Tx, archive: SignedArchive) => Promise<void>;
  readonly signal?: AbortSignal | undefined;
  /** Facts a file. */
  readonly facts?: number;
}

/**
 * Writes the oldest facts that are past their time to one file, verified on the way out and once more as it is stored, records it,
 * signed, and only then drops them (B143). Whoever dies in between leaves a file that nobody reads, or facts that the next one drops.
 * @returns the archive; null when nothing is due, or another was faster.
 * @throws Broken when the log or a file does not verify: nothing is dropped then.
 */
export async function archiveNext(
  { db, seal }: { readonly db: Database; readonly seal: Seal },
  options: ArchivingOptions,
): Promise<SignedArchive | null> {
  const client = await db.connect();
  try {
    const ask = askOf(client);
    const keys = await trustedKeys(ask, seal);
    const archives = await archivesOf(ask);
    await takeUp(ask, db, { keys, archives, store: options.store });
    const before = archives.at(-1) ?? { last: 0, chain: GENESIS.toString('hex') };
    const [due] = await ask<{ last: string | null }>(DUE, [before.last, options.facts ?? FACTS]);
    if (!due?.last) return null;
    const range = { before, last: Number(due.last), name: nameOf(before.last + 1, Number(due.last)) };
    let recording = false;
    try {
      const archive = await sign(ask, seal, await write(ask, keys, range, options));
      recording = true;
      await db.transaction(async (tx) => {
        await tx.run({ text: INSERT, values: valuesOf(archive) });
        await options.record(tx, archive);
      });
      await dropArchived(db);
      return archive;
    } catch (error) {
      const recorded = (await archivesOf(ask)).slice(archives.length);
      // Where only the answer to COMMIT was lost the file is recorded, and stays.
      if (recorded.some(({ name }) => name === range.name)) throw error;
      if (recorded.length > 0 || !recording) await options.store.remove(range.name);
      if (recorded.length > 0) return null;
      throw error;
    }
  } finally {
    await client.end();
  }
}

interface Range {
  readonly before: Pick<Archive, 'last' | 'chain'>;
  readonly last: number;
  readonly name: string;
}
const digits = (position: number): string => String(position).padStart(15, '0');
/** No two runs write one file, whatever became of the other. */
const nameOf = (first: number, last: number): string => `log-${digits(first)}-${digits(last)}-${randomBytes(4).toString('hex')}.ndjson.gz`;

async function write(
  ask: Ask,
  keys: TrustedKeys,
  { before, last, name }: Range,
  { store, signal }: ArchivingOptions,
): Promise<Omit<Archive, 'at'>> {
  const first = before.last + 1;
  const walk = new Walk({ keys, after: before.last, chain: before.chain });
  const checked = async function* (): AsyncGenerator<Entry> {
    for await (const entry of entriesOf(ask, before.last, last)) {
      walk.take(entry);
      signal?.throwIfAborted();
      yield entry;
    }
    walk.close();
  };
  const { bytes, sha256 } = await store.write(name, packed({ plinth: 'log archive 1', first, last, before: before.chain }, checked()));
  const archive = { first, last, before: before.chain, chain: walk.chain, name, bytes, sha256 };
  await checkStored(store, keys, archive);
  return archive;
}
/** Whether what is read from the store is what was written to it, byte by byte. @throws Broken */
async function checkStored(store: ArchiveStore, keys: TrustedKeys, archive: Omit<Archive, 'at'>): Promise<void> {
  const { first, before, name, sha256 } = archive;
  const hash = createHash('sha256');
  const read = async function* (): AsyncGenerator<Uint8Array> {
    for await (const part of store.read(name)) {
      hash.update(part);
      yield part;
    }
  };
  const walk = new Walk({ keys, after: first - 1, chain: before });
  await walkFile(walk, { name, read });
  if (walk.chain !== archive.chain || walk.at !== archive.last || hash.digest('hex') !== sha256)
    throw new Broken(first, `${name} is not the file that was written`);
}

async function sign(ask: Ask, seal: Seal, written: Omit<Archive, 'at'>): Promise<SignedArchive> {
  const [now] = await ask<{ at: string; kid: string; private_key: string }>(
    `select ${TIME('clock_timestamp()')} as at, kid, private_key from log.signer`,
    [],
  );
  const signer = now && openSigner(seal, now);
  if (!signer) throw new Error('no key signs the log: does a worker run with this PLINTH_SECRET?');
  const archive: Archive = { ...written, at: now.at };
  return { ...archive, ...signer.sign(archiveText(archive)) };
}
const valuesOf = ({ last, first, before, chain, name, ...archive }: SignedArchive): unknown[] => {
  const { bytes, sha256, at, key, signature } = archive;
  return [last, first, before, chain, name, bytes, sha256, at, key, signature];
};

const STANDING = 'select min(position)::text as first from log.events';
interface Taken {
  readonly keys: TrustedKeys;
  readonly archives: readonly SignedArchive[];
  readonly store: ArchiveStore;
}
/** Drops what a run that broke off recorded, once its file was read again: a machine may have been lost meanwhile. */
async function takeUp(ask: Ask, db: Database, { keys, archives, store }: Taken): Promise<void> {
  const [standing] = await ask<{ first: string | null }>(STANDING, []);
  const left = archives.filter(({ last }) => standing?.first && last >= Number(standing.first));
  for (const archive of left) {
    const problem = signatureProblem(archiveText(archive), archive, keys);
    if (problem !== null) throw new Broken(archive.first, `the record of its archive ${problem}`);
    await checkStored(store, keys, archive);
  }
  if (left.length > 0) await dropArchived(db);
}
async function dropArchived(db: Database): Promise<void> {
  for (let dropped = -1; dropped !== 0;) {
    const { rows } = await db.run<{ n: number }>({ text: 'select log.drop_archived($1) as n', values: [DROPPED] });
    dropped = rows[0]!.n;
  }
}
