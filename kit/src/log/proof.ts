import type { Caller } from '../caller.ts';
import type { Database } from '../database/database.ts';
import type { Tx } from '../database/transaction.ts';
import type { Seal } from '../seal.ts';
import { readAnchors } from './anchors.ts';
import { archivesOf } from './archives.ts';
import { archiveNext, type ArchivingOptions } from './archiving.ts';
import { type Ask, HEAD_COLUMNS, headOf, type HeadRow } from './entries.ts';
import type { HeadKey, SignedArchive, SignedHead } from './heads.ts';
import { headKeys, replaceKey, trustedKeys } from './keys.ts';
import { askOf, verifyLog, type Verification, type VerifyOptions } from './verify.ts';

/** What shows that the log was not tampered with. */
export interface Proof {
  /** The public keys of all heads ever signed, oldest first. */
  keys(): Promise<HeadKey[]>;
  /** The newest signed head. */
  head(): Promise<SignedHead | undefined>;
  /** Another key signs from now on. Publishes `log.head-key-created`. @returns its kid. */
  rotateKey(tx: Tx, caller: Caller): Promise<string>;
  /** Recomputes the log on a connection of its own. @param options.anchorFiles heads kept outside the database. @throws when a file cannot be read. */
  verify(
    options: Pick<VerifyOptions, 'from' | 'onProgress' | 'signal'> & { readonly anchorFiles?: readonly string[] },
  ): Promise<Verification>;
  /** What went to the archive, oldest first. */
  archives(): Promise<SignedArchive[]>;
  /**
   * Moves the oldest facts that are past their time (`AUDIT_RETENTION_DAYS`) to one file of the archive. @returns null when none are.
   * @throws when the log does not verify, or the file does not as it is stored: nothing is dropped then.
   */
  archiveNext(options: ArchivingOptions): Promise<SignedArchive | null>;
}

/** Rows at a time on a server: beside requests, so in small steps. */
const PAGE = 200;
const HEAD = `select ${HEAD_COLUMNS} from log.heads h order by h.position desc limit 1`;

export function createProof({ db, seal }: { readonly db: Database; readonly seal: Seal }): Proof {
  const ask: Ask = async <Row>(text: string, values: readonly unknown[]) => (await db.run<Row>({ text, values })).rows;
  return {
    keys: () => headKeys(ask, seal),
    async head() {
      const [row] = await ask<HeadRow>(HEAD, []);
      return row && headOf(row);
    },
    rotateKey: async (tx, caller) => (await replaceKey(tx, caller, seal))!,
    async verify({ anchorFiles = [], ...options }) {
      const keys = await trustedKeys(ask, seal);
      const anchors = anchorFiles.length > 0 ? await readAnchors(anchorFiles, keys) : undefined;
      const client = await db.connect();
      try {
        return await verifyLog(askOf(client), { ...options, keys, anchors, page: PAGE });
      } finally {
        await client.end();
      }
    },
    archives: () => archivesOf(ask),
    archiveNext: (options) => archiveNext({ db, seal }, options),
  };
}
