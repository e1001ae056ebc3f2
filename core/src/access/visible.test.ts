import { uuidv7 } from '@plinth/kit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessApp, type AccessApp, type RuleName } from './access.testing.ts';

let app: AccessApp;
let admin: string;
beforeAll(async () => {
  app = await accessApp();
  admin = await app.user('admin');
});
afterAll(() => app?.stop());

const get = (token: string | undefined, path: string) => app.call('GET', `/api/v1${path}`, { token });

describe('rows that a rule shows', () => {
  const PROJECTS = [uuidv7(), uuidv7(), uuidv7()];
  const GRANTS = ['things:read', 'things:manage', 'things:*', '*:read', '*', 'things:touch', 'things:rea', 'Things:read', 'things:*:x'];

  interface Assigned {
    readonly user: number;
    readonly role: number;
    readonly project: number | null;
    readonly expiry: 'never' | 'past' | 'future';
  }
  interface Given {
    readonly user: number;
    readonly grant: string;
    readonly project: number | null;
    readonly expiry: Assigned['expiry'];
  }
  interface World {
    readonly roles: readonly (readonly string[])[];
    readonly guest: readonly string[];
    readonly assigned: readonly Assigned[];
    readonly given: readonly Given[];
    readonly rows: readonly { readonly owner: number | null; readonly project: number | null }[];
  }
  const index = (n: number) => fc.integer({ min: 0, max: n - 1 });
  const maybe = (n: number) => fc.option(index(n), { nil: null });
  const expiry = fc.constantFrom('never' as const, 'never' as const, 'past' as const, 'future' as const);
  const world: fc.Arbitrary<World> = fc.record({
    roles: fc.array(fc.uniqueArray(fc.constantFrom(...GRANTS), { maxLength: 2 }), { minLength: 3, maxLength: 3 }),
    guest: fc.oneof({ weight: 5, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.constant(['things:read']) }),
    assigned: fc.uniqueArray(
      fc.record({
        user: index(3),
        role: index(3),
        project: maybe(3),
        expiry,
      }),
      { maxLength: 6, selector: ({ user, role, project }) => `${user}/${role}/${project}` },
    ),
    given: fc.uniqueArray(fc.record({ user: index(3), grant: fc.constantFrom(...GRANTS), project: maybe(3), expiry }), {
      maxLength: 5,
      selector: ({ user, grant, project }) => `${user}/${grant}/${project}`,
    }),
    rows: fc.array(fc.record({ owner: maybe(3), project: maybe(3) }), { minLength: 5, maxLength: 12 }),
  });

  /** One row, one caller, one rule: read aloud, sharing nothing with the code under test. */
  function decide({ roles, guest, assigned, given }: World, user: number | null, rule: RuleName, row: World['rows'][number]): boolean {
    const matching = { read: ['things:read', 'things:*', '*:read', '*'], manage: ['things:manage', 'things:*', '*'] };
    const holds = (what: 'read' | 'manage', project: number | null): boolean => {
      const live = assigned.filter((a) => a.user === user && a.expiry !== 'past' && a.project === project);
      const direct = given.filter((g) => g.user === user && g.expiry !== 'past' && g.project === project).map(({ grant }) => grant);
      const grants = [...(project === null ? guest : []), ...live.flatMap((a) => roles[a.role]!), ...direct];
      return grants.some((grant) => matching[what].includes(grant));
    };
    const own = rule === 'own' || rule === 'both';
    if (holds('read', null) && (!own || holds('manage', null) || (user !== null && row.owner === user))) return true;
    return (rule === 'scope' || rule === 'both') && user !== null && row.project !== null && holds('read', row.project);
  }

  /** Each row by a single check, as another service asks for it. */
  async function single(id: string, rule: RuleName, rows: number): Promise<number[]> {
    const { json } = await app.call('POST', '/access/v1/evaluations', {
      token: admin,
      body: {
        subject: { type: 'user', id },
        action: { name: `things.${rule}` },
        evaluations: Array.from({ length: rows }, (_, i) => ({ resource: { type: 'thing', id: String(i) } })),
      },
    });
    return json.evaluations.flatMap(({ decision }: { decision: boolean }, i: number) => (decision ? [i] : []));
  }
  async function inPages(token: string | undefined, rule: RuleName): Promise<number[]> {
    const ids: number[] = [];
    for (let page = 1; ; page++) {
      const { data } = (await get(token, `/things/${rule}?page=${page}&limit=3`)).json;
      ids.push(...data.ids);
      if (data.ids.length < 3) return ids;
    }
  }

  it('B104: are those that a decision row by row shows, with exact totals and pages, from memory and from the database alike', async () => {
    const people = [await app.user(), await app.user(), await app.user()];
    const seen = { some: 0, none: 0, all: 0 };
    await fc.assert(
      fc.asyncProperty(world, async (made) => {
        await app.owner.query('truncate things.things');
        await app.owner.query(`delete from access.assignments where user_id = any($1)`, [people]);
        await app.owner.query(`delete from access.grants where user_id = any($1)`, [people]);
        await app.owner.query(`delete from access.roles where not system; delete from access.role_permissions where role = 'guest'`);
        for (const [i, grants] of made.roles.entries()) {
          await app.owner.query(`insert into access.roles (name, title) values ($1, $1)`, [`r${i}`]);
          await app.owner.query(`insert into access.role_permissions select $1, unnest($2::text[])`, [`r${i}`, grants]);
        }
        await app.owner.query(`insert into access.role_permissions select 'guest', unnest($1::text[])`, [made.guest]);
        for (const { user, role, project, expiry: ends } of made.assigned) {
          await app.owner.query(
            `insert into access.assignments (id, user_id, role, scope_type, scope_id, created_at, expires_at) values ($1, $2, $3, $4, $5, now() - interval '2 hours',
             case $6 when 'past' then now() - interval '1 second' when 'future' then now() + interval '1 hour' end)`,
            [uuidv7(), people[user], `r${role}`, project === null ? null : 'project', project === null ? null : PROJECTS[project], ends],
          );
        }
        for (const { user, grant, project, expiry: ends } of made.given) {
          await app.owner.query(
            `insert into access.grants (id, user_id, permission, scope_type, scope_id, created_at, expires_at) values ($1, $2, $3, $4, $5, now() - interval '2 hours',
             case $6 when 'past' then now() - interval '1 second' when 'future' then now() + interval '1 hour' end)`,
            [uuidv7(), people[user], grant, project === null ? null : 'project', project === null ? null : PROJECTS[project], ends],
          );
        }
        for (const [i, { owner, project }] of made.rows.entries()) {
          await app.owner.query('insert into things.things values ($1, $2, $3)', [
            i,
            owner === null ? null : people[owner],
            project === null ? null : PROJECTS[project],
          ]);
        }
        app.kit.cache.drop(['access:roles']);
        for (const user of [0, 1, 2, null]) {
          for (const rule of ['plain', 'own', 'scope', 'both'] as const) {
            const expected = made.rows.flatMap((row, i) => (decide(made, user, rule, row) ? [i] : []));
            const token = user === null ? undefined : people[user];
            if (user !== null) expect([rule, user, await single(people[user]!, rule, made.rows.length)]).toEqual([rule, user, expected]);
            const warm = await get(token, `/things/${rule}`);
            const cold = await get(token, `/things/${rule}?cold=1`);
            // Who holds the permission nowhere was refused at the door.
            const atDoor = warm.status !== 200;
            if (atDoor) expect([warm.status, cold.status, expected]).toEqual([user === null ? 401 : 403, warm.status, []]);
            else {
              expect([rule, user, warm.json.data.ids, cold.json.data.ids]).toEqual([rule, user, expected, expected]);
              for (const how of ['', '&cold=1'])
                expect((await get(token, `/things/${rule}?single=1&limit=12${how}`)).json.data.ids, `${rule}, one by one${how}`).toEqual(
                  expected,
                );
              expect([warm.json.data.total, cold.json.data.total]).toEqual([expected.length, expected.length]);
              expect(await inPages(token, rule)).toEqual(expected);
            }
            if (warm.json.data?.all) expect(expected.length).toBe(made.rows.length);
            seen[expected.length === 0 ? 'none' : expected.length === made.rows.length ? 'all' : 'some']++;
          }
        }
      }),
      { numRuns: 50 },
    );
    expect(Math.min(seen.some, seen.none, seen.all)).toBeGreaterThan(5);
    await app.owner.query(`delete from access.role_permissions where role = 'guest'`);
    app.kit.cache.drop(['access:roles']);
  }, 60_000);

  it.each([
    ['few', 64],
    ['more than memory keeps', 65],
  ])('B104: are the same for who holds a permission in %s scopes (%i)', async (_title, held) => {
    const user = await app.user();
    const other = await app.user();
    const projects = Array.from({ length: held + 5 }, () => uuidv7());
    await app.owner.query('truncate things.things');
    await app.owner.query(`insert into access.roles (name, title) values ('reads', 'Reads') on conflict do nothing`);
    await app.owner.query(`insert into access.role_permissions values ('reads', 'things:read') on conflict do nothing`);
    // One half by a role, the other given directly; each has one scope that the other has too.
    const give = (table: string, column: string, what: string, to: string, where: string[]) =>
      app.owner.query(
        `insert into access.${table} (id, user_id, ${column}, scope_type, scope_id) select gen_random_uuid(), $1, $2, 'project', unnest($3::uuid[])`,
        [to, what, where],
      );
    await give('assignments', 'role', 'reads', user, projects.slice(0, held));
    await give('grants', 'permission', '*:read', user, projects.slice(held - 1, held + 1));
    await give('grants', 'permission', 'things:read', other, projects);
    for (const [i, project] of projects.entries())
      await app.owner.query('insert into things.things values ($1, $2, $3)', [i, i === held + 3 ? user : other, project]);
    app.kit.cache.drop(['access:roles']);
    const inside = Array.from({ length: held + 1 }, (_, i) => i);
    for (const [rule, expected] of [
      ['scope', inside],
      ['both', inside],
    ] as const)
      for (const how of ['', '&single=1', '&cold=1', '&cold=1&single=1'])
        expect((await get(user, `/things/${rule}?limit=100${how}`)).json.data, `${rule}${how}`).toMatchObject({
          ids: expected,
          total: expected.length,
        });
    await app.owner.query(`delete from access.assignments where scope_id = $1 and user_id = $2`, [projects[0], user]);
    app.kit.cache.drop([`access:user:${user}`]);
    for (const how of ['', '&single=1', '&cold=1&single=1'])
      expect((await get(user, `/things/scope?limit=100${how}`)).json.data.ids, `afterwards${how}`).toEqual(inside.slice(1));
  });
});
