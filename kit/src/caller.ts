import { randomBytes } from 'node:crypto';
import type { RawBuilder, SqlBool } from 'kysely';
import type { Allow, Permission } from './definitions.ts';

/** Where a request or run came from. */
export interface Origin {
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly requestId: string;
  readonly traceId: string | null;
  /** `projects.create`: the operation, or the job, that runs. */
  readonly operation: string;
  /** The id that stands for `:organizationId` in the path: every fact of the call carries it. Nobody has looked whether it exists. */
  readonly organization?: string;
}

/** Who, as the door found out: shared by every request that carries the same proof. */
export interface Principal {
  readonly user: { readonly id: string } | null;
  readonly session: { readonly id: string; /** Unix seconds of the last proof of a factor. */ readonly provedAt: number } | null;
  readonly key: {
    readonly id: string;
    /** Grants, in the grammar of roles: a key may do what its owner may and one of these allows. */
    readonly scopes: ReadonlySet<string>;
  } | null;
  readonly impersonator: { readonly id: string } | null;
  readonly job: { readonly name: string; readonly cause: string | null } | null;
}

export const nobody: Principal = Object.freeze({ user: null, session: null, key: null, impersonator: null, job: null });

/** A filter over rows that one caller may touch under one rule. Only access makes it; repositories demand it. */
export interface Visible {
  readonly [visibleBrand]: true;
  /** Everything the rule could show is shown: the filter is `true`. */
  readonly all: boolean;
  readonly caller: Caller;
  readonly rule: Allow;
  /** Filters of one form differ only in who looks: a statement compiled for one of them serves all (`prepareVisible`). */
  readonly form: string;
  /** The scopes that the filter names, as an array of Postgres in binary form; null where it names none. */
  readonly scopes: Buffer | null;
  /**
   * The filter, for the `where` of every select, update and delete under this rule.
   * @param values stand for the caller's id and `scopes` in a statement that is compiled once; `prepareVisible` gives them. Without, the database is asked.
   */
  where(columns: VisibleColumns, values?: VisibleValues): RawBuilder<SqlBool>;
}
export interface VisibleColumns {
  /** Of the row's owner, when the rule names `own`: `orders.orders.owner_id`. A uuid. */
  readonly owner?: string;
  /** Of its scope, when the rule names `scope`. A uuid. */
  readonly scope?: string;
  /** The statement finds one row by a key: whether the caller holds the permission there is looked up, where listing all their scopes would cost more. */
  readonly single?: true;
}
export interface VisibleValues {
  readonly viewer: unknown;
  readonly scopes: unknown;
}
declare const visibleBrand: unique symbol;

export interface Decision {
  readonly id: string;
  readonly allowed: boolean;
  /** Machine reason of a refusal: `no-role-grants`, `guest`, … */
  readonly reason: string;
  /** The caller is no part of the scope that was asked about, so it does not exist for them: answered by 404, never by 403 (B87). */
  readonly hides?: true;
}

/** Ids of decisions: short, made without a draw, and no two alike on any node. */
export function createDecisionIds(): () => string {
  const node = randomBytes(6).toString('base64url');
  let count = 0;
  return () => `${node}-${(count++).toString(36)}`;
}

/** What the kit asks the feature `access`. `decide` answers at once when the caller's grants are in memory. */
export interface AccessDoor {
  /** @param scope type of scope. @param scopeId which one, when the path names it; without, holding the permission in any will do. */
  decide(principal: Principal, permission: Permission, scope?: string, scopeId?: string): Decision | Promise<Decision>;
  visible(caller: Caller, rule: Allow): Visible;
  /** Another object as soon as what they hold may have changed; undefined: decide again. For what lasts longer than a request. */
  held?(principal: Principal): object | undefined;
}

/** Who calls and from where: the first parameter of every service method. */
export class Caller {
  readonly principal: Principal;
  readonly origin: Origin;
  readonly #door: AccessDoor | null;
  /** The decision that let this call in, for the log. */
  readonly decisionId: string | null;
  constructor(principal: Principal, origin: Origin, door: AccessDoor | null, decisionId: string | null = null) {
    this.principal = principal;
    this.origin = origin;
    this.#door = door;
    this.decisionId = decisionId;
  }
  get userId(): string | null {
    return this.principal.user?.id ?? null;
  }
  get sessionId(): string | null {
    return this.principal.session?.id ?? null;
  }
  /** The one filter for rows under `rule`; there is no second check. */
  visible(rule: Allow): Visible {
    if (!this.#door) throw new Error('this caller has no access door: it runs outside the app');
    return this.#door.visible(this, rule);
  }
  async can(permission: Permission): Promise<boolean> {
    return this.#door ? (await this.#door.decide(this.principal, permission)).allowed : false;
  }
}
/** A caller known to be a signed-in user: what `access: 'signed-in'` hands to its operation. */
export type SignedIn = Caller & { readonly userId: string };

/** A run on nobody's behalf: a job, or a handler and the fact that caused it. */
export const system = (job: string, cause: string | null, requestId: string, door: AccessDoor | null = null): Caller =>
  new Caller({ ...nobody, job: { name: job, cause } }, { address: null, userAgent: null, requestId, traceId: null, operation: job }, door);
