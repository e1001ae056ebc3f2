import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { readConfig } from '../config.ts';
import { withSecret } from '../database/open.ts';
import { type Anchors, readAnchors } from '../log/anchors.ts';
import { type ArchiveFile, walkArchives } from '../log/archive-file.ts';
import { keysOfSet, type TrustedKeys } from '../log/heads.ts';
import { trustedKeys } from '../log/keys.ts';
import { askOf, told, UNSEALED_SECONDS, type Verification, verifyChain, type VerifyOptions } from '../log/verify.ts';
import { Broken, type Walk } from '../log/walk.ts';
import { createSeal } from '../seal.ts';
import { withDatabase } from './commands.ts';
import { progress, say, UsageError } from './print.ts';

const USAGE = `usage: plinth audit verify [--from POSITION] [--anchor FILE]… [--keys FILE] [--archive PATH]… [--offline]
  --anchor FILE    heads kept outside the database (AUDIT_ANCHOR_FILE): finds a cut-off end and a log written anew
  --keys FILE      a saved copy of /.well-known/audit-keys.json: only these signatures count. Default: the keys that PLINTH_SECRET vouches for
  --archive PATH   a file of the archive, or its folder: verified first, then the database from where it ends
  --offline        only the archive: needs --keys, and neither database nor secret
exit code: 0 verified, 1 it could not be verified, 2 wrong usage, 3 broken, 4 verified, but facts older than a minute are not signed`;

/** What `plinth audit verify` ends with, beside the codes of every command. */
const BROKEN = 3;
const UNSIGNED = 4;

interface Asked {
  readonly from: number | undefined;
  readonly anchor: readonly string[];
  readonly archive: readonly string[];
  readonly keys: string | undefined;
  readonly offline: boolean;
}
const OPTIONS = {
  from: { type: 'string' },
  anchor: { type: 'string', multiple: true, default: [] as string[] },
  archive: { type: 'string', multiple: true, default: [] as string[] },
  keys: { type: 'string' },
  offline: { type: 'boolean', default: false },
} as const;
function asked(parameters: readonly string[]): Asked {
  try {
    const { from, anchor, archive, keys, offline } = parseArgs({ args: [...parameters], options: OPTIONS }).values;
    if (from !== undefined && !/^[1-9]\d{0,14}$/.test(from)) throw new Error('--from is a position, a number from 1');
    if (from !== undefined && archive.length > 0) throw new Error('--from and --archive do not go together');
    if (offline && (archive.length === 0 || keys === undefined)) throw new Error('--offline needs --archive and --keys');
    return { from: from === undefined ? undefined : Number(from), anchor, archive, keys, offline };
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${USAGE}`);
  }
}

export async function auditCommand([action, ...parameters]: readonly string[]): Promise<number> {
  if (action !== 'verify' || parameters.includes('--help')) throw new UsageError(USAGE);
  const { from, anchor, archive, keys: keyFile, offline } = asked(parameters);
  const saved = keyFile === undefined ? undefined : keysOfSet(await readFile(keyFile, 'utf8'));
  const files = (await Promise.all(archive.map(archiveFiles))).flat();
  const optionsWith = async (keys: TrustedKeys): Promise<VerifyOptions> => {
    const anchors = anchor.length > 0 ? await readAnchors(anchor, keys) : undefined;
    if (anchors && anchors.unreadable > 0) say(`${anchors.unreadable} lines of the anchors cannot be read: they prove nothing`);
    return { keys, anchors, onProgress: everyFiveSeconds() };
  };
  if (offline) return verdict(await alone(files, await optionsWith(saved!)));
  return withDatabase(async ({ ownerUrl }) => {
    const options = await optionsWith(saved ?? (await vouchedKeys(ownerUrl)));
    const archived = files.length > 0 ? await throughArchive(files, options) : undefined;
    if (archived && 'ok' in archived) return verdict(archived);
    return verdict(await verifyChain(ownerUrl, { ...options, from, walk: archived }));
  });
}

function verdict(result: Verification): number {
  say(result.message);
  if (!result.ok) return BROKEN;
  return result.unsealedSeconds > UNSEALED_SECONDS ? UNSIGNED : 0;
}

async function archiveFiles(path: string): Promise<ArchiveFile[]> {
  const folder = (await stat(path)).isDirectory();
  const paths = folder ? (await readdir(path)).filter((name) => name.endsWith('.ndjson.gz')).map((name) => join(path, name)) : [path];
  if (paths.length === 0) throw new UsageError(`${path} holds no archive of the log (*.ndjson.gz)`);
  return paths.map((file) => ({ name: basename(file), read: () => createReadStream(file) }));
}
const nothing = { sealedTo: 0, unsealedSeconds: 0, waiting: 0 };
/** The walk that goes on in the database, or what is wrong already. */
async function throughArchive(files: readonly ArchiveFile[], options: VerifyOptions): Promise<Walk | Verification> {
  try {
    return await walkArchives(files, options);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    return told({ ...nothing, walk: undefined, to: 0, broken: error });
  }
}
/** The archive by itself. Anchors that are newer than it cannot be met. */
async function alone(files: readonly ArchiveFile[], options: VerifyOptions): Promise<Verification> {
  const walk = await throughArchive(files, options);
  if ('ok' in walk) return walk;
  const forged: Anchors['forged'] = options.anchors?.forged ?? null;
  const broken = forged && new Broken(forged.position, forged.problem);
  return told({ ...nothing, walk, to: walk.at, sealedTo: walk.at, broken });
}

/** The keys of which the secret says that they are ours. */
async function vouchedKeys(url: string): Promise<TrustedKeys> {
  const { secret } = await withSecret(readConfig());
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000, application_name: 'plinth verify' });
  await client.connect();
  try {
    return await trustedKeys(askOf(client), createSeal(secret));
  } finally {
    await client.end();
  }
}

const EVERY_MS = 5000;
function everyFiveSeconds(): (at: number, to: number) => void {
  let said = performance.now();
  return (at, to) => {
    if (performance.now() - said < EVERY_MS) return;
    said = performance.now();
    progress(`${Math.floor((at / to) * 100)} %: ${at.toLocaleString('en')} of ${to.toLocaleString('en')}`);
  };
}
