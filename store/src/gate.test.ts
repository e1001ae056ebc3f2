import { createCatalog, type CatalogOperation } from '@plinth/kit';
import { withTotp } from '@plinth/core/testing';
import { comeBack, coreWorld, liarOf, setOut } from '@plinth/core/testing';
import type { Actor, World } from '@plinth/kit/testing';
import { users } from '@plinth/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { features } from './features.ts';

const PASSWORD = 'quiet harbour under a tin moon';
let world: World;
beforeAll(async () => {
  world = await coreWorld(features);
});
afterAll(() => world?.app.stop());

/** Whether a schema names `accessToken` anywhere. */
const carriesTokens = (schema: unknown): boolean =>
  schema instanceof z.ZodType && JSON.stringify(z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' })).includes('"accessToken"');
const issuesSessions = ({ operation }: CatalogOperation): boolean =>
  carriesTokens(operation.reply) ||
  (Array.isArray(operation.publishes) && operation.publishes.some((event: { name: string }) => event.name === 'auth.signed-in'));

/** For each operation that can answer with a session: how someone with a second factor meets it, or why it is not met so. */
type Case = string | ((actor: Actor, email: string) => Promise<{ path: string; body: object; headers?: Record<string, string> }>);
const CASES: Readonly<Record<string, Case>> = {
  'auth.signIn': async (_actor, email) => ({ path: '/auth/sign-in', body: { email, password: PASSWORD } }),
  'auth.stepUp': async () => ({ path: '/auth/step-up', body: { password: PASSWORD } }),
  'passwordless.redeemMagicLink': async (_actor, email) => {
    await world.app.call('POST', '/api/v1/auth/magic-link', { body: { email } });
    const { text } = await world.app.mailbox.newest(email, ({ subject }) => subject === 'Sign in');
    return { path: '/auth/magic-link/redeem', body: { token: /#token=(\S+)/.exec(text)![1] } };
  },
  'passwordless.redeemCode': async (_actor, email) => {
    const { json } = await world.app.call('POST', '/api/v1/auth/email-code', { body: { email } });
    const { text } = await world.app.mailbox.newest(email, ({ subject }) => subject === 'Your code');
    return { path: '/auth/email-code/redeem', body: { email, flow: json.data.flow, code: /^\d{8}$/m.exec(text)![0] } };
  },
  'oauth.complete': async ({ token }, email) => {
    const liar = liarOf(world.app);
    liar.lie({ claims: { sub: email, email } });
    const linked = await comeBack(world.app, liar, { link: true, token });
    expect(linked.status, linked.text).toBe(200);
    const { url, cookie } = await setOut(world.app);
    const { state, nonce } = Object.fromEntries(url!.searchParams);
    return {
      path: '/auth/oauth/liar/callback',
      body: { state, code: liar.issue(nonce!), iss: liar.issuer },
      headers: { cookie, origin: 'http://localhost:3000' },
    };
  },
  'auth.refresh': 'renews a session that passed the gate',
  'auth.changePassword': 'renews the session that asks, which passed the gate',
  'passkeys.register': 'is itself the second factor',
  'passkeys.signIn': 'is itself both factors',
  'passkeys.enrol': 'is itself the second factor',
  'passkeys.stepUp': 'is itself the second factor',
  'impersonation.start': 'proves nothing of the user: it is an administrator who acts as them (B90)',
  'mfa.confirmTotp': 'is itself the second factor',
  'mfa.passTotp': 'is itself the second factor',
  'mfa.passRecoveryCode': 'is itself the second factor',
  'mfa.confirmEnrolTotp': 'is itself the second factor',
  'mfa.stepUpTotp': 'is itself the second factor',
};

describe('B46: every way to a session', () => {
  const ways = createCatalog(features).operations.filter(issuesSessions);
  it('B46: has a case here, and no case is left over', () => {
    expect(ways.map(({ id }) => id).sort()).toEqual(Object.keys(CASES).sort());
  });
  it.each(ways.filter(({ id }) => typeof CASES[id] === 'function').map(({ id }) => [id] as const))(
    'B46: %s asks for the second factor',
    async (id) => {
      const actor = await world.as('member');
      await withTotp(world.app, actor.userId);
      const { email } = (await world.app.api(users).find(world.app.kit.db, actor.userId))!;
      const { path, body, headers = {} } = await (CASES[id] as Exclude<Case, string>)(actor, email);
      const reply = await world.app.call('POST', `/api/v1${path}`, { token: actor.token, body, headers });
      expect(reply.status, reply.text).toBe(200);
      expect(reply.json.data).toMatchObject({ status: 'second-factor-required' });
      expect(reply.text).not.toContain('accessToken');
      expect(reply.headers.getSetCookie().filter((cookie) => !cookie.includes('Max-Age=0'))).toEqual([]); // what it clears is no session
    },
  );
});
