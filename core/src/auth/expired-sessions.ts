import type { Caller, Kit } from '@plinth/kit';
import { sessionExpired } from './contract.ts';
import { EXPIRED_AT_ONCE, type SessionsRepository } from './sessions.repository.ts';

/** Sessions that ended by their timeout: the log tells of each (B149). */
export async function endExpired({ db, log }: Pick<Kit, 'db' | 'log'>, sessions: SessionsRepository, caller: Caller): Promise<void> {
  const some = (): Promise<number> =>
    db.transaction(async (tx) => {
      const ended = await sessions.endExpired(tx);
      for (const { userId, sessionId, endedAt } of ended)
        await log.publish(tx, caller, sessionExpired, { userId, sessionId, endedAt: endedAt! }, { reason: 'expired' });
      return ended.length;
    });
  while ((await some()) === EXPIRED_AT_ONCE);
}
