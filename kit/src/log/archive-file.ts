import { pipeline, Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import type { Entry } from './entries.ts';
import type { SignedHead } from './heads.ts';
import { linesOf } from './lines.ts';
import { GENESIS, SEALED_FIELDS, type SealedRow } from './seal.ts';
import { follow, type VerifyOptions } from './verify.ts';
import { Broken, Walk } from './walk.ts';

// One file of the archive: gzipped NDJSON. A first line that says where it begins, then the entries in the log's own order. Facts stand
// with the digest of their personal data, never with the data: an archive is written once, and nothing in it is ever to be erased.

export interface ArchiveHeader {
  readonly plinth: 'log archive 1';
  readonly first: number;
  readonly last: number;
  /** The chain before the first fact, hex. */
  readonly before: string;
}
type Line =
  | { readonly fact: SealedRow; readonly leaf: string }
  | { readonly batch: { readonly last: number; readonly count: number; readonly chain: string } }
  | { readonly head: SignedHead };

/** Fields stand in the order in which they are hashed or signed, and nothing else does: one entry has one line. */
function lineOf(entry: Entry): Line {
  if (entry.kind === 'fact') {
    const { row, leaf } = entry;
    return { fact: Object.fromEntries(SEALED_FIELDS.map((field) => [field, row[field]])) as SealedRow, leaf };
  }
  if (entry.kind === 'head') {
    const { position, count, chain, at, key, signature } = entry.head;
    return { head: { position, count, chain, at, key, signature } };
  }
  const { last, count, chain } = entry;
  return { batch: { last, count, chain } };
}
function entryOf(text: string): Entry {
  const line = JSON.parse(text) as Partial<{
    fact: SealedRow;
    leaf: string;
    batch: { last: number; count: number; chain: string };
    head: SignedHead;
  }>;
  let entry: Entry;
  if (line.fact) entry = { kind: 'fact', row: line.fact, leaf: line.leaf!, personal: null };
  else if (line.batch) entry = { kind: 'batch', ...line.batch };
  else if (line.head) entry = { kind: 'head', head: line.head };
  else throw new Error('a line is no entry of the log');
  if (JSON.stringify(lineOf(entry)) !== text) throw new Error('a line holds more than an entry of the log');
  return entry;
}
const headerOf = ({ plinth, first, last, before }: ArchiveHeader): ArchiveHeader => ({ plinth, first, last, before });

const CHUNK = 65_536;
async function* textOf(header: ArchiveHeader, entries: AsyncIterable<Entry>): AsyncGenerator<string> {
  let text = `${JSON.stringify(headerOf(header))}\n`;
  for await (const entry of entries) {
    text += `${JSON.stringify(lineOf(entry))}\n`;
    if (text.length < CHUNK) continue;
    yield text;
    text = '';
  }
  yield text;
}
/** The bytes of the file, as they are asked for. */
export function packed(header: ArchiveHeader, entries: AsyncIterable<Entry>): AsyncIterable<Uint8Array> {
  const gzip = createGzip();
  pipeline(Readable.from(textOf(header, entries), { objectMode: false }), gzip, () => undefined); // who reads is told of what fails
  return gzip;
}

export interface OpenArchive {
  readonly header: ArchiveHeader;
  readonly entries: AsyncIterable<Entry>;
  close(): void;
}
/** @throws when it is no archive. */
export async function openArchive(content: AsyncIterable<Uint8Array>): Promise<OpenArchive> {
  const source = Readable.from(content);
  const gunzip = createGunzip();
  pipeline(source, gunzip, () => undefined);
  const lines = linesOf(gunzip);
  const first = await lines.next();
  const header = JSON.parse(first.done ? '{}' : first.value) as ArchiveHeader;
  const { plinth, last } = header;
  if (
    plinth !== 'log archive 1' ||
    !Number.isSafeInteger(last) ||
    !(header.first <= last) ||
    JSON.stringify(headerOf(header)) !== first.value
  )
    throw new Error('it does not begin as an archive of the log does');
  return { header, entries: entriesIn(lines), close: () => void source.destroy() };
}
async function* entriesIn(lines: AsyncIterable<string>): AsyncGenerator<Entry> {
  for await (const text of lines) yield entryOf(text);
}

/** A file of the archive, that can be read more than once. */
export interface ArchiveFile {
  readonly name: string;
  read(): AsyncIterable<Uint8Array>;
}

/**
 * Walks through files of the archive, in the order of what they hold. They may overlap, as an archiving that broke off leaves a file
 * behind: what was walked already is passed over.
 * @throws Broken
 */
export async function walkArchives(
  files: readonly ArchiveFile[],
  options: Pick<VerifyOptions, 'keys' | 'anchors' | 'onProgress'>,
): Promise<Walk> {
  const headed: { readonly file: ArchiveFile; readonly header: ArchiveHeader }[] = [];
  for (const file of files) {
    const archive = await openArchive(file.read()).catch((error: Error) => Promise.reject(new Error(`${file.name}: ${error.message}`)));
    archive.close();
    headed.push({ file, header: archive.header });
  }
  headed.sort((a, b) => a.header.first - b.header.first || b.header.last - a.header.last);
  const { first = 1, before = GENESIS.toString('hex') } = headed[0]?.header ?? {};
  const walk = new Walk({ keys: options.keys, anchors: options.anchors, after: first - 1, chain: before });
  if (first === 1 && before !== GENESIS.toString('hex')) throw new Broken(1, 'the archive does not begin where the log began');
  for (const { file, header } of headed) {
    if (header.last <= walk.at) continue;
    if (header.first > walk.at + 1) throw new Broken(walk.at + 1, 'the fact is in none of the archives that were given');
    if (header.first === walk.at + 1 && header.before !== walk.chain)
      throw new Broken(walk.at + 1, `${file.name} does not follow the archive before it`);
    await walkFile(walk, file, options.onProgress);
  }
  return walk;
}

const positionOf = (entry: Entry): number => {
  if (entry.kind === 'fact') return Number(entry.row.position);
  return entry.kind === 'batch' ? entry.last : entry.head.position;
};
async function* behind(position: number, entries: AsyncIterable<Entry>): AsyncGenerator<Entry> {
  for await (const entry of entries) if (!(positionOf(entry) <= position)) yield entry;
}

/** @throws Broken */
export async function walkFile(walk: Walk, file: ArchiveFile, onProgress?: VerifyOptions['onProgress']): Promise<void> {
  const { header, entries } = await openArchive(file.read());
  try {
    await follow(walk, behind(walk.at, entries), { to: header.last, onProgress });
  } catch (error) {
    if (error instanceof Broken) throw error;
    throw new Broken(walk.at + 1, `${file.name} cannot be read any further (${(error as Error).message})`);
  }
  walk.close();
  if (walk.at !== header.last) throw new Broken(walk.at + 1, `${file.name} ends before ${header.last}`);
  if (walk.newest?.position !== header.last) throw new Broken(header.last, `${file.name} ends without a signed head`);
}
