import { NotFound, ruleOf, type Caller, type Kit, type Runner, type Tx } from '@plinth/kit';
import type { UsersApi } from '../users/index.ts';
import type { AssignmentsRepository } from './assignments.repository.ts';
import { GrantExceedsOwn, LastAdministrator, UnknownPermission, UnknownScope } from './contract.ts';
import { beyond, grantsOf, wellFormed } from './grammar.ts';
import type { AccessRepository } from './repository.ts';
import type { ScopeRow } from './rows.ts';

interface Deps extends Pick<Kit, 'log' | 'catalog' | 'names'> {
  readonly users: UsersApi;
  readonly access: AccessRepository;
  readonly assignments: AssignmentsRepository;
}

/** What no change of roles, assignments and grants may break. */
export class AccessRules {
  readonly #deps: Deps;
  readonly #scopeTypes: ReadonlySet<string>;
  readonly #kept = new Map<string, (tx: Tx, id: string) => Promise<unknown>>();
  constructor(deps: Deps) {
    this.#deps = deps;
    const rules = [
      ...deps.catalog.operations.map(({ operation }) => operation.access),
      ...[...deps.catalog.channels.values()].map(({ access }) => access),
    ];
    this.#scopeTypes = new Set(rules.map((access) => ruleOf(access)?.scope).filter((scope) => scope !== undefined));
  }

  /** Whether a grant matches no permission that is declared. */
  isIdle(grant: string): boolean {
    return (
      !wellFormed(grant) || (grant !== '*' && ![...this.#deps.catalog.permissions.keys()].some((name) => grantsOf(name).includes(grant)))
    );
  }
  /** @param field the field of the request that is to blame. @throws UnknownPermission */
  checkKnown(grants: readonly string[], field = 'permissions'): void {
    const idle = grants.filter((grant) => this.isIdle(grant));
    if (idle.length > 0)
      throw new UnknownPermission({ grants: idle }, { fields: { [field]: `These match no permission: ${idle.join(', ')}` } });
  }
  /** In `setup`: scopes of this type are rows of a feature, which are held like this. */
  keepScopes(type: string, hold: (tx: Tx, id: string) => Promise<unknown>): void {
    this.#kept.set(type, hold);
  }
  /**
   * Before a role or a permission inside a scope is touched: its user is held, then the scope. Everyone takes them in this order, and
   * the rows of roles and permissions last, so that no two wait for each other.
   */
  async hold(tx: Tx, { userId, scope }: { readonly userId: string | null; readonly scope: ScopeRow | null }): Promise<void> {
    const hold = scope === null ? undefined : this.#kept.get(scope.type);
    if (!hold) return;
    if (userId !== null) await this.#deps.users.hold(tx, userId);
    await hold(tx, scope!.id);
  }
  /** @throws UnknownScope for a type that no operation, channel or resource names. */
  checkScope(scope: ScopeRow | null | undefined): void {
    if (scope && !this.#scopeTypes.has(scope.type) && !this.#deps.names.resource(scope.type)) throw new UnknownScope({ type: scope.type });
  }

  /**
   * B88: nobody gives or takes what they do not hold, compared by pattern, so also for permissions still to come.
   * @param until how long it is given: a time, or `infinity`. What ends sooner is not theirs to give: a temporary
   * administrator would make themselves a lasting one. Absent: holding it now is enough.
   * @throws GrantExceedsOwn
   */
  async checkOwn(caller: Caller, tx: Tx, grants: readonly string[], scope: ScopeRow | null = null, until?: string): Promise<void> {
    if (caller.principal.job !== null && caller.userId === null) return;
    const { impersonator } = caller.principal;
    // Who acts as someone else gives away no more than either holds, and for so long.
    const own = [await this.#deps.access.grantsHeld(tx, caller.userId, scope, until)];
    if (impersonator) own.push(await this.#deps.access.grantsHeld(tx, impersonator.id, scope, until));
    this.#checkHeld(caller, own, grants);
  }
  #checkHeld(caller: Caller, own: readonly (readonly string[])[], grants: readonly string[]): void {
    const { key } = caller.principal;
    // A key gives away no more than it was given itself.
    const missing = [...new Set([...own, ...(key ? [[...key.scopes]] : [])].flatMap((held) => beyond(held, grants)))];
    if (missing.length === 0) return;
    this.#deps.log.refused(caller, { code: GrantExceedsOwn.code, reason: 'grant-exceeds-own' });
    throw new GrantExceedsOwn({ missing });
  }
  /**
   * Scopes for a new key of someone. For the caller's own it is enough to hold them inside some scope: a key acts through its user's roles.
   * @throws UnknownPermission, GrantExceedsOwn (B88)
   */
  async checkScopes(caller: Caller, tx: Tx, userId: string, scopes: readonly string[]): Promise<void> {
    this.checkKnown(scopes);
    if (caller.userId !== userId) return this.outrank(caller, tx, userId, scopes);
    this.#checkHeld(caller, [await this.#deps.access.grantsEver(tx, userId)], scopes);
  }

  /** Whether the one holds everywhere all that the other holds there or inside any scope, and everywhere more than the other. */
  async outranks(on: Runner, userId: string, otherId: string): Promise<boolean> {
    const { access } = this.#deps;
    const [own, others] = [await access.grantsHeld(on, userId, null), await access.grantsHeld(on, otherId, null)];
    return beyond(own, await access.grantsEver(on, otherId)).length === 0 && beyond(others, own).length > 0;
  }
  /**
   * Someone is suspended, restored or deleted, or their key changes hands.
   * @param scopes what the key may ever do: a role for it may come later, or count inside scopes only.
   * @throws GrantExceedsOwn when they hold, or the key could use, what the caller does not (B88).
   */
  async outrank(caller: Caller, tx: Tx, userId: string, scopes: readonly string[] = []): Promise<void> {
    if (caller.userId === userId) return;
    await this.checkOwn(caller, tx, [...(await this.#deps.access.grantsHeld(tx, userId, null)), ...scopes]);
  }
  /** Someone stops being active. @throws LastAdministrator when nobody active would administer (B89). */
  async release(caller: Caller, tx: Tx, userId: string): Promise<void> {
    await this.outrank(caller, tx, userId);
    await this.keepAdministrator(caller, tx, userId);
  }
  /**
   * B89, under the lock of the role's row: a second demotion waits here, and then sees the first. Only people administer: a
   * service account cannot sign in, so it could not give the role back to anyone who has lost it.
   * @param leaving someone about to be inactive; null when an assignment was just removed.
   */
  async keepAdministrator(caller: Caller, tx: Tx, leaving: string | null): Promise<void> {
    const administrators = await this.#deps.assignments.lockedAdministrators(tx);
    if (leaving !== null && !administrators.includes(leaving)) return;
    for (const userId of administrators) {
      if (userId === leaving) continue;
      const user = await this.#deps.users.find(tx, userId);
      if (user?.status === 'active' && user.kind === 'person') return;
    }
    this.#deps.log.refused(caller, { code: LastAdministrator.code, reason: 'last-administrator' });
    throw new LastAdministrator();
  }
}

export function existing<T>(row: T | undefined): T {
  if (row === undefined) throw new NotFound();
  return row;
}
