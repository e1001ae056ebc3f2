import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { AnyFeature, CatalogOperation } from '../feature.ts';
import { createCatalog } from '../feature.ts';
import { scopeParamOf } from '../definitions.ts';
import { isSafe, type Operation } from '../operation.ts';
import type { CallOptions, CallReply } from './app.ts';
import type { Actor, Fixture, FixtureCall, World } from './fixtures.ts';

const ErrorReply = z.strictObject({
  success: z.literal(false),
  error: z.strictObject({
    code: z.string().regex(/^[A-Z][A-Z0-9_]+$/),
    message: z.string().min(1),
    fields: z.record(z.string(), z.string()).optional(),
    requestId: z.string().min(8),
  }),
});
const Problem = z.looseObject({ type: z.string(), title: z.string(), status: z.int(), code: z.string(), requestId: z.string() });
const Success = z.strictObject({
  success: z.literal(true),
  data: z.unknown(),
  meta: z.strictObject({ timestamp: z.string(), pagination: z.looseObject({ limit: z.int(), hasMore: z.boolean() }).optional() }),
});

const isSchema = (value: unknown): value is z.ZodType => value instanceof z.ZodType;
const grantsTo = (operation: Operation, role: string): boolean => {
  const { access } = operation;
  if (access === 'public') return true;
  if (access === 'signed-in' || access.kind === 'signed-in') return role !== 'guest';
  return role === 'admin' || access.permission.roles.includes(role);
};
const urlOf = ({ path, at }: Operation, { params = {}, query = {} }: FixtureCall): string => {
  const search = new URLSearchParams(query).toString();
  return `${at === 'root' ? '' : '/api/v1'}${path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))}${search && `?${search}`}`;
};

/** Every operation of the catalogue, tried as its contract says: derived, so that a new operation cannot forget it. */
export function describeOperations(
  features: readonly AnyFeature[],
  fixtures: Readonly<Record<string, Readonly<Record<string, Fixture | undefined>>>>,
  createWorld: () => Promise<World>,
): void {
  const { operations } = createCatalog(features);
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.app.stop());

  const send = (operation: Operation, call: FixtureCall, actor: Actor | null, more: Partial<CallOptions> = {}): Promise<CallReply> =>
    world.app.call(operation.method, urlOf(operation, call), {
      // Whoever sends a key is not also signed in.
      token: call.headers?.['x-api-key'] === undefined && actor ? (call.token ?? actor.token) : undefined,
      body: call.body,
      ...more,
      headers: { ...call.headers, ...more.headers },
    });
  const expectError = (reply: CallReply, status: number): void => {
    expect(reply.status, reply.text).toBe(status);
    expect(ErrorReply.parse(reply.json).error.requestId).toBe(reply.requestId);
  };

  describe.each(operations.filter(({ operation }) => !operation.upgrade).map((entry) => [entry.id, entry] as const))(
    '%s',
    (_id, { feature, name, operation }: CatalogOperation) => {
      const fixture = fixtures[feature]?.[name];
      const prepare = async (role: string): Promise<{ actor: Actor; call: FixtureCall }> => {
        const actor = await world.as(role);
        if (!fixture && (operation.params || operation.body)) throw new Error(`${feature}.fixtures.ts has no fixture for '${name}'`);
        return { actor, call: (await fixture?.(world, actor)) ?? {} };
      };

      const endless = operation.reply !== undefined && 'kind' in operation.reply && operation.reply.kind === 'sse';
      test.skipIf(endless)('a valid call answers as the contract says and publishes only what it declares', async () => {
        const { actor, call } = await prepare('admin');
        const reply = await send(operation, call, actor);
        expect(reply.status, reply.text).toBe(call.status ?? operation.status ?? 200);
        if (isSchema(operation.reply) && reply.status !== 204) operation.reply.parse(Success.parse(reply.json).data);
        else if (operation.reply && 'kind' in operation.reply && operation.reply.kind === 'paged')
          z.array(operation.reply.item).parse(Success.parse(reply.json).data);
        else if (operation.reply && 'kind' in operation.reply && operation.reply.kind === 'bare') operation.reply.schema.parse(reply.json);
        if (actor.token && operation.at !== 'root') expect(reply.headers.get('cache-control')).toMatch(/^no-store\b/);
        const declared = Array.isArray(operation.publishes) ? operation.publishes.map((event: { name: string }) => event.name) : [];
        const published = await world.app.facts(reply.requestId);
        expect(published.filter((fact) => !declared.includes(fact))).toEqual([]);
        if (!isSafe(operation) && declared.length > 0)
          expect(published.length, 'publishes at least one of what it declares').toBeGreaterThan(0);
      });

      if (!grantsTo(operation, 'guest')) {
        test('401 without a token, in both error forms', async () => {
          const { call } = await prepare('admin');
          expectError(await send(operation, call, null), 401);
          const problem = await send(operation, call, null, { headers: { accept: 'application/problem+json' } });
          expect(problem.headers.get('content-type')).toMatch(/^application\/problem\+json/);
          expect(Problem.parse(problem.json)).toMatchObject({ status: 401, requestId: problem.requestId });
        });
      }
      // Who is no part of the scope in the path learns nothing of it: the 404 below.
      if (!grantsTo(operation, 'member') && scopeParamOf(operation.access, operation.path) === undefined) {
        test('403 for a member, who lacks the permission', async () => {
          const { call } = await prepare('admin');
          expectError(await send(operation, call, await world.as('member')), 403);
        });
      }
      if (
        typeof operation.access === 'object' &&
        operation.access.kind === 'allow' &&
        (operation.access.own || operation.access.scope) &&
        operation.params
      ) {
        test('404 on a row of somebody else', async () => {
          const { call } = await prepare('member');
          expectError(await send(operation, call, await world.as('member')), 404);
        });
      }
      if (isSchema(operation.body)) {
        test('422 names a field that the contract does not have', async () => {
          const { actor, call } = await prepare('admin');
          const reply = await send(operation, { ...call, body: { ...(call.body as object), unexpectedField: 1 } }, actor);
          expectError(reply, 422);
          expect(Object.keys(reply.json.error.fields)).toContain('unexpectedField');
        });
        test('a body of another type is refused', async () => {
          const { actor, call } = await prepare('admin');
          expectError(await send(operation, { ...call, body: [1] }, actor), 422);
          expectError(await send(operation, call, actor, { body: '{"a":', headers: { 'content-type': 'application/json' } }), 400);
          expectError(await send(operation, call, actor, { headers: { 'content-type': 'text/plain' } }), 415);
        });
      }
      if (operation.query) {
        test('422 names a query parameter that the contract does not have', async () => {
          const { actor, call } = await prepare('admin');
          expectError(await send(operation, { ...call, query: { ...call.query, unexpectedField: '1' } }, actor), 422);
        });
      }
    },
  );
}
