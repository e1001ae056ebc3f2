import {
  type Caller,
  type Compose,
  type Config,
  type Database,
  type EventLog,
  Forbidden,
  type Jobs,
  type Mail,
  type PageRequest,
  type SignedIn,
  type Tx,
  uuidv7,
} from '@plinth/kit';
import { createHash, createHmac } from 'node:crypto';
import type { AccessApi } from '../access/index.ts';
import { normalizeEmail, type UsersApi } from '../users/index.ts';
import {
  AlreadyMember,
  InvalidInvitation,
  type Invitation,
  invitationAccepted,
  invitationExpired,
  invitationMail,
  InvitationNotFound,
  invitationRevoked,
  InvitedAnother,
  manageMembers,
  memberInvited,
  type NewInvitation,
  ORGANIZATION,
  type Organization,
  rules,
  SeatsTaken,
  sendInvitation,
  TooManyInvitations,
} from './contract.ts';
import type { InvitationsRepository } from './invitations.repository.ts';
import { scopeOf } from './members.ts';
import type { OrganizationsService } from './service.ts';

interface Deps {
  readonly db: Database;
  readonly jobs: Jobs;
  readonly mail: Mail;
  readonly compose: Compose;
  readonly log: EventLog;
  readonly config: Pick<Config, 'baseUrl'>;
  readonly users: UsersApi;
  readonly access: AccessApi;
  readonly organizations: OrganizationsService;
  readonly invitations: InvitationsRepository;
  /** Makes tokens: a dump of the database holds nothing that lets anybody in (B19). */
  readonly key: Buffer;
}
/** Of one organization. */
const MOST_PENDING = 100;
/** To one address, from all organizations together (B28). */
const MAILS_A_DAY = 5;
const SWEPT_AT_ONCE = 500;

/** From an address to a member. */
export class Invitations {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async list(caller: Caller, organizationId: string, paging: PageRequest) {
    await this.#deps.organizations.seen(caller, organizationId, rules.manage);
    return this.#deps.invitations.list(this.#deps.db, organizationId, paging);
  }

  /** @throws UnknownRole (B85), GrantExceedsOwn (B88), AlreadyMember, SeatsTaken and TooManyInvitations (B84) */
  async invite(caller: Caller, tx: Tx, organizationId: string, { email, roles }: NewInvitation): Promise<Invitation> {
    const { jobs, log, users, access, organizations, invitations } = this.#deps;
    const { userId: invitedBy } = caller;
    if (invitedBy === null) throw new Forbidden({ reason: 'no-user' });
    const { seats } = await organizations.locked(caller, tx, organizationId, rules.manage, [invitedBy]);
    const scope = scopeOf(organizationId);
    await access.inside.roles(tx, roles, ORGANIZATION);
    await access.inside.checkGive(caller, tx, roles, scope);
    const known = await users.findByEmail(tx, email);
    if (known && (await access.inside.rolesIn(tx, known.id, scope)).length > 0) throw new AlreadyMember({ userId: known.id });
    for (const { id: invitationId, expired } of await invitations.endTo(tx, organizationId, normalizeEmail(email))) {
      const fact = { organizationId, invitationId };
      if (expired) await log.publish(tx, caller, invitationExpired, fact, { organization: organizationId });
      else await log.publish(tx, caller, invitationRevoked, { ...fact, because: 'replaced' }, { organization: organizationId });
    }
    const pending = await invitations.count(tx, organizationId);
    if (pending >= MOST_PENDING) throw new TooManyInvitations({ pending });
    if ((await access.inside.count(tx, scope)) + pending >= seats) throw new SeatsTaken({ seats });
    const id = uuidv7();
    const row = { id, organizationId, email, emailNormalized: normalizeEmail(email), roles, invitedBy };
    const made = await invitations.insert(tx, { ...row, tokenHash: hashOf(this.#token(id)) });
    await jobs.enqueue(tx, sendInvitation, { invitationId: id });
    await log.publish(
      tx,
      caller,
      memberInvited,
      { organizationId, invitationId: id },
      // Who has no account yet could not ask for their address to be erased: it goes with the data of whoever wrote it here.
      { before: {}, after: { email, roles }, organization: organizationId, about: known?.id ?? invitedBy },
    );
    return made;
  }
  /** A job that runs again mails the same link. An address that was mailed enough today is left in peace. */
  async send(invitationId: string): Promise<void> {
    const { db, mail, compose, config, users, organizations, invitations } = this.#deps;
    const found = await db.transaction(async (tx) => {
      const invitation = await invitations.toSend(tx, invitationId);
      if (!invitation || (invitation.sentLately ?? 0) >= MAILS_A_DAY) return null;
      const organization = await organizations.find(tx, invitation.organizationId);
      const inviter = await users.find(tx, invitation.invitedBy);
      if (!organization || inviter?.status !== 'active') return null;
      invitations.markSent(tx, invitationId);
      return { to: invitation.email, organization: organization.name, inviter: inviter.displayName };
    });
    if (!found) return;
    const { to, ...said } = found;
    // A fragment is never sent to a server: the token stays out of access logs, proxies and Referer headers.
    const link = `${config.baseUrl}/organizations/join#token=${this.#token(invitationId)}`;
    await mail.send({ id: invitationId, to, ...compose(invitationMail, { link, ...said }) });
  }

  async revoke(caller: Caller, tx: Tx, organizationId: string, invitationId: string): Promise<void> {
    const { log, organizations, invitations } = this.#deps;
    await organizations.locked(caller, tx, organizationId, rules.manage);
    if (!(await invitations.end(tx, organizationId, invitationId))) throw new InvitationNotFound({ invitationId });
    const fact = { organizationId, invitationId, because: 'revoked' } as const;
    await log.publish(tx, caller, invitationRevoked, fact, { organization: organizationId });
  }

  /**
   * Organization and roles are those of the invitation, and worth what its author may still give: whoever has left, was demoted or
   * suspended since lets nobody in any more.
   * @throws InvalidInvitation; InvitedAnother when the caller's proved address is another one (B82); AlreadyMember; SeatsTaken (B84)
   */
  async accept(caller: SignedIn, tx: Tx, token: string): Promise<Organization> {
    const { log, users, access, organizations, invitations } = this.#deps;
    if (caller.principal.impersonator) throw new Forbidden({ reason: 'impersonated' });
    const invitation = await invitations.findByToken(tx, hashOf(token));
    if (!invitation) throw new InvalidInvitation();
    const { id: invitationId, organizationId, roles, invitedBy } = invitation;
    // The user before the organization: whoever deletes them takes the locks in this order too.
    const user = await users.holdActive(tx, caller.userId);
    if (!user || user.emailVerifiedAt === null || normalizeEmail(user.email) !== invitation.emailNormalized) {
      log.refused(caller, { code: InvitedAnother.code, reason: 'address' });
      throw new InvitedAnother({ invitationId });
    }
    const scope = scopeOf(organizationId);
    const organization = await organizations.hold(tx, organizationId);
    if (!organization || !(await invitations.end(tx, organizationId, invitationId))) throw new InvalidInvitation({ invitationId });
    const inviter = await users.find(tx, invitedBy);
    const vouched =
      inviter?.status === 'active' && (await access.inside.covers(tx, { userId: invitedBy, roles, scope }, manageMembers.name));
    if (!vouched) throw new InvalidInvitation({ invitationId, reason: 'inviter' });
    if ((await access.inside.rolesIn(tx, user.id, scope)).length > 0) throw new AlreadyMember({ userId: user.id });
    const detail = { organization: organizationId, about: user.id };
    await log.publish(tx, caller, invitationAccepted, { organizationId, invitationId, userId: user.id }, detail);
    await access.inside.assign(caller, tx, { userId: user.id, roles, scope }, invitedBy);
    return { ...organization, roles: [...roles].sort() };
  }

  /** Expiry works without this, by the clock; this removes the rows and says so in the log (B149). */
  async sweep(caller: Caller): Promise<void> {
    const { db, log, invitations } = this.#deps;
    const once = (): Promise<number> =>
      db.transaction(async (tx) => {
        const swept = await invitations.sweep(tx, SWEPT_AT_ONCE);
        for (const { id: invitationId, organizationId, wasPending } of swept) {
          if (wasPending)
            await log.publish(tx, caller, invitationExpired, { organizationId, invitationId }, { organization: organizationId });
        }
        return swept.length;
      });
    while ((await once()) === SWEPT_AT_ONCE);
  }
  /** Pending ones to one address, for its owner. */
  async to(email: string) {
    const rows = await this.#deps.invitations.to(this.#deps.db, normalizeEmail(email));
    return rows.map(({ organizationId, roles, createdAt, expiresAt }) => ({ organizationId, roles, createdAt, expiresAt }));
  }

  #token(id: string): string {
    return createHmac('sha256', this.#deps.key).update(id).digest('base64url');
  }
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
