import { createCatalog, type CatalogOperation, ruleOf, scopeParamOf, uuidv7 } from '@plinth/kit';
import type { Actor, CallReply, Fixture, FixtureCall, World } from '@plinth/kit/testing';
import { coreFixtures, coreWorld } from '@plinth/core/testing';
import { globSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { features } from './features.ts';

// Nobody reaches what is another's, operation by operation: derived from the route table, so that a new operation cannot forget it.

const fixtures: Record<string, Readonly<Record<string, Fixture | undefined>>> = { ...coreFixtures };
for (const path of globSync('features/*/*.fixtures.ts', { cwd: import.meta.dirname })) {
  const found = (await import(/* @vite-ignore */ `./${path}`)) as { fixtures: Record<string, Fixture | undefined> };
  fixtures[path.split('/')[1]!] = found.fixtures;
}
let world: World;
beforeAll(async () => {
  world = await coreWorld(features);
});
afterAll(() => world?.app.stop());

const prepare = async ({ feature, name }: CatalogOperation, actor: Actor): Promise<FixtureCall> =>
  (await fixtures[feature]?.[name]?.(world, actor)) ?? {};
const send = ({ operation }: CatalogOperation, call: FixtureCall, who: { readonly token: string } | null): Promise<CallReply> => {
  const path = operation.path.replace(/:(\w+)/g, (_, name: string) => call.params?.[name] ?? '');
  const search = call.query ? `?${new URLSearchParams(call.query).toString()}` : '';
  return world.app.call(operation.method, `${operation.at === 'root' ? '' : '/api/v1'}${path}${search}`, {
    token: who?.token,
    ...(call.body !== undefined && { body: call.body }),
    ...(call.headers && { headers: call.headers }),
  });
};
/** Someone who holds everything inside an organization of their own. */
const ownerOfAnother = async (): Promise<Actor & { organizationId: string }> => {
  const owner = await world.as('member');
  const { json } = await world.app.call('POST', '/api/v1/organizations', { token: owner.token, body: { name: 'Another' } });
  return { ...owner, organizationId: json.data.id };
};
/** All that a refused caller is told. */
const told = ({ status, json }: CallReply) => [status, json?.error?.code, json?.error?.message, json?.error?.fields];

const { operations } = createCatalog(features);
const paramsOf = ({ operation }: CatalogOperation): string[] => [...operation.path.matchAll(/:(\w+)/g)].map(([, name]) => name!);
const named = (chosen: readonly CatalogOperation[]) => chosen.map((each) => [each.id, each] as const);
const ofTenants = operations.filter((each) => paramsOf(each).includes('organizationId'));
/** Theirs inside the organization: not what names the organization itself. */
const inner = (each: CatalogOperation) => paramsOf(each).filter((name) => name !== 'organizationId');

/** Below `/organizations/:organizationId` and decided by themselves, with the reason. */
const BY_THEMSELVES = new Map([['organizations.leave', 'every member may leave, whatever their roles grant']]);

describe('B87: tenants', () => {
  it('B87: every operation of an organization asks for its permission inside it', () => {
    expect(ofTenants.length).toBeGreaterThan(10);
    const others = ofTenants.filter(({ operation }) => scopeParamOf(operation.access, operation.path) !== 'organizationId');
    expect(others.map(({ id }) => id).sort()).toEqual([...BY_THEMSELVES.keys()].sort());
  });

  it.each(named(ofTenants))('B87: %s: who owns another organization is told what an unknown id is told', async (_id, each) => {
    const call = await prepare(each, await world.as('member'));
    const { organizationId: theirs } = call.params as { organizationId: string };
    const stranger = await ownerOfAnother();
    const reply = await send(each, call, stranger);
    expect(reply.status, reply.text).toBe(404);
    expect(reply.text).not.toContain(theirs);
    const unknown = { ...call, params: { ...call.params, organizationId: uuidv7() } };
    expect(told(reply)).toEqual(told(await send(each, unknown, stranger)));
    const nobody = await send(each, call, null);
    expect(nobody.status).toBe(401);
    expect(told(nobody)).toEqual(told(await send(each, unknown, null)));
  });

  it.each(named(ofTenants.filter((each) => inner(each).length > 0)))(
    'B87: %s: what belongs to another organization is not reached through one’s own',
    async (_id, each) => {
      const owner = await world.as('member');
      const call = await prepare(each, owner);
      const stranger = await ownerOfAnother();
      const reply = await send(each, { ...call, params: { ...call.params, organizationId: stranger.organizationId } }, stranger);
      expect(reply.status, reply.text).toBe(404);
      const unknown = Object.fromEntries(inner(each).map((name) => [name, uuidv7()]));
      expect(told(reply)).toEqual(
        told(await send(each, { ...call, params: { ...unknown, organizationId: stranger.organizationId } }, stranger)),
      );
      // The call was right but for that.
      const right = await send(each, call, owner);
      expect(right.status, right.text).toBeLessThan(300);
    },
  );

  it.each(named(ofTenants.filter(({ id }) => !BY_THEMSELVES.has(id))))(
    'B87: %s: a permission given directly in one organization lets into that one alone',
    async (_id, each) => {
      const [root, given] = [await world.as('admin'), await world.as('member')];
      const one = await prepare(each, await world.as('member'));
      const other = await prepare(each, await world.as('member'));
      const scope = { type: 'organization', id: one.params!['organizationId'] };
      const body = { userId: given.userId, permission: '*', scope };
      expect((await world.app.call('POST', '/api/v1/access/grants', { token: root.token, body })).status).toBe(201);
      const refused = await send(each, other, given);
      expect(refused.status, refused.text).toBe(404);
      const unknown = { ...other, params: { ...other.params, organizationId: uuidv7() } };
      expect(told(refused)).toEqual(told(await send(each, unknown, given)));
      const reply = await send(each, one, given);
      expect(reply.status, reply.text).toBeLessThan(300);
    },
  );

  it.each(named(ofTenants.filter(({ operation }) => operation.method === 'GET')))(
    'B87: %s: a member who was removed sees nothing any more',
    async (_id, each) => {
      const owner = await world.as('member');
      const call = await prepare(each, owner);
      expect((await send(each, call, owner)).status).toBe(200);
      await world.app.owner.query('delete from access.assignments where user_id = $1 and scope_id = $2', [
        owner.userId,
        call.params!['organizationId'],
      ]);
      world.app.kit.cache.drop(['access:roles']);
      expect((await send(each, call, owner)).status).toBe(404);
    },
  );
});

describe('B87: what is a user’s own', () => {
  /** Ids in the path of what somebody has: the rule is about rows, or there is none because it is a person's own. */
  const own = operations.filter((each) => {
    const { access } = each.operation;
    const rule = ruleOf(access);
    const ids = paramsOf(each).filter((name) => name.endsWith('Id'));
    return ids.length > 0 && !ofTenants.includes(each) && access !== 'public' && (rule === null || rule.own || rule.scope);
  });
  it('B87: is found in the route table', () => expect(own.map(({ id }) => id)).toContain('auth.endSession'));

  it.each(named(own))('B87: %s: the id of somebody else is answered like one that never was', async (_id, each) => {
    const owner = await world.as('member');
    const call = await prepare(each, owner);
    const stranger = await world.as('member');
    const reply = await send(each, call, stranger);
    expect(reply.status, reply.text).toBe(404);
    const unknown = Object.fromEntries(paramsOf(each).map((name) => [name, uuidv7()]));
    expect(told(reply)).toEqual(told(await send(each, { ...call, params: unknown }, stranger)));
  });
});
