import { createCatalog, type CatalogOperation, ruleOf } from '@plinth/kit';
import type { Actor, Fixture, FixtureCall, World } from '@plinth/kit/testing';
import { coreFixtures, coreWorld } from '@plinth/core/testing';
import { globSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { features } from './features.ts';

// Whoever does not come in a session of their own, with a key or as someone else: what they may, operation by operation.

let world: World;
beforeAll(async () => {
  world = await coreWorld(features);
});
afterAll(() => world?.app.stop());

const operations = createCatalog(features).operations.filter(({ operation }) => operation.access !== 'public');
const named = (chosen: readonly CatalogOperation[]) => chosen.map((each) => [each.id, each] as const);
const fixtures: Record<string, Readonly<Record<string, Fixture | undefined>>> = { ...coreFixtures };
for (const path of globSync('features/*/*.fixtures.ts', { cwd: import.meta.dirname })) {
  const found = (await import(/* @vite-ignore */ `./${path}`)) as { fixtures: Record<string, Fixture | undefined> };
  fixtures[path.split('/')[1]!] = found.fixtures;
}
const prepare = async ({ id }: CatalogOperation, actor: Actor): Promise<FixtureCall> => {
  const [feature, name] = id.split('.') as [string, string];
  return (await fixtures[feature]?.[name]?.(world, actor)) ?? {};
};
const send = ({ operation }: CatalogOperation, { params = {}, query, body, headers }: FixtureCall, who: Record<string, string>) => {
  const path = operation.path.replace(/:(\w+)/g, (_, name: string) => params[name] ?? '');
  const search = query ? `?${new URLSearchParams(query).toString()}` : '';
  return world.app.call(operation.method, `${operation.at === 'root' ? '' : '/api/v1'}${path}${search}`, {
    headers: { ...headers, ...who },
    ...(body !== undefined && { body }),
  });
};
const keyOf = async ({ token }: Actor, scopes: readonly string[]): Promise<string> => {
  const reply = await world.app.call('POST', '/api/v1/api-keys', { token, body: { label: 'x', scopes } });
  if (reply.status !== 201) throw new Error(reply.text);
  return reply.json.data.key;
};

const personal = named(operations.filter(({ operation }) => ruleOf(operation.access) === null));
/** Allowed by a permission, and then by the channel: the one of a person is that person's own. */
const CHANNELS = new Set(['realtime.events', 'realtime.publish']);
const permitted = named(operations.filter(({ id, operation }) => ruleOf(operation.access) !== null && !CHANNELS.has(id)));
describe('B91: an API key', () => {
  it.each([...personal, ...named(operations.filter(({ id }) => CHANNELS.has(id)))])(
    'B91: %s, which is a person’s own, is refused to a key of everything',
    async (_id, each) => {
      const admin = await world.as('admin');
      const key = await keyOf(admin, ['*']); // before what the call needs, which may use up the session
      const reply = await send(each, await prepare(each, admin), { 'x-api-key': key });
      expect([reply.status, reply.json.error.code]).toEqual([403, 'FORBIDDEN']);
    },
  );
  it.each(permitted)(
    'B91: %s is refused to a key of every permission but its own, and never to one of its own for want of a scope',
    async (_id, each) => {
      const admin = await world.as('admin');
      const { permission, fresh } = ruleOf(each.operation.access) as { permission: { name: string }; fresh?: string };
      const all = [...createCatalog(features).permissions.keys()];
      const call = await prepare(each, admin);
      const but = all.filter((name) => name !== permission.name);
      const others = await send(each, call, { 'x-api-key': await keyOf(admin, but) });
      expect([others.status, others.json.error.code]).toEqual([403, 'FORBIDDEN']);
      const own = await send(each, call, { 'x-api-key': await keyOf(admin, [permission.name]) });
      if (fresh) expect(own.json.error.code).toBe('INSUFFICIENT_USER_AUTHENTICATION');
      else expect(own.status < 500 && own.json?.error?.code !== 'FORBIDDEN', own.text).toBe(true);
    },
  );
});

/** What changes state and an impersonator may nonetheless: nothing that is a way in, and each is a fact with both names. */
const HARMLESS = new Set([
  'users.changeMe',
  'auth.endSession',
  'auth.endOtherSessions',
  'account.signOutEverywhere',
  'account.askVerification',
  'impersonation.stop',
]);
describe('B90: someone who acts as another', () => {
  const own = operations.filter(({ operation }) => operation.method !== 'GET' && ruleOf(operation.access) === null);
  it('B90: every operation on what is a person’s own is refused or known to be harmless', () => {
    expect([...HARMLESS].filter((id) => !own.some((each) => each.id === id))).toEqual([]);
  });
  const refused = named(own.filter(({ id }) => !HARMLESS.has(id)));
  it.each(refused)('B90: %s is refused to them, with what would be right for the user', async (_id, each) => {
    const [admin, user] = [await world.as('admin'), await world.as('member')];
    const call = await prepare(each, user);
    const begun = await world.app.call('POST', '/api/v1/impersonation', {
      token: admin.token,
      body: { userId: user.userId, reason: 'for the test' },
    });
    expect(begun.status).toBe(201);
    const reply = await send(each, call, { authorization: `Bearer ${begun.json.data.accessToken}` });
    expect([reply.status, reply.json?.error?.code]).toEqual([403, 'FORBIDDEN']);
  });
});
