import {
  createDecisionIds,
  isUuid,
  type AccessDoor,
  type Allow,
  type Caller,
  type Catalog,
  type Decision,
  type Permission,
  type Principal,
  type Visible,
} from '@plinth/kit';
import { sql, type RawBuilder, type SqlBool } from 'kysely';
import { grantsOf } from './grammar.ts';
import type { Grants, Held } from './grants.ts';
import type { ScopeRow } from './rows.ts';

/**
 * Why a decision fell as it did. Allowed: `granted` (by a role or directly), `granted-in-scope` (the row filter decides which rows), `system`.
 * Refused: `guest` (nobody is signed in), `key-scope` (the key was not given it), `no-role-grants`, `outside-scope` (the path names a scope of which the caller is no part),
 * `only-in-scope` (held inside some scope, asked for everywhere), `unknown-permission` (no feature declares it).
 */
export type Reason =
  | 'granted'
  | 'granted-in-scope'
  | 'system'
  | 'guest'
  | 'key-scope'
  | 'no-role-grants'
  | 'outside-scope'
  | 'only-in-scope'
  | 'unknown-permission';

/** The part of the door that says whether someone may, and which rows they may touch. */
export function createAccessDoor({ grants, catalog }: { grants: Grants; catalog: Catalog }): AccessDoor {
  const newId = createDecisionIds();
  const decision = (allowed: boolean, reason: Reason): Decision => ({ id: newId(), allowed, reason });

  /** The path says inside which scope: holding the permission in another does not count, and who is no part of this one learns nothing of it. */
  const insideRule = (held: Held, { name }: Permission, principal: Principal, { type }: ScopeRow): Decision => {
    const inside = held.within.get(type);
    if (held.everywhere.has(name)) return decision(true, 'granted');
    if (inside?.has(name) === true) return decision(true, 'granted-in-scope');
    if (!catalog.permissions.has(name)) return decision(false, 'unknown-permission');
    if (principal.user === null) return decision(false, 'guest');
    return inside === undefined ? { ...decision(false, 'outside-scope'), hides: true } : decision(false, 'no-role-grants');
  };
  const decideInside = (principal: Principal, permission: Permission, scope: ScopeRow): Decision | Promise<Decision> => {
    if (!inKeyScopes(principal, permission.name)) return decision(false, 'key-scope');
    const userId = principal.user === null ? null : principal.user.id;
    const all = grants.current(userId);
    if (all?.everywhere.has(permission.name) === true) return decision(true, 'granted');
    if (userId === null || !isUuid(scope.id))
      return grants.of(userId).then((held) => insideRule({ ...held, within: new Map() }, permission, principal, scope));
    const held = grants.current(userId, scope);
    if (all !== undefined && held !== undefined) return insideRule(held, permission, principal, scope);
    // One reading decides (B101); the other is for the filter of rows.
    return Promise.all([grants.of(userId, scope), grants.of(userId)]).then(([read]) => insideRule(read, permission, principal, scope));
  };
  const rule = (held: Held, principal: Principal, { name }: Permission, scope: string | undefined): Decision => {
    const { user } = principal;
    if (!inKeyScopes(principal, name)) return decision(false, 'key-scope');
    if (held.everywhere.has(name)) return decision(true, 'granted');
    if (scope !== undefined && held.within.get(scope)?.has(name) === true) return decision(true, 'granted-in-scope');
    if (!catalog.permissions.has(name)) return decision(false, 'unknown-permission');
    if (user === null) return decision(false, 'guest');
    for (const names of held.within.values()) if (names.has(name)) return decision(false, 'only-in-scope');
    return decision(false, 'no-role-grants');
  };

  return {
    decide(principal, permission, scope, scopeId) {
      if (principal.job !== null && principal.user === null) return decision(true, 'system');
      if (scope !== undefined && scopeId !== undefined)
        return decideInside(principal, permission, { type: scope, id: scopeId.toLowerCase() });
      const userId = principal.user === null ? null : principal.user.id;
      const held = grants.current(userId);
      return held === undefined
        ? grants.of(userId).then((read) => rule(read, principal, permission, scope))
        : rule(held, principal, permission, scope);
    },
    visible: (caller, asked) => visible(caller, asked, grants),
  };
}

/** What a key was given; a session is given all that its user has. */
const inKeyScopes = ({ key }: Principal, permission: string): boolean =>
  key === null || grantsOf(permission).some((grant) => key.scopes.has(grant));

/**
 * The rows that `rule` shows: with neither `own` nor `scope` all or none, by the permission alone; with `own` the caller's
 * rows, or all for who holds that permission too; with `scope` also every row inside a scope where the caller holds the
 * permission. What memory cannot answer now, the filter asks the database itself.
 */
function visible(caller: Caller, rule: Allow, grants: Grants): Visible {
  const { user, job } = caller.principal;
  const who = user === null ? null : user.id;
  const isSystem = job !== null && user === null;
  const held = isSystem ? undefined : grants.current(who);
  const holds = ({ name }: Permission): boolean | 'ask' =>
    isSystem || (inKeyScopes(caller.principal, name) && (held ? held.everywhere.has(name) : 'ask'));
  const reads = holds(rule.permission);
  const manages = rule.own ? holds(rule.own) : true;
  const all = reads === true && manages === true;
  const { permission, own, scope: type } = rule;
  // With memory cold the filter asks the database itself, inside scopes too.
  const inScopes =
    !all &&
    type !== undefined &&
    who !== null &&
    inKeyScopes(caller.principal, permission.name) &&
    (held === undefined || held.within.get(type)?.has(permission.name) === true);
  const made: Omit<Visible, symbol> = {
    all,
    caller,
    rule,
    form: all ? 'all' : `${permission.name} ${own?.name} ${type} ${reads} ${manages} ${inScopes} ${who !== null}`,
    where({ owner, scope }, viewer = who) {
      // A rule and a query that disagree would show too much or nothing: refused whoever calls.
      if (rule.own && owner === undefined) throw new Error(`the rule on ${rule.permission.name} names 'own': pass the column of the owner`);
      if (rule.scope !== undefined && scope === undefined)
        throw new Error(`the rule on ${rule.permission.name} names a scope: pass its column`);
      if (all) return sql<SqlBool>`true`;
      const isOwn = own && who !== null ? sql<SqlBool>`${sql.ref(owner!)} = ${viewer}::uuid` : false;
      const everywhere = both(term(reads, permission, viewer), either(term(manages, own, viewer), isOwn));
      if (!inScopes) return asSql(everywhere);
      // In `from`, where Postgres writes the function out: called elsewhere it costs half a millisecond each time.
      const scopes = sql`select s from access.scopes(${viewer}::uuid, ${grantsOf(permission.name)}::text[], ${type}) s`;
      return asSql(either(everywhere, sql<SqlBool>`${sql.ref(scope!)} = any (array(${scopes}))`));
    },
  };
  return made as Visible;
}

type Term = boolean | RawBuilder<SqlBool>;
const term = (known: boolean | 'ask', permission: Permission | undefined, viewer: unknown): Term =>
  known === 'ask' ? sql<SqlBool>`(select access.holds(${viewer}::uuid, ${grantsOf(permission!.name)}::text[]))` : known;
const both = (a: Term, b: Term): Term =>
  a === false || b === false ? false : a === true ? b : b === true ? a : sql<SqlBool>`(${a} and ${b})`;
const either = (a: Term, b: Term): Term =>
  a === true || b === true ? true : a === false ? b : b === false ? a : sql<SqlBool>`(${a} or ${b})`;
const asSql = (term: Term): RawBuilder<SqlBool> => (term === true ? sql<SqlBool>`true` : term === false ? sql<SqlBool>`false` : term);
