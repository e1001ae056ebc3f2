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

interface Look {
  readonly due: boolean;
  readonly position: string;
  readonly chain: string;
  readonly at: string;
  readonly kid: string | null;
  readonly private_key: string | null;
  /** The newest head. */
  readonly headAt: string | null;
  readonly headChain: string | null;
  /** The chain at the newest head that this process knows of, as it stands now; null when no batch ends there. */
  readonly stands: string | null;
  readonly archived: boolean;
}
const LOOK = `select c.position::text, encode(c.chain, 'hex') as chain, ${TIME('clock_timestamp()')} as at, s.kid, s.private_key,
    n.position::text as "headAt", encode(n.chain, 'hex') as "headChain",
    c.position > 0 and not exists (select 1 from log.heads h where h.position = c.position)
      and coalesce(n.signed_at < clock_timestamp() - make_interval(secs => $1::float8 / 1000), true) as due,
    (select encode(b.chain, 'hex') from log.batches b where b.last_position = $2::bigint) as stands,
    exists (select 1 from log.archives a where a.last_position >= $2::bigint) as archived
  from log.cursor c left join log.signer s on true
    left join lateral (select h.position, h.chain, h.signed_at from log.heads h order by h.position desc limit 1) n on true`;
const INSERT = `insert into log.heads (position, count, chain, signed_at, kid, signature)
  values ($1::bigint, $2::bigint, decode($3::text, 'hex'), $4::timestamptz, $5::text, decode($6::text, 'base64')) on conflict do nothing`;

export interface SigningOptions {
  readonly db: Database;
  readonly seal: Seal;
  readonly logger: Logger;
}

/**
 * What signs the head of the log when one is due: not right after another worker did, unless `pauseMs` is 0. A key that was encrypted
 * with another secret is replaced. A log that is not the one of which this process knew a head is not signed any more: who rewrote it
 * shall not get our signature under it.
 * @returns the position that was signed.
 */
export function createSigning({ db, seal, logger }: SigningOptions): (pauseMs: number) => Promise<number | null> {
  let signer: HeadSigner | undefined;
  let known: { readonly position: number; readonly chain: string } | undefined;
  let told = false;

  const look = async (pauseMs: number): Promise<Look | undefined> =>
    (await db.run<Look>({ text: LOOK, values: [pauseMs, known?.position ?? 0] })).rows[0];
  const another = ({ position, stands, archived }: Look): boolean => {
    if (!known || stands === known.chain || (archived && stands === null && Number(position) >= known.position)) return false;
    if (!told)
      logger.fatal(
        { ...known, stands },
        'the log is not the one that was signed: it is not signed any more. Run `plinth audit verify` with an anchor; a restart signs again',
      );
    return (told = true);
  };
  const remember = (position: number, chain: string): void => {
    if (position > (known?.position ?? 0)) known = { position, chain };
  };
  const open = ({ kid, private_key }: Look): HeadSigner | undefined => {
    if (kid === null || private_key === null) return undefined;
    return signer?.kid === kid ? signer : openSigner(seal, { kid, private_key });
  };
  const renew = async (replaces: string | null): Promise<void> => {
    if (replaces !== null)
      logger.warn({ kid: replaces }, 'the key that signed the log was encrypted with another PLINTH_SECRET: a new one takes its place');
    await db.transaction((tx) => replaceKey(tx, system('log.sign', null, uuidv7()), seal, replaces));
  };
  return async (pauseMs) => {
    let now = await look(pauseMs);
    if (!now || another(now)) return null;
    if (now.headAt !== null) remember(Number(now.headAt), now.headChain!);
    if (!now.due) return null;
    signer = open(now);
    if (!signer) {
      await renew(now.kid);
      now = await look(pauseMs);
      if (!now?.due || another(now)) return null;
      signer = open(now);
    }
    if (!signer) return null;
    const position = Number(now.position);
    const { chain, at } = now;
    const { key, signature } = signer.sign(headText({ position, count: position, chain, at }));
    await db.run({ text: INSERT, values: [position, position, chain, at, key, signature] });
    remember(position, chain);
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
