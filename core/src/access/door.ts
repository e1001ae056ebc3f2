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
  type VisibleColumns,
  type VisibleValues,
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
    held: ({ user }) => grants.current(user === null ? null : user.id),
  };
}

/** What a key was given; a session is given all that its user has. */
const inKeyScopes = ({ key }: Principal, permission: string): boolean =>
  key === null || grantsOf(permission).some((grant) => key.scopes.has(grant));

/** What is known of one principal under one rule while they hold the same: working it out anew costs a read by id a tenth of its time. */
const filters = new WeakMap<Principal, WeakMap<Allow, RowFilter>>();

function visible(caller: Caller, rule: Allow, grants: Grants): Visible {
  const { principal } = caller;
  const isSystem = principal.job !== null && principal.user === null;
  const held = isSystem ? undefined : grants.current(principal.user?.id ?? null);
  let known = filters.get(principal);
  if (!known) filters.set(principal, (known = new WeakMap()));
  let filter = known.get(rule);
  if (!filter || filter.held !== held) known.set(rule, (filter = new RowFilter(principal, rule, held, isSystem)));
  return new Shown(caller, filter) as Omit<Visible, symbol> as Visible;
}

class Shown implements Omit<Visible, symbol> {
  readonly all: boolean;
  readonly caller: Caller;
  readonly rule: Allow;
  readonly form: string;
  readonly scopes: Buffer | null;
  readonly #filter: RowFilter;
  constructor(caller: Caller, filter: RowFilter) {
    this.all = filter.all;
    this.caller = caller;
    this.rule = filter.rule;
    this.form = filter.form;
    this.scopes = filter.scopes;
    this.#filter = filter;
  }
  where(columns: VisibleColumns, values: VisibleValues = { viewer: this.caller.userId, scopes: null }): RawBuilder<SqlBool> {
    return this.#filter.where(columns, values);
  }
}

/**
 * The rows that `rule` shows: with neither `own` nor `scope` all or none, by the permission alone; with `own` the caller's
 * rows, or all for who holds that permission too; with `scope` also every row inside a scope where the caller holds the
 * permission. What memory cannot answer now, the filter asks the database itself.
 */
class RowFilter {
  readonly rule: Allow;
  /** Undefined: memory was cold. */
  readonly held: Held | undefined;
  readonly all: boolean;
  readonly form: string;
  readonly scopes: Buffer | null;
  readonly #reads: boolean | 'ask';
  readonly #manages: boolean | 'ask';
  readonly #isUser: boolean;
  readonly #inScopes: boolean;

  constructor(principal: Principal, rule: Allow, held: Held | undefined, isSystem: boolean) {
    const holds = ({ name }: Permission): boolean | 'ask' =>
      isSystem || (inKeyScopes(principal, name) && (held ? held.everywhere.has(name) : 'ask'));
    const { permission, own, scope: type } = rule;
    this.rule = rule;
    this.held = held;
    this.#reads = holds(permission);
    this.#manages = own ? holds(own) : true;
    this.#isUser = principal.user !== null;
    this.all = this.#reads === true && this.#manages === true;
    // With memory cold the filter asks the database itself, inside scopes too.
    this.#inScopes =
      !this.all &&
      type !== undefined &&
      this.#isUser &&
      inKeyScopes(principal, permission.name) &&
      (held === undefined || held.within.get(type)?.has(permission.name) === true);
    const ids = this.#inScopes ? held?.scopesOf(type!, permission.name) : undefined;
    this.scopes = ids === undefined ? null : uuidArray(ids);
    const parts = [permission.name, own?.name, type, this.#reads, this.#manages, this.#inScopes, ids !== undefined, this.#isUser];
    this.form = this.all ? 'all' : parts.join(' ');
  }

  where({ owner, scope, single }: VisibleColumns, { viewer, scopes }: VisibleValues): RawBuilder<SqlBool> {
    const { permission, own, scope: type } = this.rule;
    // A rule and a query that disagree would show too much or nothing: refused whoever calls.
    if (own && owner === undefined) throw new Error(`the rule on ${permission.name} names 'own': pass the column of the owner`);
    if (type !== undefined && scope === undefined) throw new Error(`the rule on ${permission.name} names a scope: pass its column`);
    if (this.all) return sql<SqlBool>`true`;
    const isOwn = own && this.#isUser ? sql<SqlBool>`${sql.ref(owner!)} = ${viewer}::uuid` : false;
    const everywhere = both(term(this.#reads, permission, viewer), either(term(this.#manages, own, viewer), isOwn));
    if (!this.#inScopes) return asSql(everywhere);
    const known = this.scopes === null ? null : scopes;
    return asSql(either(everywhere, inside(scope!, known, permission, type!, viewer, single === true)));
  }
}

const UUID_OID = 2950;
/**
 * An array of Postgres in its binary form, which is half as long as text and costs it no parsing.
 * @param ids with commas.
 */
function uuidArray(ids: string): Buffer {
  const hex = ids.replaceAll('-', '').split(',').filter(Boolean);
  const header = [hex.length === 0 ? 0 : 1, 0, UUID_OID, ...(hex.length === 0 ? [] : [hex.length, 1])];
  const array = Buffer.alloc(header.length * 4 + hex.length * 20);
  let at = 0;
  for (const number of header) at = array.writeInt32BE(number, at);
  for (const id of hex) {
    at = array.writeInt32BE(16, at);
    at += array.write(id, at, 'hex');
  }
  return array;
}

/** @param scopes their ids; null: the database knows them. */
function inside(
  column: string,
  scopes: unknown,
  permission: Permission,
  type: string,
  viewer: unknown,
  single: boolean,
): RawBuilder<SqlBool> {
  if (scopes !== null) return sql<SqlBool>`${sql.ref(column)} = any (${scopes}::uuid[])`;
  // In `from`, where Postgres writes the function out: called elsewhere it costs half a millisecond each time.
  const held = sql`access.scopes(${viewer}::uuid, ${patternsOf(permission)}, ${sql.lit(type)}) s`;
  // An array can be looked up in an index of the rows. For one row, one scope is looked up among those held: `offset` keeps them apart from the row.
  return single
    ? sql<SqlBool>`exists (select from ${held} where s = ${sql.ref(column)} offset 0)`
    : sql<SqlBool>`${sql.ref(column)} = any (array(select s from ${held}))`;
}
/** Written out, so that Postgres plans with them once and for all. The grammar has no quotes. */
const patternsOf = ({ name }: Permission): RawBuilder<string[]> =>
  sql<string[]>`array[${sql.join(grantsOf(name).map((grant) => sql.lit(grant)))}]::text[]`;

type Term = boolean | RawBuilder<SqlBool>;
const term = (known: boolean | 'ask', permission: Permission | undefined, viewer: unknown): Term =>
  known === 'ask' ? sql<SqlBool>`(select access.holds(${viewer}::uuid, ${patternsOf(permission!)}))` : known;
const both = (a: Term, b: Term): Term =>
  a === false || b === false ? false : a === true ? b : b === true ? a : sql<SqlBool>`(${a} and ${b})`;
const either = (a: Term, b: Term): Term =>
  a === true || b === true ? true : a === false ? b : b === false ? a : sql<SqlBool>`(${a} or ${b})`;
const asSql = (term: Term): RawBuilder<SqlBool> => (term === true ? sql<SqlBool>`true` : term === false ? sql<SqlBool>`false` : term);
