import { NotFound, ruleOf, type Access, type Allow, type Caller, type Database, type Permission } from '@plinth/kit';
import type { UsersApi } from '../users/index.ts';
import { UnknownAction } from './contract.ts';
import type { ExplainRepository } from './explain.repository.ts';
import { grantsOf } from './grammar.ts';
import type { Grants } from './grants.ts';
import { principalOf, uuidOrNull, type Judge, type Row, type Verdict } from './judge.ts';
import type { AccessRepository } from './repository.ts';
import type { RoleRow, SourceRow } from './rows.ts';

interface Deps {
  readonly db: Database;
  readonly users: UsersApi;
  readonly judge: Judge;
  readonly grants: Grants;
  readonly access: AccessRepository;
  readonly explain: ExplainRepository;
}
interface Question {
  readonly user: string;
  readonly action: string;
  /** `type:id` */
  readonly resource?: string | undefined;
  readonly scopes?: string | undefined;
}
interface Shown {
  readonly type: string;
  readonly id: string | null;
}
interface Condition {
  readonly what: 'active' | 'person' | 'permission' | 'permission-in-scope' | 'ownership' | 'key-scope';
  readonly permission: string | null;
  readonly scope: Shown | null;
  readonly roles: string[];
}
type Source = Omit<SourceRow, 'scopeType' | 'scopeId' | 'expired'> & { readonly permission: string; readonly scope: Shown | null };
type PassedOver = Source & { readonly why: 'expired' | 'other-scope' | 'only-in-scope' | 'key-scope' };
/** Whom it is about, under which rule, and on which row. */
interface Case {
  readonly userId: string;
  readonly rule: Allow;
  readonly row: Row | null;
  readonly keyScopes: ReadonlySet<string> | null;
}

const condition = (what: Condition['what'], more: Partial<Condition> = {}): Condition => ({
  what,
  permission: null,
  scope: null,
  roles: [],
  ...more,
});
const ruleShown = (access: Access) => {
  const rule = ruleOf(access);
  return rule && { permission: rule.permission.name, own: rule.own?.name ?? null, scope: rule.scope ?? null, fresh: rule.fresh ?? null };
};

/** Why a decision falls as it does, and what would change it. The decision itself is the judge's. */
export class ExplainService {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @throws NotFound for nobody's id, or where the type of the resource knows none of this id; UnknownAction */
  async explain(caller: Caller, { user: userId, action, resource, scopes }: Question) {
    const { db, users, judge } = this.#deps;
    const user = await users.find(db, userId);
    if (!user) throw new NotFound({ userId });
    const colon = resource?.indexOf(':') ?? 0;
    const named = resource === undefined ? null : { type: resource.slice(0, colon), id: resource.slice(colon + 1), properties: {} };
    const asked = await judge.read({ name: action, properties: {} }, named);
    if (asked === 'unknown-action') throw new UnknownAction({ action });
    if (asked === 'unknown-resource') throw new NotFound({ resource });

    const given = scopes === undefined ? null : scopes.split(',').map((scope) => scope.trim());
    const active = user.status === 'active';
    const verdict: Verdict = active
      ? await judge.decide(principalOf(userId, given), asked, caller.origin)
      : { id: judge.newId(), outcome: 'refused', reason: 'user-not-active' };
    const rule = ruleOf(asked.access);
    const about = rule && { userId, rule, row: asked.row, keyScopes: given && new Set(given) };
    const [decidedBy, passedOver] = about ? await this.#sources(about, verdict) : [[], []];
    const ways = verdict.outcome === 'allowed' ? [] : about ? await this.#ways(about) : [[condition('person')]];
    return {
      decisionId: verdict.id,
      outcome: verdict.outcome,
      reason: verdict.reason,
      rule: ruleShown(asked.access),
      decidedBy,
      passedOver,
      needed: active ? ways : withActive(ways),
    };
  }

  async #sources({ userId, rule, row, keyScopes }: Case, { outcome }: Verdict): Promise<[Source[], PassedOver[]]> {
    const decidedBy: Source[] = [];
    const passedOver: PassedOver[] = [];
    const scopeId = rule.scope === undefined ? undefined : row?.scopes[rule.scope];
    for (const permission of rule.own ? [rule.permission, rule.own] : [rule.permission]) {
      const inKey = keyScopes === null || grantsOf(permission.name).some((grant) => keyScopes.has(grant));
      for (const { scopeType, scopeId: id, expired, ...found } of await this.#deps.explain.sources(
        userId,
        grantsOf(permission.name),
        uuidOrNull(scopeId),
      )) {
        const source = { ...found, permission: permission.name, scope: scopeType === null ? null : { type: scopeType, id } };
        const takesScope = permission === rule.permission && scopeType === rule.scope;
        if (expired) passedOver.push({ ...source, why: 'expired' });
        else if (!inKey) passedOver.push({ ...source, why: 'key-scope' });
        else if (scopeType === null) decidedBy.push(source);
        else if (!takesScope) passedOver.push({ ...source, why: 'only-in-scope' });
        else if (outcome === 'allowed' ? id === scopeId : row === null) decidedBy.push(source);
        else passedOver.push({ ...source, why: 'other-scope' });
      }
    }
    return [decidedBy, passedOver];
  }

  /** Every way to be allowed, each with what it still lacks; the shortest first. */
  async #ways({ userId, rule, row, keyScopes }: Case): Promise<Condition[][]> {
    const { everywhere } = await this.#deps.grants.of(userId);
    const roles = await this.#deps.access.roles();
    const key = ({ name }: Permission): Condition[] =>
      keyScopes === null || grantsOf(name).some((grant) => keyScopes.has(grant)) ? [] : [condition('key-scope', { permission: name })];
    const held = (permission: Permission): Condition[] => [
      ...(everywhere.has(permission.name)
        ? []
        : [condition('permission', { permission: permission.name, roles: granting(roles, permission, null) })]),
      ...key(permission),
    ];
    const reads = held(rule.permission);
    const ways: Condition[][] = rule.own
      ? [
          [...reads, ...(row?.owner === userId ? [] : [condition('ownership')])],
          [...reads, ...held(rule.own)],
        ]
      : [reads];
    if (rule.scope !== undefined) {
      const scope = { type: rule.scope, id: row?.scopes[rule.scope] ?? null };
      const inside = { permission: rule.permission.name, scope, roles: granting(roles, rule.permission, rule.scope) };
      // No scope, no way into it.
      if (row === null || scope.id !== null) ways.push([condition('permission-in-scope', inside), ...key(rule.permission)]);
    }
    return ways.filter((way) => way.length > 0).sort((a, b) => a.length - b.length);
  }
}

const withActive = (ways: Condition[][]): Condition[][] =>
  ways.length === 0 ? [[condition('active')]] : ways.map((way) => [condition('active'), ...way]);
/** @param scopeType where they are to count; null: everywhere. */
const granting = (roles: readonly RoleRow[], { name }: Permission, scopeType: string | null): string[] =>
  roles
    .filter((role) => role.scopeType === null || role.scopeType === scopeType)
    .filter(({ permissions }) => grantsOf(name).some((grant) => permissions.includes(grant)))
    .map((role) => role.name);
