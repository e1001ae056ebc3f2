import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { readConfig } from '../config.ts';
import { withSecret } from '../database/open.ts';
import { readAnchors } from '../log/anchors.ts';
import { keysOfSet, type TrustedKeys } from '../log/heads.ts';
import { trustedKeys } from '../log/keys.ts';
import { askOf, UNSEALED_SECONDS, verifyChain } from '../log/verify.ts';
import { createSeal } from '../seal.ts';
import { withDatabase } from './commands.ts';
import { progress, say, UsageError } from './print.ts';

const USAGE = `usage: plinth audit verify [--from POSITION] [--anchor FILE]… [--keys FILE]
  --anchor FILE   heads kept outside the database (AUDIT_ANCHOR_FILE): finds a cut-off end and a log written anew
  --keys FILE     a saved copy of /.well-known/audit-keys.json: only these signatures count. Default: the keys that PLINTH_SECRET vouches for
exit code: 0 verified, 1 it could not be verified, 2 wrong usage, 3 broken, 4 verified, but facts older than a minute are not signed`;

/** What `plinth audit verify` ends with, beside the codes of every command. */
export const BROKEN = 3;
export const UNSIGNED = 4;

interface Asked {
  readonly from: number | undefined;
  readonly anchor: readonly string[];
  readonly keys: string | undefined;
}
function asked(parameters: readonly string[]): Asked {
  const options = { from: { type: 'string' }, anchor: { type: 'string', multiple: true }, keys: { type: 'string' } } as const;
  try {
    const { from, anchor = [], keys } = parseArgs({ args: [...parameters], options }).values;
    if (from !== undefined && !/^[1-9]\d{0,14}$/.test(from)) throw new Error('--from is a position, a number from 1');
    return { from: from === undefined ? undefined : Number(from), anchor, keys };
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${USAGE}`);
  }
}

export async function auditCommand([action, ...parameters]: readonly string[]): Promise<number> {
  if (action !== 'verify' || parameters.includes('--help')) throw new UsageError(USAGE);
  const { from, anchor, keys: keyFile } = asked(parameters);
  const saved = keyFile === undefined ? undefined : keysOfSet(await readFile(keyFile, 'utf8'));
  return withDatabase(async ({ ownerUrl }) => {
    const keys = saved ?? (await vouchedKeys(ownerUrl));
    const anchors = anchor.length > 0 ? await readAnchors(anchor, keys) : undefined;
    if (anchors && anchors.unreadable > 0) say(`${anchors.unreadable} lines of the anchors cannot be read: they prove nothing`);
    const result = await verifyChain(ownerUrl, { keys, anchors, from, onProgress: everyFiveSeconds() });
    say(result.message);
    if (!result.ok) return BROKEN;
    return result.unsealedSeconds > UNSEALED_SECONDS ? UNSIGNED : 0;
  });
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
