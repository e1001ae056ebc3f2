import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { settleRetention } from '../database/migrate.ts';
import { type ArchiveFile, walkArchives } from './archive-file.ts';
import { folderStore } from './archive-store.ts';
import { headText, type SignedArchive } from './heads.ts';
import { openSigner } from './keys.ts';
import { caller, fixture, keysIn, makeKey, type Node, publishMany, registered, signHead, testSeal } from './log.testing.ts';
import { asIntruder } from './tamper.testing.ts';
import { verifyChain } from './verify.ts';

export const register = (node: Node, n: number): Promise<void> =>
  node.db.transaction((tx) =>
    node.log.publish(tx, caller(`u${n}`), registered, { userId: `u${n}`, email: `secret-${n}@example.com` }, { reason: 'because' }),
  );
/** Signs the heads up to this position anew, as of some days ago. */
export async function age(superuser: pg.Client, upto: number, days: number): Promise<void> {
  const signer = openSigner(testSeal, (await superuser.query<{ kid: string; private_key: string }>('select * from log.signer')).rows[0]!)!;
  const { rows } = await superuser.query<{ position: string; chain: string }>(
    `select position, encode(chain, 'hex') as chain from log.heads where position <= ${upto}`,
  );
  const at = new Date(Date.now() - days * 86_400_000).toISOString().replace('Z', '000Z');
  const signed = rows.map(({ position, chain }) => {
    const { signature } = signer.sign(headText({ position: Number(position), count: Number(position), chain, at }));
    return `update log.heads set signed_at = '${at}', signature = decode('${signature}', 'base64') where position = ${position}`;
  });
  await asIntruder(superuser, ...signed);
}

/** Facts, two a batch, a head for each batch: those of the first eight were signed two days ago. */
export async function archiving({ batches = 6, old = 8 } = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'archive-'));
  const here = await fixture();
  const superuser = await here.asSuperuser();
  const node = here.node();
  await makeKey(node);
  for (let batch = 1; batch <= batches; batch++) {
    await register(node, batch);
    if (batch > 1) await publishMany(node, 1, batch);
    await superuser.query('select log.advance(10)');
    await signHead(node);
  }
  await age(superuser, old, 2);
  const files = async (): Promise<ArchiveFile[]> =>
    (await readdir(directory))
      .filter((name) => name.endsWith('.gz'))
      .sort()
      .map((name) => ({ name, read: () => createReadStream(join(directory, name)) }));
  return {
    directory,
    here,
    superuser,
    node,
    files,
    /** @param days null: for ever. */
    retain: (days: number | null) => settleRetention(here.database.ownerUrl, days),
    archive: (facts = 5, record: (archive: SignedArchive) => Promise<void> = async () => undefined, by = node) =>
      by.log.proof.archiveNext({ store: folderStore(directory), facts, record: (_tx, archived) => record(archived) }),
    /** The archive, then the database from where it ends. */
    verify: async ({ archived = true } = {}) => {
      const keys = await keysIn(superuser);
      return verifyChain(here.database.ownerUrl, { keys, walk: archived ? await walkArchives(await files(), { keys }) : undefined });
    },
    brokenArchive: async () =>
      walkArchives(await files(), { keys: await keysIn(superuser) }).then(
        () => null,
        (error: unknown) => error,
      ),
    count: async (table: string) => Number((await superuser.query<{ n: string }>(`select count(*) as n from ${table}`)).rows[0]!.n),
    end: async () => {
      await here.end();
      await rm(directory, { recursive: true });
    },
  };
}
export type Archiving = Awaited<ReturnType<typeof archiving>>;
