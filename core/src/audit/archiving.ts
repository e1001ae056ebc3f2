import { folderStore, type JobRun, type Kit } from '@plinth/kit';
import { auditArchived } from './contract.ts';

/** File by file, until nothing in the database is past its time. */
export async function archiveAll(
  { config, log, logger }: Pick<Kit, 'config' | 'log' | 'logger'>,
  { caller, signal }: JobRun,
): Promise<void> {
  const { archiveDirectory } = config.audit;
  if (archiveDirectory === null) return;
  const store = folderStore(archiveDirectory);
  for (;;) {
    const archive = await log.proof.archiveNext({
      store,
      signal,
      record: (tx, { first, last, name, sha256 }) => log.publish(tx, caller, auditArchived, { first, last, name, sha256 }),
    });
    if (!archive) return;
    logger.info({ first: archive.first, last: archive.last, name: archive.name }, 'audit entries were moved to the archive');
  }
}
