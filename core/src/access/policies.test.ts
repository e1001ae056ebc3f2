import { nobody, uuidv7, type Principal } from '@plinth/kit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessApp, type AccessApp } from './access.testing.ts';
import { createAccessDoor } from './door.ts';
import { grantsOf } from './grammar.ts';
import { Grants } from './grants.ts';
import { AccessRepository } from './repository.ts';

// Ten thousand random policies, each of a person of its own: what memory decides, what the database answers, and what a naive
// reading of the policy says must be the same.

const POLICIES = 10_000;
const NAMES = ['things:read', 'things:manage', 'things:touch', 'access:read', 'users:read'];
const GRANTS = [
  ...NAMES,
  'things:*',
  '*:read',
  '*:*',
  '*',
  '*:manage',
  'access:*',
  'thing:read',
  'things:rea',
  'Things:read',
  'things:*:x',
  '*:',
  'things',
];
const TYPES = ['project', 'organization'];

type Expiry = 'never' | 'past' | 'future';
interface Held {
  readonly grants: readonly string[];
  /** Index of a type, and of a scope of it; null: everywhere. */
  readonly scope: readonly [type: number, id: number] | null;
  readonly expiry: Expiry;
  /** Given directly: then it is one grant. */
  readonly direct: boolean;
}
interface Policy {
  readonly held: readonly Held[];
  /** Scopes of the key, if it comes by one. */
  readonly key: readonly string[] | null;
  readonly asked: { readonly name: string; readonly type: string | undefined };
}
const some = <T>(list: readonly T[]) => fc.constantFrom(...list);
const policy: fc.Arbitrary<Policy> = fc.record({
  held: fc.uniqueArray(
    fc.record({
      grants: fc.array(some(GRANTS), { minLength: 1, maxLength: 3 }),
      scope: fc.option(fc.tuple(fc.nat({ max: 1 }), fc.nat({ max: 2 })), { nil: null }),
      expiry: some<Expiry>(['never', 'never', 'past', 'future']),
      direct: fc.boolean(),
    }),
    { maxLength: 4, selector: ({ direct, grants, scope }) => `${direct}/${direct ? grants[0] : grants.join()}/${scope?.join()}` },
  ),
  key: fc.option(fc.array(some(GRANTS), { maxLength: 2 }), { nil: null, freq: 3 }),
  asked: fc.record({ name: some(NAMES), type: fc.option(some(TYPES), { nil: undefined }) }),
});

// ---- The naive reading: nothing of the code under test is in it.

function matches(grant: string, name: string): boolean {
  if (grant === '*') return true;
  const [given, asked] = [grant.split(':'), name.split(':')];
  return given.length === asked.length && given.length > 1 && given.every((part, i) => part === '*' || part === asked[i]);
}
function holds(of: Policy, name: string, where: (scope: Held['scope']) => boolean): boolean {
  for (const { grants, scope, expiry, direct } of of.held) {
    if (expiry === 'past' || !where(scope)) continue;
    for (const grant of direct ? grants.slice(0, 1) : grants) if (matches(grant, name)) return true;
  }
  return false;
}
interface Expected {
  readonly allowed: boolean;
  readonly everywhere: boolean;
  readonly scopes: number[];
  /** Where the path names the scope, by its index. */
  readonly inside: boolean[];
}
function oracle(of: Policy): Expected {
  const { name, type } = of.asked;
  // Guests hold things:touch, and everybody holds what guests do.
  const everywhere = name === 'things:touch' || holds(of, name, (scope) => scope === null);
  const scopes = [0, 1, 2].filter((id) => holds(of, name, (scope) => scope !== null && TYPES[scope[0]] === type && scope[1] === id));
  const byKey = of.key === null || of.key.some((grant) => matches(grant, name));
  const inside = [0, 1, 2].map((id) => byKey && (everywhere || scopes.includes(id)));
  return { allowed: byKey && (everywhere || scopes.length > 0), everywhere, scopes, inside };
}

// ---- The policies as rows

let app: AccessApp;
const seed = Math.floor(Math.random() * 2 ** 31);
const policies = fc.sample(policy, { numRuns: POLICIES, seed });
const people = policies.map(() => uuidv7());
const SCOPES = TYPES.map(() => [uuidv7(), uuidv7(), uuidv7()]);
const past = "now() - interval '1 second'";
const ends = `case x.expiry when 'past' then ${past} when 'future' then now() + interval '1 hour' end`;

beforeAll(async () => {
  app = await accessApp();
  const rows = policies.flatMap(({ held }, n) =>
    held.map(({ grants, scope, expiry, direct }, i) => ({
      who: people[n]!,
      role: direct ? null : `p${n}-${i}`,
      grants: [...new Set(direct ? grants.slice(0, 1) : grants)],
      type: scope && TYPES[scope[0]]!,
      scope: scope && SCOPES[scope[0]]![scope[1]]!,
      expiry,
    })),
  );
  const { owner } = app;
  await owner.query(
    `insert into users.users (id, email, email_normalized, display_name) select id, id || '@example.test', id || '@example.test', 'Someone' from unnest($1::uuid[]) id`,
    [people],
  );
  await owner.query('create temporary table x (who uuid, role text, grants text[], type text, scope uuid, expiry text)');
  await owner.query(
    'insert into x select * from jsonb_to_recordset($1) as r(who uuid, role text, grants text[], type text, scope uuid, expiry text)',
    [JSON.stringify(rows)],
  );
  await owner.query(`
    insert into access.roles (name, title) select role, role from x where role is not null;
    insert into access.role_permissions select role, unnest(grants) from x where role is not null;
    insert into access.assignments (id, user_id, role, scope_type, scope_id, created_at, expires_at)
      select gen_random_uuid(), who, role, type, scope, now() - interval '1 day', ${ends} from x where role is not null;
    insert into access.grants (id, user_id, permission, scope_type, scope_id, created_at, expires_at)
      select gen_random_uuid(), who, grants[1], type, scope, now() - interval '1 day', ${ends} from x where role is null;
    analyze access.roles, access.role_permissions, access.assignments, access.grants`);
}, 120_000);
afterAll(() => app?.stop());

describe(`${POLICIES} random policies (seed ${seed})`, () => {
  const expected = policies.map(oracle);

  it('B95: the evaluator equals a naive oracle', async () => {
    const { kit } = app;
    // However slow the machine: when memory is asked anew is tested elsewhere.
    const cache = { ...kit.cache, heardWithin: () => true, generation: () => 0 };
    const door = createAccessDoor({
      grants: new Grants({ ...kit, cache, repository: new AccessRepository(kit.db) }),
      catalog: kit.catalog,
    });
    const tally = { allowed: 0, refused: 0, scoped: 0, key: 0, outside: 0 };
    for (let from = 0; from < POLICIES; from += 50) {
      await Promise.all(
        policies.slice(from, from + 50).map(async ({ key, asked }, i) => {
          const n = from + i;
          const principal: Principal = { ...nobody, user: { id: people[n]! }, key: key && { id: 'k', scopes: new Set(key) } };
          const permission = kit.catalog.permissions.get(asked.name)!;
          const cold = await door.decide(principal, permission, asked.type);
          const warm = door.decide(principal, permission, asked.type);
          if ('then' in warm) throw new Error('memory should have answered');
          expect([n, policies[n], cold.allowed, warm.allowed]).toEqual([n, policies[n], expected[n]!.allowed, expected[n]!.allowed]);
          if (asked.type !== undefined) {
            const place = n % 3;
            const inside = await door.decide(principal, permission, asked.type, SCOPES[TYPES.indexOf(asked.type)]![place]);
            expect([n, place, policies[n], inside.allowed]).toEqual([n, place, policies[n], expected[n]!.inside[place]]);
            if (inside.reason === 'outside-scope') tally.outside++;
          }
          tally[cold.allowed ? 'allowed' : 'refused']++;
          if (cold.reason === 'granted-in-scope') tally.scoped++;
          if (cold.reason === 'key-scope') tally.key++;
        }),
      );
    }
    expect(Math.min(...Object.values(tally)), JSON.stringify(tally)).toBeGreaterThan(POLICIES / 50);
  }, 120_000);

  it('B95: the functions that filters call in the database equal it too', async () => {
    const { rows } = await app.owner.query<{ n: number; everywhere: boolean; scopes: string[] }>(
      `select n::int, access.holds(who, patterns) as everywhere,
              array(select s from access.scopes(who, patterns, type) s) as scopes
       from (select n, who, type, array(select jsonb_array_elements_text(patterns)) as patterns
             from jsonb_to_recordset($1) as r(n int, who uuid, type text, patterns jsonb)) asked`,
      [JSON.stringify(policies.map(({ asked }, n) => ({ n, who: people[n], type: asked.type, patterns: grantsOf(asked.name) })))],
    );
    expect(rows.length).toBe(POLICIES);
    for (const { n, everywhere, scopes } of rows) {
      const { type } = policies[n]!.asked;
      const ids = type === undefined ? [] : expected[n]!.scopes.map((id) => SCOPES[TYPES.indexOf(type)]![id]!);
      expect([n, everywhere, scopes.toSorted()]).toEqual([n, expected[n]!.everywhere, ids.toSorted()]);
    }
  }, 120_000);
});
