import { NotFound, uuidv7, type Caller, type Database, type EventLog, type PageRequest, type Tx } from '@plinth/kit';
import type { AssignmentsRepository } from './assignments.repository.ts';
import { roleAssigned, roleExpired, roleUnassigned, UnknownRole } from './contract.ts';
import { assignmentFact, tenantOf } from './facts.ts';
import type { UsersApi } from '../users/index.ts';
import { withNames } from './names.ts';
import type { AccessRepository } from './repository.ts';
import type { AssignmentRow, ScopeRow } from './rows.ts';
import { existing, type AccessRules } from './rules.ts';

interface Deps {
  readonly db: Database;
  readonly users: UsersApi;
  readonly log: EventLog;
  readonly rules: AccessRules;
  readonly access: AccessRepository;
  readonly assignments: AssignmentsRepository;
}
interface NewAssignment {
  readonly userId: string;
  readonly role: string;
  readonly scope?: ScopeRow | null | undefined;
  readonly expiresAt?: string | undefined;
  readonly reason?: string | undefined;
}

const isAdministrator = ({ role, scope, expiresAt }: AssignmentRow): boolean => role === 'admin' && scope === null && expiresAt === null;

/** Who has which role, where, and until when. */
export class AssignmentsService {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async list(_caller: Caller, filter: { readonly userId?: string | undefined; readonly role?: string | undefined }, page: PageRequest) {
    return withNames(this.#deps, await this.#deps.assignments.list(filter, page));
  }

  async grant(caller: Caller, tx: Tx, { userId, role, scope = null, expiresAt, reason }: NewAssignment): Promise<AssignmentRow> {
    const { rules, access, assignments, log } = this.#deps;
    rules.checkScope(scope);
    const granted = await access.role(role, tx);
    if (!granted) throw new UnknownRole({ role });
    await rules.hold(tx, { userId, scope });
    await rules.checkOwn(caller, tx, granted.permissions, scope, expiresAt ?? 'infinity');
    await this.expire(caller, tx, { userId, role, scope });
    const row = {
      id: uuidv7(),
      userId,
      role,
      scope,
      expiresAt: expiresAt ?? null,
      grantedBy: caller.userId,
      reason: reason ?? null,
    };
    const assignment = await assignments.insert(tx, row);
    await log.publish(tx, caller, roleAssigned, assignmentFact(assignment), {
      before: {},
      after: assignmentFact(assignment),
      ...tenantOf(assignment),
      ...(reason && { reason }),
    });
    return assignment;
  }

  /**
   * Gives someone a role everywhere, as another feature's own rule (a new user becomes a member): that feature answers for
   * it, what the caller holds is not asked. Travels with COMMIT: an unknown role or one held already fails the transaction.
   */
  async assign(caller: Caller, tx: Tx, { userId, role }: { readonly userId: string; readonly role: string }): Promise<void> {
    const row = { id: uuidv7(), userId, role, scope: null, expiresAt: null, grantedBy: caller.userId, reason: null };
    this.#deps.assignments.write(tx, row);
    await this.#deps.log.publish(tx, caller, roleAssigned, assignmentFact(row), { before: {}, after: assignmentFact(row) });
  }

  async revoke(caller: Caller, tx: Tx, assignmentId: string): Promise<void> {
    const { rules, access, assignments, log } = this.#deps;
    const seen = await assignments.find(tx, assignmentId);
    if (seen) await rules.hold(tx, seen);
    const assignment = await assignments.locked(tx, assignmentId);
    if (!assignment) throw new NotFound({ assignmentId });
    const role = existing(await access.role(assignment.role, tx));
    await rules.checkOwn(caller, tx, role.permissions, assignment.scope); // before the delete: it may be the caller's own
    assignments.delete(tx, assignmentId);
    if (isAdministrator(assignment)) await rules.keepAdministrator(caller, tx, null);
    const detail = { before: assignmentFact(assignment), after: {}, ...tenantOf(assignment) };
    await log.publish(tx, caller, roleUnassigned, assignmentFact(assignment), detail);
  }

  /** Removes what has expired, one that stands in the way or anyone's, and says so in the log (B149). @returns how many. */
  async expire(caller: Caller, tx: Tx, of: Pick<AssignmentRow, 'userId' | 'role' | 'scope'> | null): Promise<number> {
    if (of === null)
      for (const scope of await this.#deps.assignments.expiredScopes(tx)) await this.#deps.rules.hold(tx, { userId: null, scope });
    const expired = await this.#deps.assignments.deleteExpired(tx, of);
    for (const row of expired) {
      const detail = { before: assignmentFact(row), after: {}, reason: 'expired', ...tenantOf(row) };
      await this.#deps.log.publish(tx, caller, roleExpired, assignmentFact(row), detail);
    }
    return expired.length;
  }
}
