import type { Logger } from 'pino';
import { system } from '../caller.ts';
import type { Database } from '../database/database.ts';
import { startLoop } from '../loop.ts';
import type { Seal } from '../seal.ts';
import { uuidv7 } from '../uuid.ts';
import { TIME } from './entries.ts';
import { headText } from './heads.ts';
import { type HeadSigner, openSigner, replaceKey } from './keys.ts';

const EVERY_MS = 1000;
/** Several workers sign in turn: not again right after another did. */
const PAUSE_MS = 700;

interface Due {
  readonly position: string;
  readonly chain: string;
  readonly at: string;
  readonly kid: string | null;
  readonly private_key: string | null;
  /** The chain where this process signed last, as it stands now; null when nothing ends there. */
  readonly stands: string | null;
  readonly archived: boolean;
}
const DUE = `select c.position::text, encode(c.chain, 'hex') as chain, ${TIME('clock_timestamp()')} as at, s.kid, s.private_key,
    (select encode(b.chain, 'hex') from log.batches b where b.last_position = $2::bigint) as stands,
    exists (select 1 from log.archives a where a.last_position >= $2::bigint) as archived
  from log.cursor c left join log.signer s on true
  where c.position > 0 and not exists (select 1 from log.heads h where h.position = c.position)
    and coalesce((select h.signed_at from log.heads h order by h.position desc limit 1) < clock_timestamp() - make_interval(secs => $1::float8 / 1000), true)`;
const INSERT = `insert into log.heads (position, count, chain, signed_at, kid, signature)
  values ($1::bigint, $2::bigint, decode($3::text, 'hex'), $4::timestamptz, $5::text, decode($6::text, 'base64')) on conflict do nothing`;

export interface SigningOptions {
  readonly db: Database;
  readonly seal: Seal;
  readonly logger: Logger;
}

/**
 * What signs the head of the log when one is due: not right after another worker did, unless `pauseMs` is 0. A key that was encrypted
 * with another secret is replaced. A log that is not the one that this process signed before is not signed any more: who rewrote it
 * shall not get our signature under it.
 * @returns the position that was signed.
 */
export function createSigning({ db, seal, logger }: SigningOptions): (pauseMs: number) => Promise<number | null> {
  let signer: HeadSigner | undefined;
  let signed: { readonly position: number; readonly chain: string } | undefined;
  let told = false;

  const due = async (pauseMs: number): Promise<Due | undefined> =>
    (await db.run<Due>({ text: DUE, values: [pauseMs, signed?.position ?? 0] })).rows[0];
  const another = ({ position, stands, archived }: Due): boolean => {
    if (!signed || stands === signed.chain || (archived && stands === null && Number(position) >= signed.position)) return false;
    if (!told)
      logger.fatal(
        { position: signed.position, chain: signed.chain, stands },
        'the log is not the one that was signed here: it is not signed any more. Run `plinth audit verify` with an anchor; a restart signs again',
      );
    return (told = true);
  };
  const open = ({ kid, private_key }: Due): HeadSigner | undefined => {
    if (kid === null || private_key === null) return undefined;
    return signer?.kid === kid ? signer : openSigner(seal, { kid, private_key });
  };
  const renew = async (replaces: string | null): Promise<void> => {
    if (replaces !== null)
      logger.warn({ kid: replaces }, 'the key that signed the log was encrypted with another PLINTH_SECRET: a new one takes its place');
    await db.transaction((tx) => replaceKey(tx, system('log.sign', null, uuidv7()), seal, replaces));
  };
  return async (pauseMs) => {
    let next = await due(pauseMs);
    if (!next || another(next)) return null;
    signer = open(next);
    if (!signer) {
      await renew(next.kid);
      next = await due(pauseMs);
      signer = next && open(next);
    }
    if (!next || !signer) return null;
    const position = Number(next.position);
    const { chain, at } = next;
    const { key, signature } = signer.sign(headText({ position, count: position, chain, at }));
    await db.run({ text: INSERT, values: [position, position, chain, at, key, signature] });
    signed = { position, chain };
    return position;
  };
}

export interface Signing {
  stop(): Promise<void>;
}
/** Signs each second when something is new, beside the requests: nothing waits for it. Workers do it. */
export function startSigning(options: SigningOptions): Signing {
  const { logger } = options;
  const sign = createSigning(options);
  const loop = startLoop({ name: 'signer', everyMs: EVERY_MS, logger, run: async () => (await sign(PAUSE_MS), false) });
  return {
    async stop() {
      await loop.stop();
      // A server that was stopped leaves nothing unsigned behind.
      await sign(0).catch((error: unknown) => logger.warn({ err: error }, 'the last head was not signed'));
    },
  };
}
