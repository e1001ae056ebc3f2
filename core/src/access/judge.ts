import {
  allow,
  Caller,
  createDecisionIds,
  isUuid,
  nobody,
  ruleOf,
  scopeParamOf,
  type Access,
  type AccessDoor,
  type Allow,
  type AskedAction,
  type AskedThing,
  type Catalog,
  type Names,
  type Origin,
  type Principal,
  type RowPlace,
} from '@plinth/kit';
import type { UsersApi } from '../users/index.ts';
import type { Reason } from './door.ts';
import type { ExplainRepository } from './explain.repository.ts';

interface Deps {
  readonly door: AccessDoor;
  readonly catalog: Catalog;
  readonly names: Names;
  readonly explain: ExplainRepository;
}
export interface Resource extends AskedThing {
  readonly type: string;
}
/** Undefined: nobody told us. */
export interface Row {
  readonly owner: string | null | undefined;
  readonly scopes: RowPlace['scopes'];
}
interface Ruled {
  readonly access: Access;
  /** The operation's path names the scope: it is decided inside that one. */
  readonly inPath: boolean;
}
export interface Asked extends Ruled {
  /** Null: no resource was named. */
  readonly row: Row | null;
}
export interface Verdict {
  readonly id: string;
  /** `depends`: on the row, and none was named, or nobody says where it stands (B105). It is no permission. */
  readonly outcome: 'allowed' | 'refused' | 'depends';
  readonly reason: Reason | AskedReason;
}
/** Reasons beyond those of the door, where it is asked about others and about rows. */
export type AskedReason =
  | 'public'
  | 'signed-in'
  | 'own'
  | 'not-own'
  | 'other-scope'
  | 'key'
  | 'user-not-active'
  | 'unknown-subject'
  | 'unknown-action'
  | 'unknown-resource';

export const uuidOrNull = (text: string | null | undefined): string | null => (text && isUuid(text) ? text : null);

/** An id as rows spell it. */
const idOf = ({ id }: Resource): string => (isUuid(id) ? id.toLowerCase() : id);

/** Decides about others as the door decides about callers: the same evaluator, and the same filter, on one row. */
export class Judge {
  readonly #deps: Deps;
  readonly #operations: ReadonlyMap<string, Ruled>;
  readonly newId = createDecisionIds();
  constructor(deps: Deps) {
    this.#deps = deps;
    this.#operations = new Map(
      deps.catalog.operations.map(({ id, operation: { access, path } }) => [
        id,
        { access, inPath: scopeParamOf(access, path) !== undefined },
      ]),
    );
  }

  /** What is asked for: the type's own rule, else that of an operation or of a permission; and where the row stands. */
  async read(action: AskedAction, resource: Resource | null): Promise<Asked | 'unknown-action' | 'unknown-resource'> {
    const named = resource && this.#deps.names.resource(resource.type);
    const ofType = resource && named?.rule?.(action, resource);
    const operation = ofType ? undefined : this.#operations.get(action.name);
    const access = ofType ?? operation?.access ?? this.#byPermission(action, resource);
    if (!access) return 'unknown-action';
    const inPath = operation?.inPath === true;
    if (!resource) return { access, inPath, row: null };
    const place = named?.place ? await named.place(resource) : { owner: undefined, scopes: {} };
    if (!place) return 'unknown-resource';
    // Whatever it is, it may be a scope: what was granted on it alone counts.
    return { access, inPath, row: { owner: place.owner, scopes: { [resource.type]: idOf(resource), ...place.scopes } } };
  }
  #byPermission({ name }: AskedAction, resource: Resource | null): Allow | undefined {
    const { permissions } = this.#deps.catalog;
    const permission = permissions.get(name) ?? (resource ? permissions.get(`${resource.type}:${name}`) : undefined);
    return permission && allow(permission, resource ? { scope: resource.type } : {});
  }

  /** @param origin of who asks. */
  async decide(principal: Principal, { access, inPath, row }: Asked, origin: Origin): Promise<Verdict> {
    const { door, explain } = this.#deps;
    if (access === 'public') return { id: this.newId(), outcome: 'allowed', reason: 'public' };
    const rule = ruleOf(access);
    if (!rule)
      return principal.key
        ? { id: this.newId(), outcome: 'refused', reason: 'key' }
        : { id: this.newId(), outcome: 'allowed', reason: 'signed-in' };
    const scope = rule.scope === undefined ? null : row?.scopes[rule.scope];
    const inside = inPath && scope ? scope : undefined;
    type Decided = Verdict & { readonly allowed: boolean };
    const { id, allowed, reason } = (await door.decide(principal, rule.permission, rule.scope, inside)) as Decided;
    if (!allowed) return { id, outcome: 'refused', reason };
    if (!rule.own && reason === 'granted') return { id, outcome: 'allowed', reason };
    const visible = door.visible(new Caller(principal, origin, door), rule);
    if (visible.all) return { id, outcome: 'allowed', reason };
    if (row === null) return { id, outcome: 'depends', reason };
    const owner = uuidOrNull(row.owner);
    if (!(await explain.shows((columns) => visible.where(columns), owner, uuidOrNull(scope)))) {
      const unknown = (rule.own !== undefined && row.owner === undefined) || scope === undefined;
      if (unknown) return { id, outcome: 'depends', reason };
      return { id, outcome: 'refused', reason: reason === 'granted' ? 'not-own' : 'other-scope' };
    }
    if (reason === 'granted') return { id, outcome: 'allowed', reason: owner === principal.user?.id ? 'own' : 'granted-in-scope' };
    return { id, outcome: 'allowed', reason };
  }
}

/** Someone as they would be in a session, or with a key of these scopes. */
export const principalOf = (userId: string, scopes: readonly string[] | null = null): Principal => ({
  ...nobody,
  user: { id: userId },
  key: scopes && { id: 'asked', scopes: new Set(scopes) },
});

/** Who others mean by a subject. */
export class Subjects {
  readonly #users: UsersApi;
  readonly #names: Names;
  readonly #on: Parameters<UsersApi['find']>[0];
  constructor({ users, names, db }: { users: UsersApi; names: Names; db: Parameters<UsersApi['find']>[0] }) {
    this.#users = users;
    this.#names = names;
    this.#on = db;
  }
  /** By the names that features give, else `user` with our id, or with the address that they proved. */
  async find({ type, ...subject }: Resource): Promise<{ readonly userId: string } | { readonly refused: AskedReason }> {
    const named = this.#names.subject(type);
    const id = named ? await named(subject) : subject.id;
    if (id === undefined || (!named && type !== 'user')) return { refused: 'unknown-subject' };
    const user = isUuid(id)
      ? await this.#users.find(this.#on, id)
      : id.includes('@')
        ? await this.#users.findByEmail(this.#on, id)
        : undefined;
    if (!user || (!isUuid(id) && user.emailVerifiedAt === null)) return { refused: 'unknown-subject' };
    return user.status === 'active' ? { userId: user.id } : { refused: 'user-not-active' };
  }
}
