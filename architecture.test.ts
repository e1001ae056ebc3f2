import { allow, createCatalog, defineError, defineEvent, defineFeature, defineJob, definePermission } from '@plinth/kit';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { features } from './store/src/features.ts';
import {
  accessProblems,
  fixtureProblems,
  publishesProblems,
  reactionNameProblems,
  thrownErrorProblems,
  unlistedErrorProblems,
} from './tools/architecture/contracts.ts';
import { consoleProblems, defaultExportProblems, environmentProblems, lengthProblems } from './tools/architecture/habits.ts';
import { declared, files, inOrders } from './tools/architecture/architecture.testing.ts';
import { boundaryProblems, directionProblems, heavyImportProblems, layerProblems } from './tools/architecture/imports.ts';
import { featuresIn, isTest, readSources, type Problem } from './tools/architecture/source.ts';
import { schemaProblems, sqlPlaceProblems } from './tools/architecture/sql.ts';

// The rules of the design, held over the whole source. Beside each stands a mistake that it must find: a rule that finds nothing
// anywhere is no rule.

const sources = await readSources(import.meta.dirname);
const catalog = createCatalog(features);

test('the source that is checked is all of it', () => {
  expect(sources.length).toBeGreaterThan(100);
  expect(sources.map(({ path }) => path)).toEqual(
    expect.arrayContaining([
      'architecture.test.ts',
      'kit/src/app.ts',
      'core/src/users/repository.ts',
      'store/src/features/products/migrations/0001_products.sql',
      'client/src/client.ts',
      'console/src/main.tsx',
    ]),
  );
  expect(featuresIn(sources).map(({ name }) => name)).toEqual(expect.arrayContaining(features.map(({ name }) => name)));
  expect(featuresIn(sources).find(({ name }) => name === 'auth')?.needs).toEqual(['users', 'access']);
  expect(sources.filter(isTest).length).toBeLessThan(sources.length / 2);
});

/** One rule: nothing of it in the source, and each mistake found. */
const rule = (
  title: string,
  problems: () => Problem[],
  mistakes: Readonly<Record<string, () => [found: Problem[], expected: Problem[]]>>,
): void => {
  describe.each([title])('%s', () => {
    test('holds', () => expect(problems()).toEqual([]));
    test.each(Object.entries(mistakes))('finds %s', (_what, mistake) => {
      const [found, expected] = mistake();
      expect(found).toEqual(expected);
    });
  });
};

rule('1: dependencies run one way, store → core → kit', () => directionProblems(sources), {
  'core in the kit, as a type too': () => [
    directionProblems(files({ 'kit/src/a.ts': `import type { users } from '@plinth/core';` })),
    [`kit/src/a.ts: kit may not import core ('@plinth/core')`],
  ],
  'the store in core, in tests too': () => [
    directionProblems(files({ 'core/src/a.test.ts': `export * from '../../store/src/features.ts';` })),
    [`core/src/a.test.ts: core may not import store ('../../store/src/features.ts')`],
  ],
  'an import at run time': () => [
    directionProblems(files({ 'kit/src/a.ts': `await import('@plinth/core/testing');` })),
    [`kit/src/a.ts: kit may not import core ('@plinth/core/testing')`],
  ],
  'the server in the front end': () => [
    directionProblems(files({ 'store/web/src/a.tsx': `import { x } from '@plinth/kit'; const a = <p>{x}</p>;` })),
    [`store/web/src/a.tsx: store/web may not import kit ('@plinth/kit')`],
  ],
  'the server in the client, but in what tests it': () => [
    directionProblems(
      files({
        'client/src/a.ts': `import { x } from '@plinth/core/testing';`,
        'client/src/a.test.ts': `import { x } from '@plinth/core/testing';`,
      }),
    ),
    [`client/src/a.ts: client may not import core ('@plinth/core/testing')`],
  ],
  'the server in the console, and the console in anything but what serves it': () => [
    directionProblems(
      files({
        'console/src/a.tsx': `import { x } from '@plinth/kit';`,
        'store/src/a.ts': `import { x } from '@plinth/console';`,
        'core/src/a.ts': `import { x } from '@plinth/console';`,
      }),
    ),
    [`console/src/a.tsx: console may not import kit ('@plinth/kit')`, `core/src/a.ts: core may not import console ('@plinth/console')`],
  ],
  'the server in the pages of a feature': () => [
    directionProblems(
      files({
        'store/src/features/orders/console/list.tsx': `import { List } from '@plinth/console/ui';\nimport { place } from '../contract.ts';`,
      }),
    ),
    [`store/src/features/orders/console/list.tsx: store/pages may not import store ('../contract.ts')`],
  ],
  'nothing in what only looks like an import': () => [
    directionProblems(files({ 'kit/src/a.ts': "const s = `\nimport { users } from '@plinth/core';\n`; // import '@plinth/core'" })),
    [],
  ],
});

rule('1: inside a feature index → controller → service → repository → contract', () => layerProblems(sources), {
  'a controller that skips the service': () => [
    layerProblems(
      inOrders('controller.ts', `import { R } from './repository.ts';`).concat(
        files({ 'store/src/features/orders/repository.ts': '' }).slice(2),
      ),
    ),
    ['store/src/features/orders/controller.ts: the controller may not reach the repository (repository.ts)'],
  ],
  'a repository that knows a service': () => [
    layerProblems(
      files({
        'store/src/features/orders/lines.repository.ts': `import type { S } from './service.ts';`,
        'store/src/features/orders/service.ts': '',
      }),
    ),
    ['store/src/features/orders/lines.repository.ts: the repository may not reach the service (service.ts)'],
  ],
  'a contract that reaches the service through another file': () => [
    layerProblems(
      files({
        'store/src/features/orders/contract.ts': `import './prices.ts';`,
        'store/src/features/orders/prices.ts': `import './service.ts';`,
        'store/src/features/orders/service.ts': '',
      }),
    ),
    ['store/src/features/orders/contract.ts: the contract may not reach the service (service.ts)'],
  ],
  'row types outside the repository': () => [
    layerProblems(
      files({
        'store/src/features/orders/service.ts': `import type { Tables } from './tables.ts';`,
        'store/src/features/orders/tables.ts': '',
      }),
    ),
    ['store/src/features/orders/service.ts: the service may not reach the tables (tables.ts)'],
  ],
});

rule('1: between features only ../<name>/index.ts', () => boundaryProblems(sources), {
  'the service of another feature': () => [
    boundaryProblems(
      files({ 'core/src/auth/index.ts': 'defineFeature({})', 'core/src/auth/service.ts': `import { S } from '../users/service.ts';` }),
    ),
    [`core/src/auth/service.ts: of feature users only its index.ts may be imported ('../users/service.ts')`],
  ],
  'a shortcut in a file of no feature': () => [
    boundaryProblems(files({ 'core/src/index.ts': `export * from './users/contract.ts';` })),
    [`core/src/index.ts: of feature users only its index.ts may be imported ('./users/contract.ts')`],
  ],
});

rule('2: SQL only in repository.ts and migrations', () => sqlPlaceProblems(sources), {
  'a statement in a service': () => [
    sqlPlaceProblems(inOrders('service.ts', '\nconst q = `select id\n from orders.orders where id = ${id}`;')),
    ['store/src/features/orders/service.ts:2: holds SQL outside repository.ts'],
  ],
  'a delete': () => [
    sqlPlaceProblems(inOrders('jobs.ts', `db.run({ text: 'delete from orders.orders' })`)),
    ['store/src/features/orders/jobs.ts:1: holds SQL outside repository.ts'],
  ],
  'the query builder': () => [
    sqlPlaceProblems(inOrders('service.ts', `import { sql } from 'kysely'; import { type Tx, queryBuilder } from '@plinth/kit';`)),
    [
      `store/src/features/orders/service.ts: builds SQL ('kysely') outside repository.ts`,
      `store/src/features/orders/service.ts: builds SQL ('@plinth/kit') outside repository.ts`,
    ],
  ],
  'nothing in prose': () => [
    sqlPlaceProblems(inOrders('service.ts', `const text = 'Update the order and set its state'; // select * from x`)),
    [],
  ],
});

rule('2: a feature touches only its own schema', () => schemaProblems(sources), {
  'a table of another feature': () => [
    schemaProblems(inOrders('repository.ts', `build.selectFrom('users.users')`)),
    ['store/src/features/orders/repository.ts:1: names schema users'],
  ],
  'a table of the kit': () => [
    schemaProblems(inOrders('lines.repository.ts', 'sql`delete from log.events`')),
    ['store/src/features/orders/lines.repository.ts:1: names schema log'],
  ],
  'a foreign key that points up': () => [
    schemaProblems(
      files({ 'core/src/users/migrations/0001_users.sql': 'create table users.users (last_order uuid references orders.orders)' }),
    ),
    ['core/src/users/migrations/0001_users.sql: names schema orders'],
  ],
  'a write in a migration, even to what it needs': () => [
    schemaProblems(inOrders('migrations/0001_orders.sql', 'update users.users set name = 1; create schema extra;')),
    [
      'store/src/features/orders/migrations/0001_orders.sql: names schema users',
      'store/src/features/orders/migrations/0001_orders.sql: names schema extra',
    ],
  ],
  'nothing in a foreign key that points down': () => [
    schemaProblems(
      inOrders(
        'migrations/0001_orders.sql',
        'create schema orders; create table orders.orders (buyer uuid references users.users) -- log.events',
      ),
    ),
    [],
  ],
});

rule('3: process.env only in config.ts', () => environmentProblems(sources), {
  'a variable': () => [
    environmentProblems(files({ 'core/src/a.ts': `\nconst x = process.env['X'];` })),
    ['core/src/a.ts:2: reads process.env outside kit/src/config.ts'],
  ],
  'the whole, by its name in quotes': () => [
    environmentProblems(files({ 'kit/src/a.ts': `f(process['env'])` })),
    ['kit/src/a.ts:1: reads process.env outside kit/src/config.ts'],
  ],
});
rule('3: node:http is not imported at run time', () => heavyImportProblems(sources), {
  'one name of it, and not a type': () => [
    heavyImportProblems(
      files({ 'kit/src/a.ts': `import { STATUS_CODES } from 'node:http';`, 'kit/src/b.ts': `import type { Server } from 'node:http';` }),
    ),
    ['kit/src/a.ts:1: imports node:http; take it from process.getBuiltinModule'],
  ],
});
rule('3: no console.* outside the command line', () => consoleProblems(sources), {
  'a forgotten line, in a test too': () => [
    consoleProblems(files({ 'core/src/a.test.ts': 'console.log(1)' })),
    ['core/src/a.test.ts:1: uses console'],
  ],
});
rule('3: no default exports', () => defaultExportProblems(sources), {
  'one of either form': () => [
    defaultExportProblems(files({ 'kit/src/a.ts': 'export default 1;', 'kit/src/b.ts': 'const x = 1; export { x as default };' })),
    ['kit/src/a.ts:1: exports a default', 'kit/src/b.ts:1: exports a default'],
  ],
});
rule('3: no file over 400 lines', () => lengthProblems(sources), {
  'line 401': () => [
    lengthProblems(files({ 'kit/src/a.ts': 'x;\n'.repeat(401), 'kit/src/b.ts': 'x;\n'.repeat(400) })),
    ['kit/src/a.ts: has 401 lines; split it (at most 400)'],
  ],
});

rule('4: every operation declares access', () => accessProblems(catalog), {
  none: () => [accessProblems(declared({ access: undefined as never })), ['orders.do: declares no access']],
  'a word that is no rule': () => [accessProblems(declared({ access: 'anyone' as never })), ['orders.do: declares no access']],
});
rule('4: every unsafe operation declares what it publishes', () => publishesProblems(catalog), {
  none: () => [publishesProblems(declared({ method: 'DELETE' })), ['orders.do: is unsafe and declares no publishes']],
  'an empty list': () => [publishesProblems(declared({ publishes: [] })), ['orders.do: is unsafe and declares no publishes']],
  'nothing without a reason': () => [
    publishesProblems(declared({ publishes: 'nothing, because ' })),
    ['orders.do: is unsafe and declares no publishes'],
  ],
  'nothing where nothing is missing': () => [
    publishesProblems({
      operations: [
        ...declared({ method: 'GET' }).operations,
        ...declared({ safe: true }).operations,
        ...declared({ publishes: 'nothing, because it only counts' }).operations,
      ],
      errors: new Map(),
    }),
    [],
  ],
});
rule(
  '4: every error stands in the errors of an operation',
  () => [...unlistedErrorProblems(catalog), ...thrownErrorProblems(sources, catalog)],
  {
    'one that is declared and never listed': () => [
      unlistedErrorProblems(declared({ errors: [] }, ['ORDER_TAKEN'])),
      [`ORDER_TAKEN: is declared but stands in no operation's errors`],
    ],
    'one that is thrown and never listed': () => [
      thrownErrorProblems(
        files({
          'store/src/features/orders/contract.ts': `export const Taken = defineError('ORDER_TAKEN', 409, '');`,
          'store/src/features/orders/service.ts': '\nthrow new Taken();',
        }),
        declared({}),
      ),
      ['store/src/features/orders/service.ts:2: throws Taken, which no operation declares'],
    ],
    'nothing in one that is listed': () => [
      thrownErrorProblems(
        files({ 'store/src/features/orders/contract.ts': `const Taken = defineError('ORDER_TAKEN', 409, ''); new Taken();` }),
        declared({ errors: [defineError('ORDER_TAKEN', 409, '')] }),
      ),
      [],
    ],
  },
);

rule('5: reactions begin with their feature', () => reactionNameProblems(sources), {
  'the name of another': () => [
    reactionNameProblems(
      inOrders('index.ts', `defineFeature({ handlers: [handle(userDeleted, 'users.forget', f), during(userDeleted, 'orders.hold', f)] })`),
    ),
    [`store/src/features/orders/index.ts:1: the reaction 'users.forget' does not begin with 'orders.'`],
  ],
});
test.each([
  ['permission', { theirs: definePermission('users:read', 'See users') }, `permission 'users:read'`],
  ['event', { theirs: defineEvent('users.created', z.object({}), { title: 'Made' }) }, `event 'users.created'`],
  ['job', { theirs: defineJob('users.sweep', z.object({})) }, `job 'users.sweep'`],
])('5: a %s of another name does not boot', (_kind, contract, named) => {
  expect(() => createCatalog([defineFeature({ name: 'orders', contract, setup: () => ({ api: {} }) })])).toThrow(
    `${named} does not begin with its feature 'orders'`,
  );
});

rule('6: what takes something has fixtures', () => fixtureProblems(sources, catalog), {
  'a feature without': () => [
    fixtureProblems(
      files({}),
      declared({ params: z.object({ id: z.string() }), access: allow(definePermission('orders:write', 'Write')) }),
    ),
    ['store/src/features/orders: has no orders.fixtures.ts'],
  ],
});
