import { system, uuidv7 } from '@plinth/kit';
import { race } from '@plinth/kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { access } from '../access/index.ts';
import { account } from '../account/index.ts';
import { apiKeys } from '../api-keys/index.ts';
import { auth } from '../auth/index.ts';
import { impersonation } from '../impersonation/index.ts';
import { mfa } from '../mfa/index.ts';
import { passwordless } from '../passwordless/index.ts';
import { coreApp, type CoreApp } from '../testing/index.ts';
import { users } from '../users/index.ts';
import { serviceAccounts } from './index.ts';
import { createAccount, createAccountKey } from './service-accounts.fixtures.ts';

let app: CoreApp;
let admin: { userId: string; token: string };
beforeAll(async () => {
  app = await coreApp([users, access, auth, mfa, passwordless, account, apiKeys, impersonation, serviceAccounts]);
  admin = await app.as('admin');
});
afterAll(() => app?.stop());

const call = (method: string, path: string, token: string, body?: object) =>
  app.call(method, `/api/v1${path}`, { token, ...(body && { body }) });
const withKey = (key: string, path: string) => app.call('GET', `/api/v1${path}`, { headers: { 'x-api-key': key } });
const assign = (userId: string, role: string) => call('POST', '/access/assignments', admin.token, { userId, role });
const made = async (role = 'admin', scopes = ['users:read']) => {
  const world = { app };
  const service = await createAccount(world, admin);
  if (role !== '') expect((await assign(service.id, role)).status).toBe(201);
  const { id: keyId, key } = await createAccountKey(world, admin, service.id, { scopes });
  return { ...service, keyId, key };
};
const code = (reply: { json: { error: { code: string } } }): string => reply.json.error.code;

describe('a service account', () => {
  it('B91: does with its key what its roles and the scopes allow, and no more', async () => {
    const { id, key } = await made();
    expect((await withKey(key, '/users')).status).toBe(200);
    expect((await withKey(key, '/service-accounts')).status).toBe(403); // beyond the scopes
    expect((await withKey(key, '/users/me')).status).toBe(403); // a key is nobody's presence
    expect((await withKey(key, '/api-keys/current')).json.data).toMatchObject({ userId: id, scopes: ['users:read'] });
    const { key: idle } = await made('');
    expect((await withKey(idle, '/users')).status).toBe(403); // beyond the roles
  });
  it('is listed, and is found among users by its kind', async () => {
    const { id, name } = await made();
    expect((await call('GET', '/service-accounts?limit=1', admin.token)).json.data).toEqual([
      { id, name, title: 'Nightly export', status: 'active', createdAt: expect.any(String) },
    ]);
    expect((await call('GET', '/users?kind=service&limit=1', admin.token)).json.data).toMatchObject([
      { id, kind: 'service', email: `${name}@service.invalid` },
    ]);
    expect((await call('GET', '/users?kind=person', admin.token)).json.data.every(({ kind }: { kind: string }) => kind === 'person')).toBe(
      true,
    );
  });
  it('B91: has no way to sign in', async () => {
    const { id, name } = await made();
    const email = `${name}@service.invalid`;
    const password = 'quiet harbour under a tin moon';
    await app.api(auth).setPassword(system('test', null, uuidv7()), id, password);
    const asked = await app.call('POST', '/api/v1/auth/sign-in', { body: { email, password } });
    expect([asked.status, code(asked)]).toEqual([401, 'INVALID_CREDENTIALS']);
    // Whatever proved it: no session opens.
    const proving = app.kit.db.transaction((tx) =>
      app.api(auth).prove(system('test', null, uuidv7()), tx, { userId: id, factor: 'oauth', delivery: 'body' }),
    );
    await expect(proving).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
    const acting = await call('POST', '/impersonation', admin.token, { userId: id, reason: 'Looking into a report' });
    expect([acting.status, code(acting)]).toEqual([403, 'IMPERSONATION_REFUSED']);
    // Nor is anything mailed to it: the mail of someone who asked later is there, and there is none of this.
    const { userId } = await app.as('member');
    const person = (await app.api(users).find(app.kit.db, userId))!.email;
    for (const asks of [email, person])
      for (const path of ['/auth/magic-link', '/auth/email-code', '/account/forgot-password'])
        expect((await app.call('POST', `/api/v1${path}`, { body: { email: asks } })).status).toBe(202);
    for (const subject of ['Sign in', 'Your code']) await app.mailbox.newest(person, (mail) => mail.subject === subject);
    expect((await app.owner.query('select 1 from auth.links where user_id = $1', [id])).rowCount).toBe(0);
    expect((await app.owner.query('select 1 from auth.sessions where user_id = $1', [id])).rowCount).toBe(0);
  });
  it('B91: keeps its domain from people, in the database too', async () => {
    await expect(
      app.kit.db.transaction((tx) =>
        app.api(users).create(system('test', null, uuidv7()), tx, { email: 'x@service.invalid', displayName: 'X' }),
      ),
    ).rejects.toMatchObject({ constraint: 'users_service_address' });
  });
  it('B91: its keys end with it, and with its suspension, at once', async () => {
    const { id, key } = await made();
    expect((await withKey(key, '/users')).status).toBe(200);
    expect((await call('POST', `/users/${id}/suspend`, admin.token, { reason: 'Rotating everything' })).status).toBe(200);
    expect((await withKey(key, '/users')).status).toBe(401);
    expect((await call('POST', `/users/${id}/restore`, admin.token)).status).toBe(200);
    expect((await withKey(key, '/users')).status).toBe(200);
    expect((await call('DELETE', `/users/${id}`, admin.token)).status).toBe(204);
    expect((await withKey(key, '/users')).status).toBe(401);
    const more = await call('POST', `/service-accounts/${id}/keys`, admin.token, { label: 'x', scopes: ['users:read'] });
    expect(more.status).toBe(404);
  });
});

describe('administering', () => {
  it('B89: a service account is nobody who administers: the last person stays, and it may go', async () => {
    const alone = await coreApp([users, access, auth, apiKeys, serviceAccounts]);
    try {
      const { userId, token } = await alone.as('admin');
      const ask = (method: string, path: string, body?: object) => alone.call(method, `/api/v1${path}`, { token, ...(body && { body }) });
      const { id } = await createAccount({ app: alone }, { token });
      expect((await ask('POST', '/access/assignments', { userId: id, role: 'admin' })).status).toBe(201);
      const { rows } = await alone.owner.query<{ id: string }>('select id from access.assignments where user_id = $1', [userId]);
      const refused = [
        await ask('DELETE', `/access/assignments/${rows[0]!.id}`),
        await ask('POST', `/users/${userId}/suspend`, { reason: 'testing' }),
        await ask('DELETE', `/users/${userId}`),
      ];
      expect(refused.map((reply) => [reply.status, code(reply)])).toEqual(refused.map(() => [409, 'LAST_ADMINISTRATOR']));
      expect((await ask('DELETE', `/users/${id}`)).status).toBe(204);
    } finally {
      await alone.stop();
    }
  });
});

describe('who may make its keys', () => {
  /** Someone who manages service accounts, and holds only these besides. */
  const manager = async (...permissions: string[]) => {
    const name = `role-${uuidv7().slice(-12)}`;
    const made = await call('POST', '/access/roles', admin.token, {
      name,
      title: name,
      permissions: ['service-accounts:manage', ...permissions],
    });
    expect(made.status, made.text).toBe(201);
    const actor = await app.as('member');
    expect((await assign(actor.userId, name)).status).toBe(201);
    return actor;
  };
  it('B88: only who holds all that the account holds', async () => {
    const { id, keyId, key } = await made('admin');
    const some = await manager('users:read');
    for (const [path, body] of [
      ['keys', { label: 'x', scopes: ['users:read'] }],
      [`keys/${keyId}/rotate`, {}],
    ] as const) {
      const reply = await call('POST', `/service-accounts/${id}/${path}`, some.token, body);
      expect([reply.status, code(reply)]).toEqual([403, 'GRANT_EXCEEDS_OWN']);
    }
    expect((await withKey(key, '/users')).status).toBe(200);
    // Ending one gives nobody anything.
    expect((await call('DELETE', `/service-accounts/${id}/keys/${keyId}`, some.token)).status).toBe(204);
    expect((await withKey(key, '/users')).status).toBe(401);
  });
  it('B88: nobody hands out scopes beyond their own, for a role that may come later', async () => {
    const some = await manager();
    const { id } = await createAccount({ app }, some);
    const reply = await call('POST', `/service-accounts/${id}/keys`, some.token, { label: 'x', scopes: ['users:read'] });
    expect([reply.status, code(reply)]).toEqual([403, 'GRANT_EXCEEDS_OWN']);
  });
  it('B88: nobody gets a key with scopes beyond their own by giving it a new secret', async () => {
    const { id, keyId } = await made('');
    const [some, able] = [await manager(), await manager('users:read')];
    const rotate = (token: string) => call('POST', `/service-accounts/${id}/keys/${keyId}/rotate`, token, {});
    const reply = await rotate(some.token);
    expect([reply.status, code(reply)]).toEqual([403, 'GRANT_EXCEEDS_OWN']);
    // A role that counts inside a scope only is no less of a role there.
    await app.owner.query(
      `insert into access.assignments (id, user_id, role, scope_type, scope_id) values (gen_random_uuid(), $1, 'admin', 'organization', gen_random_uuid())`,
      [id],
    );
    expect((await rotate(some.token)).status).toBe(403);
    expect((await rotate(able.token)).status).toBe(200);
  });
  it('B87: an id of a person, of nobody, or of another account leads nowhere', async () => {
    const [one, two] = await Promise.all([made(), made()]);
    const person = await app.as('member');
    for (const id of [person.userId, uuidv7()]) {
      expect((await call('GET', `/service-accounts/${id}/keys`, admin.token)).status).toBe(404);
      expect((await call('POST', `/service-accounts/${id}/keys`, admin.token, { label: 'x', scopes: ['users:read'] })).status).toBe(404);
    }
    expect((await call('POST', `/service-accounts/${one.id}/keys/${two.keyId}/rotate`, admin.token, {})).status).toBe(404);
    expect((await call('DELETE', `/service-accounts/${one.id}/keys/${two.keyId}`, admin.token)).status).toBe(404);
    expect((await call('POST', `/api-keys/${one.keyId}/rotate`, admin.token, {})).status).toBe(404);
  });
  it('B91: a new secret ends the old one; the list tells neither', async () => {
    const { id, keyId, key } = await made();
    const rotated = await call('POST', `/service-accounts/${id}/keys/${keyId}/rotate`, admin.token, {});
    expect((await withKey(key, '/users')).status).toBe(401);
    expect((await withKey(rotated.json.data.key as string, '/users')).status).toBe(200);
    const list = await call('GET', `/service-accounts/${id}/keys`, admin.token);
    expect(list.json.data).toMatchObject([{ id: keyId, label: 'Nightly export' }]);
    expect(list.text).not.toContain((rotated.json.data.key as string).slice(-20));
  });
  it('B91: of 16 accounts of one name, one is made', async () => {
    const name = `race-${uuidv7()}`;
    const replies = await race(16, () => call('POST', '/service-accounts', admin.token, { name, title: 'Race' }));
    const statuses = replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 0)).toSorted((a, b) => a - b);
    expect(statuses).toEqual([201, ...Array.from({ length: 15 }, () => 409)]);
  });
  it('B91: 50 keys at most, whoever asks at once', async () => {
    const { id } = await createAccount({ app }, admin);
    await app.owner.query(
      `insert into api_keys.keys (id, user_id, label, scopes, secret_hash) select gen_random_uuid(), $1, 'x', '{users:read}', sha256(n::text::bytea) from generate_series(1, 45) n`,
      [id],
    );
    const replies = await race(16, () => call('POST', `/service-accounts/${id}/keys`, admin.token, { label: 'x', scopes: ['users:read'] }));
    expect(replies.filter((reply) => reply.status === 'fulfilled' && reply.value.status === 201).length).toBe(5);
  });
  it.each(['', 'ab', 'Nightly', '-x-', 'x'.repeat(64), 'a b', 'a@b', 'é-export', 'a'.repeat(63) + '\u200b'])(
    'takes no %j for a name',
    async (name) => {
      expect((await call('POST', '/service-accounts', admin.token, { name, title: 'X' })).status).toBe(422);
    },
  );
});
