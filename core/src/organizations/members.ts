import { type Caller, type DuringFact, type EventLog, NotFound, type Tx } from '@plinth/kit';
import type { AccessApi, AssignmentFact, GrantFact } from '../access/index.ts';
import { LastOwner, type UsersApi } from '../users/index.ts';
import { invitationRevoked, memberJoined, memberLeft, ORGANIZATION, organizationDeleted, OWNER, SeatsTaken } from './contract.ts';
import type { InvitationsRepository } from './invitations.repository.ts';
import type { OrganizationRow, OrganizationsRepository } from './repository.ts';

interface Deps {
  readonly log: EventLog;
  readonly users: UsersApi;
  readonly access: AccessApi;
  readonly organizations: OrganizationsRepository;
  readonly invitations: InvitationsRepository;
}
export const scopeOf = (id: string) => ({ type: ORGANIZATION, id }) as const;
type Told = DuringFact<AssignmentFact>;

/**
 * What holds of members whichever way a role came or went: these rules run inside the transaction of every assignment that names an
 * organization, also of those that an administrator makes at `/access/assignments`.
 */
export class Members {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** A role was given. @throws NotFound when there is no such organization or user; SeatsTaken (B84) */
  async admit(caller: Caller, tx: Tx, { payload: { scope, userId } }: Told): Promise<void> {
    if (scope?.type !== ORGANIZATION) return;
    const { access, users, organizations, log } = this.#deps;
    const organization = await organizations.lock(tx, scope.id);
    if (!organization) throw new NotFound({ organizationId: scope.id });
    // The assignment itself holds the user's row: whoever deletes them waits, and then finds it.
    const user = await users.find(tx, userId);
    if (!user || user.status === 'deleted') throw new NotFound({ userId });
    if ((await access.inside.rolesIn(tx, userId, scope)).length > 1) return;
    if ((await access.inside.count(tx, scope)) > organization.seats) throw new SeatsTaken({ seats: organization.seats });
    await log.publish(tx, caller, memberJoined, { organizationId: scope.id, userId }, { organization: scope.id, about: userId });
  }

  /** A permission was given directly: that makes nobody a member. @throws NotFound when there is no such organization */
  async allow(tx: Tx, { payload: { scope } }: DuringFact<GrantFact>): Promise<void> {
    if (scope?.type !== ORGANIZATION) return;
    if (!(await this.#deps.organizations.lock(tx, scope.id))) throw new NotFound({ organizationId: scope.id });
  }

  /**
   * A role was taken away, or ended. Who owned it for a while was none of the owners that stay, and may go whoever those are.
   * @throws LastOwner when nobody active would own the organization (B89)
   */
  async release(caller: Caller, tx: Tx, { payload: { scope, userId, role, expiresAt } }: Told): Promise<void> {
    if (scope?.type !== ORGANIZATION) return;
    const { access, organizations, log } = this.#deps;
    if (!(await organizations.lock(tx, scope.id))) return; // it ends with all its members
    if (role === OWNER && expiresAt === null && !(await this.#hasOwner(tx, scope.id))) {
      log.refused(caller, { code: LastOwner.code, reason: 'last-owner' });
      throw new LastOwner({ organizationId: scope.id });
    }
    if ((await access.inside.rolesIn(tx, userId, scope)).length > 0) return;
    await log.publish(tx, caller, memberLeft, { organizationId: scope.id, userId }, { organization: scope.id, about: userId });
  }
  /** A person: programs cannot sign in. Under the lock of the organization: whoever takes another owner away waits there, and then sees this. */
  async #hasOwner(tx: Tx, organizationId: string): Promise<boolean> {
    for (const userId of await this.#deps.access.inside.holders(tx, scopeOf(organizationId), OWNER)) {
      const user = await this.#deps.users.find(tx, userId);
      if (user?.status === 'active' && user.kind === 'person') return true;
    }
    return false;
  }

  /**
   * A user is deleted, and so is what is theirs alone: organizations without another member. Of others they stop being a member.
   * @throws LastOwner when others would be left without an owner
   */
  async forget(caller: Caller, tx: Tx, userId: string): Promise<void> {
    const { access, organizations } = this.#deps;
    for (const { id } of await access.inside.scopesOf(tx, userId, ORGANIZATION)) {
      const organization = await organizations.lock(tx, id);
      if (organization && (await access.inside.count(tx, scopeOf(id))) === 1) await this.end(caller, tx, organization);
      else await access.inside.remove(caller, tx, userId, scopeOf(id));
    }
  }

  /** The organization ends. It goes first: the rules on its members end with it. */
  async end(caller: Caller, tx: Tx, { id, name }: OrganizationRow): Promise<void> {
    const { access, organizations, invitations, log } = this.#deps;
    await organizations.delete(tx, id);
    await log.publish(tx, caller, organizationDeleted, { organizationId: id }, { before: { name }, after: {}, organization: id });
    for (const { id: invitationId } of await invitations.endAll(tx, id))
      await log.publish(
        tx,
        caller,
        invitationRevoked,
        { organizationId: id, invitationId, because: 'organization-deleted' },
        { organization: id },
      );
    await access.inside.end(caller, tx, scopeOf(id));
  }
}
