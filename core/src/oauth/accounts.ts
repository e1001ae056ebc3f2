import { type Caller, type Tx, uuidv7 } from '@plinth/kit';
import type { AccessApi } from '../access/index.ts';
import { type AuthApi, type Delivery, InvalidCredentials, type Proved } from '../auth/index.ts';
import { DisplayName, Email, normalizeEmail, type UsersApi } from '../users/index.ts';
import { AddressUnproved, IdentityTaken, LinkNeeded, TooManyIdentities } from './contract.ts';
import type { ExternalIdentity } from './providers/provider.ts';
import type { OauthRepository } from './repository.ts';

interface Deps {
  readonly users: UsersApi;
  readonly access: AccessApi;
  readonly auth: AuthApi;
  readonly repository: OauthRepository;
}
const MOST = 20;

/** Which account an identity elsewhere belongs to. */
export class Accounts {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Finds the account by issuer and subject; else, by a verified address, takes or makes one (B48, B49).
   * @throws AddressUnproved, LinkNeeded; InvalidCredentials when the user is not active
   */
  async signIn(caller: Caller, tx: Tx, provider: string, told: ExternalIdentity, delivery: Delivery): Promise<Proved> {
    const { auth, repository } = this.#deps;
    const identity = { ...told, email: addressOf(told) };
    const known = await this.#known(caller, tx, identity);
    if (known) repository.touch(tx, known.factorId, identity.email);
    const userId = known?.userId ?? (await this.#adopt(caller, tx, provider, identity));
    return auth.prove(caller, tx, { userId, factor: 'oauth', delivery });
  }

  /** Repeating it changes nothing. @throws IdentityTaken, TooManyIdentities */
  async link(caller: Caller, tx: Tx, provider: string, told: ExternalIdentity, userId: string): Promise<void> {
    const identity = { ...told, email: addressOf(told) };
    const known = await this.#known(caller, tx, identity);
    if (known && known.userId !== userId) throw new IdentityTaken();
    if (known) this.#deps.repository.touch(tx, known.factorId, identity.email);
    else await this.#add(caller, tx, provider, identity, userId);
  }

  /**
   * Whom this is linked with, held: an unlinking at the same moment comes first, or after what this transaction does. Someone
   * who was deleted has let go of it, as of their address; until another comes with it, restoring them brings it back.
   */
  async #known(caller: Caller, tx: Tx, { issuer, subject }: ExternalIdentity) {
    const { users, auth, repository } = this.#deps;
    await repository.hold(tx, issuer, subject);
    const found = await repository.find(tx, issuer, subject);
    if (!found) return undefined;
    await users.holdActive(tx, found.userId);
    const known = await repository.find(tx, issuer, subject);
    if (!known || (await users.find(tx, known.userId))?.status !== 'deleted') return known;
    await auth.unenrol(caller, tx, { userId: known.userId, id: known.factorId });
    return undefined;
  }
  /** The account of this address, which the provider has verified: the one there is, or a new one. */
  async #adopt(caller: Caller, tx: Tx, provider: string, identity: ExternalIdentity): Promise<string> {
    const { users, access, auth } = this.#deps;
    const { email } = identity;
    if (email === null || !identity.emailVerified) throw new AddressUnproved({ provider });
    const present = await users.findByEmail(tx, email);
    if (present) {
      const user = await users.lockActive(tx, present.id);
      if (!user || normalizeEmail(user.email) !== normalizeEmail(email)) throw new InvalidCredentials({ reason: 'not-active' });
      // Whoever reads the mail of someone shall not gain a lasting way in past their second factor.
      const guarded = user.emailVerifiedAt !== null && (await auth.factors(tx, user.id)).some(({ kind }) => kind !== 'oauth');
      if (guarded || !identity.authoritative) throw new LinkNeeded({ provider });
      await auth.claim(caller, tx, user.id);
      await this.#add(caller, tx, provider, identity, user.id);
      return user.id;
    }
    const { id } = await users.create(caller, tx, { email, displayName: displayNameOf(identity.name, email), verified: true });
    await access.assign(caller, tx, { userId: id, role: 'member' });
    await this.#add(caller, tx, provider, identity, id);
    return id;
  }
  async #add(caller: Caller, tx: Tx, provider: string, { issuer, subject, email }: ExternalIdentity, userId: string): Promise<void> {
    const { auth, repository } = this.#deps;
    const factorId = uuidv7();
    // Holds the user, so that many at once are counted one after the other.
    await auth.enrol(caller, tx, { id: factorId, kind: 'oauth', userId, keep: null });
    if ((await repository.list(tx, userId)).length >= MOST) throw new TooManyIdentities();
    repository.insert(tx, { factorId, userId, provider, issuer, subject, email });
  }
}

/**
 * The address in the very letters that the provider verified. One that only becomes an address of ours when it is normalised is
 * another mailbox: `\uff41da@…` is not `ada@…`. Nor is anybody read below `.invalid` (RFC 6761), where service accounts are.
 */
function addressOf({ email }: ExternalIdentity): string | null {
  const { success, data } = Email.safeParse(email);
  return success && data === email && !/\.invalid$/i.test(data) ? data : null;
}

/** A name is all that a provider may say about a user besides the address (B65). */
function displayNameOf(name: string | null, email: string): string {
  const local = email.slice(0, email.lastIndexOf('@'));
  for (const text of [name?.slice(0, 100), local.slice(0, 100)]) {
    const { success, data } = DisplayName.safeParse(text);
    if (success) return data;
  }
  return 'User';
}
