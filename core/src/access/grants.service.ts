import { NotFound, uuidv7, type Caller, type Database, type EventLog, type PageRequest, type Tx } from '@plinth/kit';
import { permissionExpired, permissionGranted, permissionRevoked } from './contract.ts';
import { grantFact, tenantOf } from './facts.ts';
import type { UsersApi } from '../users/index.ts';
import { withNames } from './names.ts';
import type { GrantQuery, GrantsRepository } from './grants.repository.ts';
import type { DirectGrantRow, ScopeRow } from './rows.ts';
import type { AccessRules } from './rules.ts';

interface Deps {
  readonly db: Database;
  readonly users: UsersApi;
  readonly log: EventLog;
  readonly rules: AccessRules;
  readonly direct: GrantsRepository;
}
interface NewGrant {
  readonly userId: string;
  readonly permission: string;
  readonly scope?: ScopeRow | undefined;
  readonly expiresAt?: string | undefined;
  readonly reason?: string | undefined;
}

/** Permissions given to one person without a role: everywhere or in one place, for good or for a while. */
export class GrantsService {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async list(_caller: Caller, filter: GrantQuery, page: PageRequest) {
    return withNames(this.#deps, await this.#deps.direct.list(filter, page));
  }

  /** @throws UnknownPermission, UnknownScope, GrantExceedsOwn (B88) */
  async grant(caller: Caller, tx: Tx, { userId, permission, scope, expiresAt, reason }: NewGrant): Promise<DirectGrantRow> {
    const { rules, direct, log } = this.#deps;
    rules.checkKnown([permission], 'permission');
    rules.checkScope(scope);
    await rules.hold(tx, { userId, scope: scope ?? null });
    await rules.checkOwn(caller, tx, [permission], scope ?? null, expiresAt ?? 'infinity');
    await this.expire(caller, tx, { userId, permission });
    const given = await direct.insert(tx, {
      id: uuidv7(),
      userId,
      permission,
      scope: scope ?? null,
      expiresAt: expiresAt ?? null,
      grantedBy: caller.userId,
      reason: reason ?? null,
    });
    const detail = { before: {}, after: grantFact(given), ...tenantOf(given), ...(reason && { reason }) };
    await log.publish(tx, caller, permissionGranted, grantFact(given), detail);
    return given;
  }

  /** @throws GrantExceedsOwn (B88) */
  async revoke(caller: Caller, tx: Tx, grantId: string): Promise<void> {
    const { rules, direct, log } = this.#deps;
    const given = await direct.locked(tx, grantId);
    if (!given) throw new NotFound({ grantId });
    await rules.checkOwn(caller, tx, [given.permission], given.scope);
    direct.delete(tx, grantId);
    const detail = { before: grantFact(given), after: {}, ...tenantOf(given) };
    await log.publish(tx, caller, permissionRevoked, grantFact(given), detail);
  }

  /** Removes what has expired, of one user and permission or of anyone, and says so in the log (B149). @returns how many. */
  async expire(caller: Caller, tx: Tx, of: { readonly userId: string; readonly permission: string } | null): Promise<number> {
    const expired = await this.#deps.direct.deleteExpired(tx, of);
    for (const row of expired) {
      const detail = { before: grantFact(row), after: {}, reason: 'expired', ...tenantOf(row) };
      await this.#deps.log.publish(tx, caller, permissionExpired, grantFact(row), detail);
    }
    return expired.length;
  }
}
