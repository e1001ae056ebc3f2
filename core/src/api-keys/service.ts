import { type Caller, type Database, type EventLog, Forbidden, type Tx, uuidv7 } from '@plinth/kit';
import type { AccessApi } from '../access/index.ts';
import type { AuthApi } from '../auth/index.ts';
import { UserNotFound, type UsersApi } from '../users/index.ts';
import {
  type ApiKey,
  ExpiryRefused,
  keyCreated,
  KeyNotFound,
  keyRevoked,
  keyRotated,
  type NewApiKey,
  NoKey,
  TooManyKeys,
} from './contract.ts';
import type { KeyRow, KeysRepository } from './repository.ts';
import { hashOf, newSecret, prefixOf, tokenOf } from './token.ts';

interface Deps {
  readonly db: Database;
  readonly log: EventLog;
  readonly users: UsersApi;
  readonly access: AccessApi;
  readonly auth: AuthApi;
  readonly keys: KeysRepository;
}
const MOST = 50;

export class KeysService {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async list(_caller: Caller, userId: string): Promise<ApiKey[]> {
    return (await this.#deps.keys.list(this.#deps.db, userId)).map(asKey);
  }
  /**
   * @param userId whose key it is: the caller, or a service account that they may do everything for.
   * @throws GrantExceedsOwn, UnknownPermission (B88); TooManyKeys
   */
  async create(caller: Caller, tx: Tx, userId: string, { label, scopes, expiresAt }: NewApiKey): Promise<ApiKey & { key: string }> {
    const { users, access, keys, log } = this.#deps;
    // Held, so that many at once are counted one after the other.
    if (!(await users.lockActive(tx, userId))) throw new UserNotFound({ userId });
    if ((await keys.list(tx, userId)).length >= MOST) throw new TooManyKeys();
    const own = [...new Set(scopes)];
    await access.checkScopes(caller, tx, userId, own);
    const [id, secret] = [uuidv7(), newSecret()];
    const { inTime, ...row } = await keys.insert(tx, {
      id,
      userId,
      label,
      scopes: own,
      secretHash: hashOf(secret),
      expiresAt: expiresAt ?? null,
    });
    if (!inTime) throw new ExpiryRefused({ expiresAt }, { fields: { expiresAt: 'lies in the future, and within a year' } });
    await log.publish(tx, caller, keyCreated, { userId, keyId: id }, { before: {}, after: row });
    return { ...asKey(row), key: tokenOf(id, secret) };
  }
  /** @throws KeyNotFound; GrantExceedsOwn when the key is another's and could do what the caller may not (B88) */
  async rotate(caller: Caller, tx: Tx, userId: string, keyId: string, graceSeconds: number): Promise<ApiKey & { key: string }> {
    const { access, keys, auth, log } = this.#deps;
    const secret = newSecret();
    const row = await keys.rotate(tx, keyId, userId, hashOf(secret), graceSeconds);
    if (!row) throw new KeyNotFound({ keyId });
    await access.outrank(caller, tx, userId, row.scopes);
    auth.revocations.end(tx, keyId); // what nodes remember of the old secret
    await log.publish(tx, caller, keyRotated, { userId, keyId, graceSeconds });
    return { ...asKey(row), key: tokenOf(keyId, secret) };
  }
  async revoke(caller: Caller, tx: Tx, userId: string, keyId: string): Promise<void> {
    const { keys, auth, log } = this.#deps;
    if (caller.principal.impersonator) throw new Forbidden({ reason: 'impersonated' }); // B90: no keys
    const row = await keys.revoke(tx, keyId, userId);
    if (!row) throw new KeyNotFound({ keyId });
    auth.revocations.end(tx, keyId);
    await log.publish(tx, caller, keyRevoked, { userId, keyId }, { before: { ...row }, after: {} });
  }
  async current(caller: Caller): Promise<ApiKey & { userId: string }> {
    const { key, user } = caller.principal;
    const row = key && (await this.#deps.keys.find(this.#deps.db, key.id));
    if (!row || !user) throw new NoKey();
    return { ...asKey(row), userId: user.id };
  }
}

const asKey = ({ id, label, scopes, createdAt, expiresAt, lastUsedAt }: KeyRow): ApiKey => ({
  id,
  label,
  prefix: prefixOf(id),
  scopes,
  createdAt,
  expiresAt,
  lastUsedAt,
});
