import { type Ask, TIME } from './entries.ts';
import type { SignedArchive } from './heads.ts';

type ArchiveRow = Omit<SignedArchive, 'first' | 'last' | 'bytes'> & {
  readonly first: string;
  readonly last: string;
  readonly bytes: string;
};
const ARCHIVES = `select a.first_position::text as first, a.last_position::text as last, encode(a.before, 'hex') as before, encode(a.chain, 'hex') as chain,
  a.name, a.bytes::text, encode(a.sha256, 'hex') as sha256, ${TIME('a.archived_at')} as at, a.kid as key, encode(a.signature, 'base64') as signature
  from log.archives a order by a.last_position`;

const archiveOf = (row: ArchiveRow): SignedArchive => ({
  ...row,
  first: Number(row.first),
  last: Number(row.last),
  bytes: Number(row.bytes),
  signature: row.signature.replaceAll('\n', ''),
});

/** The records of what was archived, oldest first: one for some hundred thousand facts. */
export const archivesOf = async (ask: Ask): Promise<SignedArchive[]> => (await ask<ArchiveRow>(ARCHIVES, [])).map(archiveOf);
