import {
  allow,
  defineFeature,
  defineOperations,
  definePermission,
  nobody,
  prepareVisible,
  queryBuilder,
  system,
  type AnyFeature,
  type Caller,
  type Principal,
} from '@plinth/kit';
import { testApp, type TestApp, type TestAppOptions } from '@plinth/kit/testing';
import { sql } from 'kysely';
import { z } from 'zod';
import { users } from '../users/index.ts';
import { access } from './index.ts';

/** A door whose token is the user's id (`id~as~id` of who acts as them), and whose keys are `id~scope~scope`: these tests are about what callers may, not about who they are. */
const entrance = defineFeature({
  name: 'entrance',
  setup: () => {
    const principals = new Map<string, Principal>();
    return {
      api: {},
      door: {
        authenticate: ({ from, token }) => {
          const [id = '', ...scopes] = token.split('~');
          if (from === 'key')
            return {
              ...nobody,
              user: { id },
              key: { id, scopes: new Set(scopes.map((scope) => scope.replace('.', ':').replace('any', '*'))) },
            };
          const impersonator = scopes[0] === 'as' ? { id: scopes[1]! } : null;
          const known = principals.get(token) ?? { ...nobody, user: { id }, impersonator };
          principals.set(token, known);
          return known;
        },
      },
    };
  },
});

const readThings = definePermission('things:read', 'See things', ['member']);
const manageThings = definePermission('things:manage', 'See and change all things', []);
const touchThings = definePermission('things:touch', 'Touch things', ['guest']);
const rules = {
  plain: allow(readThings),
  own: allow(readThings, { own: manageThings }),
  scope: allow(readThings, { scope: 'project' }),
  both: allow(readThings, { own: manageThings, scope: 'project' }),
} as const;
export type RuleName = keyof typeof rules;
const query = z.strictObject({
  cold: z.enum(['0', '1']).default('0'),
  /** Row by row instead of as a list. */
  single: z.enum(['0', '1']).default('0'),
  page: z.coerce.number().int().default(1),
  limit: z.coerce.number().int().default(100),
});
const list = (name: RuleName) =>
  ({
    method: 'GET',
    path: `/things/${name}`,
    summary: name,
    access: rules[name],
    query,
    reply: z.object({ ids: z.array(z.int()), total: z.int(), all: z.boolean() }),
  }) as const;
const operations = defineOperations({
  plain: list('plain'),
  own: list('own'),
  scope: list('scope'),
  both: list('both'),
  touch: {
    method: 'GET',
    path: '/things/touch',
    summary: 'For everybody',
    access: allow(touchThings),
    reply: z.object({ touched: z.boolean() }),
  },
});
interface Tables {
  'things.things': { id: number; owner_id: string | null; project_id: string | null };
}
const builder = queryBuilder<Tables>();
const columns = { owner: 'things.things.owner_id', scope: 'things.things.project_id' };
const pageOfThings = prepareVisible<{ limit: number; offset: number }>()((bind, visible) =>
  builder
    .selectFrom('things.things')
    .select('id')
    .where(visible.where(columns))
    .orderBy('id')
    .limit(sql<number>`${bind('limit')}::int`)
    .offset(sql<number>`${bind('offset')}::int`),
);
const oneThing = prepareVisible<{ id: number }>()((bind, visible) =>
  builder
    .selectFrom('things.things')
    .select('id')
    .where('id', '=', bind('id'))
    .where(visible.where({ ...columns, single: true })),
);
const countOfThings = prepareVisible<object>()((_bind, visible) =>
  builder
    .selectFrom('things.things')
    .where(visible.where(columns))
    .select((eb) => eb.fn.countAll<number>().as('total')),
);
const things = defineFeature({
  name: 'things',
  contract: { readThings, manageThings, touchThings, operations },
  setup: ({ db, cache }) => {
    const shown =
      (name: RuleName) =>
      async ({ caller, query: { cold, single, page, limit } }: { caller: Caller; query: z.output<typeof query> }) => {
        if (cold === '1') cache.drop(['access:roles']); // memory cannot answer: the filter asks the database
        const visible = caller.visible(rules[name]);
        const rows =
          single === '1'
            ? (await Promise.all(Array.from({ length: limit }, (_, id) => oneThing.all(db.lane, visible, { id })))).flat()
            : await pageOfThings.all(db, visible, { limit, offset: (page - 1) * limit });
        const counted = await countOfThings.first(db, visible, {});
        return { ids: rows.map(({ id }) => id), total: counted!.total, all: visible.all };
      };
    return {
      api: {},
      resources: {
        thing: {
          place: async ({ id }) => {
            if (!/^\d{1,9}$/.test(id)) return undefined;
            const thing = builder.selectFrom('things.things').select(['owner_id as owner', 'project_id as project']);
            const row = await db.first(thing.where('id', '=', Number(id)));
            return row && { owner: row.owner, scopes: { project: row.project } };
          },
        },
      },
      controller: {
        plain: shown('plain'),
        own: shown('own'),
        scope: shown('scope'),
        both: shown('both'),
        touch: () => ({ touched: true }),
      },
    };
  },
});

export interface AccessApp extends TestApp {
  /** A new active user with these roles everywhere. @returns the id, which is also the token. */
  user(...roles: string[]): Promise<string>;
}
export async function accessApp(options: TestAppOptions = {}, extra: readonly AnyFeature[] = []): Promise<AccessApp> {
  const app = await testApp([access, entrance, things, ...extra], options);
  if (!options.database) {
    await app.owner.query(
      'create schema things; create table things.things (id int primary key, owner_id uuid, project_id uuid); grant usage on schema things to plinth_app; grant select on things.things to plinth_app',
    );
  }
  let count = 0;
  return {
    ...app,
    user: (...roles) =>
      app.kit.db.transaction(async (tx) => {
        const caller = system('test.make-user', null, 'test');
        const { id } = await app
          .api(users)
          .create(caller, tx, { email: `user-${++count}-${Math.random()}@example.test`, displayName: `User ${count}`, verified: true });
        for (const role of roles) await app.api(access).assign(caller, tx, { userId: id, role });
        return id;
      }),
  };
}
