import { allow, defineFeature, definePermission } from '@plinth/kit';

// The two published scenarios of AuthZEN, as an application would declare them: roles and grants are data, made by the tests;
// what stands here is the mapping. It says which of our users a foreign subject id means, which permission an action on a type
// asks for, and whose a thing is. Nothing else of the decisions is in it.

/** Foreign subject id, or address, to our user id. */
export const people = new Map<string, string>();
const user = async ({ id }: { readonly id: string }) => people.get(id) ?? id;

// ---- The certification scenario: alice, bob and their records

export const readRecords = definePermission('records:read', 'Read records', []);
export const writeRecords = definePermission('records:write', 'Write records', []);
export const writeArchived = definePermission('records:write-archived', 'Write archived records', []);
export const softDelete = definePermission('records:soft-delete', 'Delete records for a while', []);
export const hardDelete = definePermission('records:hard-delete', 'Delete records for good', []);
const records = defineFeature({
  name: 'records',
  contract: { readRecords, writeRecords, writeArchived, softDelete, hardDelete },
  setup: () => ({
    api: {},
    subjects: { user },
    resources: {
      record: {
        rule({ name, properties: { soft } }, { properties: { status } }) {
          if (name === 'read') return allow(readRecords);
          if (name === 'write') return allow(status === 'archived' ? writeArchived : writeRecords);
          if (name === 'delete') return allow(soft === true ? softDelete : hardDelete);
          return undefined;
        },
      },
    },
  }),
});

// ---- The Todo scenario: five people, three roles, owners

export const readTodos = definePermission('todos:read', 'Read to-dos and who is there', []);
export const createTodos = definePermission('todos:create', 'Create to-dos', []);
export const changeTodos = definePermission('todos:change', 'Change and delete to-dos', []);
export const manageTodos = definePermission('todos:manage', 'Change and delete those of others', []);
const todos = defineFeature({
  name: 'todos',
  contract: { readTodos, createTodos, changeTodos, manageTodos },
  setup: () => ({
    api: {},
    resources: {
      user: { rule: ({ name }) => (name === 'can_read_user' ? allow(readTodos) : undefined) },
      todo: {
        rule({ name }) {
          if (name === 'can_read_todos') return allow(readTodos);
          if (name === 'can_create_todo') return allow(createTodos);
          return name === 'can_update_todo' || name === 'can_delete_todo' ? allow(changeTodos, { own: manageTodos }) : undefined;
        },
        place: async ({ properties: { ownerID } }) => ({
          owner: typeof ownerID === 'string' ? (people.get(ownerID) ?? null) : null,
          scopes: {},
        }),
      },
    },
  }),
});

export const scenarios = [records, todos];

// ---- What the Todo scenario asks, and what it expects

const PEOPLE = ['rick@the-citadel.com', 'morty@the-citadel.com', 'summer@the-smiths.com', 'beth@the-smiths.com', 'jerry@the-smiths.com'];
/** The order in which the published vectors number to-dos. */
const OWNERS = new Map([
  ['rick@the-citadel.com', '92'],
  ['morty@the-citadel.com', '91'],
  ['summer@the-smiths.com', '93'],
  ['beth@the-smiths.com', '94'],
  ['jerry@the-smiths.com', '95'],
]);
export const ROLES = ['evil-genius', 'editor', 'editor', 'viewer', 'viewer'];
/** Subjects come as an identity provider names them: its id, and the connector, in base64 of a protocol buffer. */
export const subjectOf = (n: number): string =>
  Buffer.from(`\n$fd${n}614d3-c39a-4781-b7bd-8b96f5a5100d\u0012\u0005local`).toString('base64').replace(/=+$/, '');
const todo = (owner: string) => ({
  type: 'todo',
  id: `7240d0db-8ff0-41ec-98b2-34a096273b${OWNERS.get(owner)}`,
  properties: { ownerID: owner },
});
const [rick, morty, , , jerry] = PEOPLE as [string, string, string, string, string];
/** Reading Beth, reading oneself (Morty has others to read), reading, creating; changing Rick's and one's own; deleting them. */
const EXPECTED = ['TTTTTTTT', 'TTTTFTFT', 'TTTTFTFT', 'TTTFFFFF', 'TTTFFFFF'];

export const PERSONS = PEOPLE.map((email, n) => ({ email, id: subjectOf(n), role: ROLES[n]! }));
export const EVALUATIONS = PERSONS.flatMap(({ email, id }, n) => {
  const own = todo(n === 0 ? morty : email); // Rick's second is not his own
  const questions = [
    ['can_read_user', { type: 'user', id: 'beth@the-smiths.com' }],
    ['can_read_user', { type: 'user', id: email }],
    ['can_read_todos', { type: 'todo', id: 'todo-1' }],
    ['can_create_todo', { type: 'todo', id: 'todo-1' }],
    ['can_update_todo', todo(rick)],
    ['can_update_todo', own],
    ['can_delete_todo', todo(rick)],
    ['can_delete_todo', own],
  ] as const;
  return questions.map(([name, resource], i) => ({
    request: { subject: { type: 'user', id }, action: { name }, resource },
    expected: EXPECTED[n]![i] === 'T',
  }));
});
export const BATCHES = (
  [
    [0, [rick, jerry], [true, true]],
    [1, [rick, morty], [false, true]],
    [4, [rick, jerry], [false, false]],
  ] as const
).map(([n, owners, expected]) => ({
  request: {
    subject: { type: 'user', id: subjectOf(n) },
    action: { name: 'can_update_todo' },
    evaluations: owners.map((owner) => ({ resource: todo(owner) })),
  },
  expected: expected.map((decision) => ({ decision })),
}));
