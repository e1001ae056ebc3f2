import { type Caller, type Database, Forbidden, type EventLog, type Jobs, type SignedIn, type Tx } from '@plinth/kit';
import type { AccessApi } from '../access/index.ts';
import type { AuthApi, Proved } from '../auth/index.ts';
import { UserNotFound, type UsersApi } from '../users/index.ts';
import {
  impersonationStarted,
  impersonationStopped,
  NotImpersonating,
  OutOfReach,
  start as startPermission,
  tellUser,
} from './contract.ts';

interface Deps {
  readonly db: Database;
  readonly jobs: Jobs;
  readonly log: EventLog;
  readonly users: UsersApi;
  readonly access: AccessApi;
  readonly auth: AuthApi;
}
const SECONDS = 30 * 60;

/** Acting as someone else (B90). */
export class ImpersonationService {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * @throws OutOfReach toward oneself, someone of no less privilege, or someone not active; UserNotFound; InvalidCredentials when
   * the caller's session ends at this moment
   */
  async start(caller: Caller, userId: string, reason: string): Promise<Proved> {
    const { db, jobs, users, access, auth, log } = this.#deps;
    // `fresh` lets neither keys nor impersonators in; this is for whoever takes it away.
    if (!isInOwnSession(caller)) throw new Forbidden({ reason: 'impersonated' });
    const impersonatorId = caller.userId;
    return db.transaction(async (tx) => {
      if (!(await users.find(tx, userId))) throw new UserNotFound({ userId });
      const held = await users.holdActive(tx, userId);
      if (userId === impersonatorId || held?.kind !== 'person' || !(await access.outranks(tx, impersonatorId, userId))) {
        log.refused(caller, { code: OutOfReach.code, reason: 'out-of-reach', account: userId });
        throw new OutOfReach({ userId });
      }
      const session = await auth.openAs(caller, tx, { userId, reason, seconds: SECONDS });
      const { sessionId } = session;
      await log.publish(tx, caller, impersonationStarted, { userId, impersonatorId, sessionId }, { reason });
      await jobs.enqueue(tx, tellUser, { userId, reason });
      return { session };
    });
  }
  /** Whether a session that was opened may still be used: both may have got or lost a role since. */
  async mayGoOn(impersonatorId: string, userId: string): Promise<boolean> {
    const { db, access } = this.#deps;
    return (await access.holds(impersonatorId, startPermission)) && (await access.outranks(db, impersonatorId, userId));
  }
  async stop(caller: SignedIn, tx: Tx): Promise<void> {
    const { auth, log } = this.#deps;
    const { impersonator, session } = caller.principal;
    if (!impersonator || !session) throw new NotImpersonating();
    const { userId } = caller;
    if (await auth.endSession(tx, userId, session.id, 'impersonation-stopped'))
      await log.publish(tx, caller, impersonationStopped, { userId, impersonatorId: impersonator.id, sessionId: session.id });
  }
}

const isInOwnSession = (caller: Caller): caller is SignedIn => {
  const { user, session, impersonator } = caller.principal;
  return user !== null && session !== null && impersonator === null;
};
