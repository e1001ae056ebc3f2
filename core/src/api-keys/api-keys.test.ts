import { system, uuidv7 } from '@plinth/kit';
import { race } from '@plinth/kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { access } from '../access/index.ts';
import { authApp, type AuthApp, type SignedInPerson } from '../auth/auth.testing.ts';
import { auth } from '../auth/index.ts';
import { createKey as create } from './api-keys.fixtures.ts';
import { apiKeys } from './index.ts';
import { tokenOf } from './token.ts';

let app: AuthApp;
let second: AuthApp;
beforeAll(async () => {
  app = await authApp({}, [apiKeys]);
  second = await authApp({ database: app.database }, [apiKeys]);
});
afterAll(async () => {
  await second?.stop();
  await app?.stop();
});

const createKey = ({ id, token }: SignedInPerson, more: object = {}) =>
  create({ app }, { userId: id, token }, { scopes: ['users:read'], ...more });
const read = async (key: string, node = app) =>
  (await node.call('GET', '/api/v1/users/statistics', { headers: { 'x-api-key': key } })).status;
const codeOf = (reply: Awaited<ReturnType<AuthApp['call']>>): string => reply.json.error?.code ?? String(reply.status);
const post = (token: string, body: object) => app.call('POST', '/api/v1/api-keys', { token, body });

describe('API keys', () => {
  it("B91: may do what their owner may and their scopes allow, and nothing that is a person's own", async () => {
    const admin = await app.signedIn('admin');
    const { key } = await createKey(admin);
    const with_ = (method: string, path: string, body?: object) =>
      app.call(method, `/api/v1${path}`, { headers: { 'x-api-key': key }, ...(body && { body }) });
    expect((await with_('GET', '/users/statistics')).status).toBe(200);
    expect((await with_('GET', '/access/roles')).status).toBe(403); // its owner may
    expect((await with_('POST', `/users/${admin.id}/suspend`, { reason: 'for the test' })).status).toBe(403);
    for (const [method, path, body] of [
      ['GET', '/users/me'],
      ['GET', '/auth/sessions'],
      ['POST', '/api-keys', { label: 'more', scopes: ['*'] }],
      ['POST', '/auth/password', { currentPassword: 'x', newPassword: 'seven slow trains to Lisbon' }],
    ] as const)
      expect([path, (await with_(method, path, body)).status]).toEqual([path, 403]);
    expect((await with_('GET', '/api-keys/current')).json.data).toMatchObject({ userId: admin.id, scopes: ['users:read'] });
    expect(codeOf(await app.call('GET', '/api/v1/api-keys/current', { token: admin.token }))).toBe('NO_API_KEY');
  });
  it('B88: nobody gives a key what they do not hold; a key gives away no more than it was given; the owner is who is signed in', async () => {
    const [member, admin] = [await app.signedIn(), await app.signedIn('admin')];
    for (const scopes of [['users:manage'], ['*'], ['users:*']])
      expect(codeOf(await post(member.token, { label: 'x', scopes }))).toMatch(/GRANT_EXCEEDS_OWN/);
    expect(codeOf(await post(admin.token, { label: 'x', scopes: ['nothing:at-all'] }))).toBe('UNKNOWN_PERMISSION');
    expect((await post(member.token, { label: 'x', scopes: ['users:read'], userId: admin.id })).status).toBe(422);
    const { key } = await createKey(admin, { scopes: ['access:manage', 'access:read'] });
    const headers = { 'x-api-key': key };
    const role = (permissions: string[]) =>
      app.call('POST', '/api/v1/access/roles', { headers, body: { name: `r-${permissions.length}`, title: 'x', permissions } });
    expect(codeOf(await role(['users:read', 'users:manage']))).toBe('GRANT_EXCEEDS_OWN');
    expect((await role(['access:read'])).status).toBe(201);
  });
  it('B91: what the owner loses the key loses, on the next request', async () => {
    const admin = await app.signedIn('admin');
    await app.signedIn('admin'); // another one stays
    const { key } = await createKey(admin);
    expect(await read(key)).toBe(200);
    const { token } = await app.signedIn('admin');
    const { json } = await app.call('GET', `/api/v1/access/assignments?userId=${admin.id}`, { token });
    expect((await app.call('DELETE', `/api/v1/access/assignments/${json.data[0].id}`, { token })).status).toBe(204);
    expect(await read(key)).toBe(403);
    expect(app.api(access)).toBeTruthy();
  });
  it('B10, B91: revoked, it is refused from the next request here and within a second on every node; so with a suspended owner', async () => {
    const [admin, other] = [await app.signedIn('admin'), await app.signedIn('admin')];
    const [first, later] = [await createKey(admin), await createKey(admin)];
    expect([await read(first.key), await read(first.key, second), await read(later.key, second)]).toEqual([200, 200, 200]);
    const revoked = await app.call('DELETE', `/api/v1/api-keys/${first.id}`, { token: admin.token });
    expect([revoked.status, await app.facts(revoked.requestId)]).toEqual([204, ['api-keys.revoked']]);
    expect(await read(first.key)).toBe(401);
    await expect.poll(() => read(first.key, second), { timeout: 1000, interval: 50 }).toBe(401);
    expect((await app.call('DELETE', `/api/v1/api-keys/${later.id}`, { token: other.token })).status).toBe(404);
    await app.call('POST', `/api/v1/users/${admin.id}/suspend`, { token: other.token, body: { reason: 'for the test' } });
    expect(await read(later.key)).toBe(401);
    await expect.poll(() => read(later.key, second), { timeout: 1000, interval: 50 }).toBe(401);
  });
  it('B10: a suspended owner who is in no session loses the keys within a second on every node too', async () => {
    const [owner, other] = [await app.signedIn('admin'), await app.signedIn('admin')];
    const { key } = await createKey(owner);
    expect((await app.call('DELETE', `/api/v1/auth/sessions/${owner.sessionId}`, { token: owner.token })).status).toBe(204);
    expect([await read(key), await read(key, second)]).toEqual([200, 200]);
    await app.call('POST', `/api/v1/users/${owner.id}/suspend`, { token: other.token, body: { reason: 'for the test' } });
    expect(await read(key)).toBe(401);
    await expect.poll(() => read(key, second), { timeout: 1000, interval: 50 }).toBe(401);
  });
  it('B48: whoever proves an address first gets the account without the keys that someone else made', async () => {
    const squatter = await app.signedIn('admin');
    const { key } = await createKey(squatter);
    expect([await read(key), await read(key, second)]).toEqual([200, 200]);
    await app.owner.query('update users.users set email_verified_at = null where id = $1', [squatter.id]);
    const caller = system('test', null, uuidv7());
    await app.kit.db.transaction((tx) => app.api(auth).claim(caller, tx, squatter.id));
    expect(await read(key)).toBe(401);
    await expect.poll(() => read(key, second), { timeout: 1000, interval: 50 }).toBe(401);
    expect((await app.owner.query('select from api_keys.keys where user_id = $1', [squatter.id])).rowCount).toBe(0);
  });
  it('B85: a list of scopes that is empty, unknown in part, or no list of grants is refused whole', async () => {
    const { token } = await app.signedIn('admin');
    for (const scopes of [[], [''], ['users:read', 'nothing:at-all'], ['users:read '], ['users:*:read'], ['*:read*'], 'users:read', [1]])
      expect([scopes, (await post(token, { label: 'x', scopes })).status]).toEqual([scopes, 422]);
    expect((await app.call('GET', '/api/v1/api-keys', { token })).json.data).toEqual([]);
  });
  it('B87: the keys of others do not exist', async () => {
    const [owner, other] = [await app.signedIn('admin'), await app.signedIn('admin')];
    const { id, key } = await createKey(owner);
    const { token } = other;
    expect(codeOf(await app.call('POST', `/api/v1/api-keys/${id}/rotate`, { token, body: {} }))).toBe('API_KEY_NOT_FOUND');
    expect(codeOf(await app.call('DELETE', `/api/v1/api-keys/${id}`, { token }))).toBe('API_KEY_NOT_FOUND');
    expect([(await app.call('GET', '/api/v1/api-keys', { token })).json.data, await read(key)]).toEqual([[], 200]);
  });
  it('B88: with a key nobody gives, takes or suspends beyond its scopes, whatever its owner may', async () => {
    const [admin, member] = [await app.signedIn('admin'), await app.person('admin')];
    const { key } = await createKey(admin, { scopes: ['access:manage', 'users:manage'] });
    const with_ = (method: string, path: string, body?: object) =>
      app.call(method, `/api/v1${path}`, { headers: { 'x-api-key': key }, ...(body && { body }) });
    const { json } = await app.call('GET', `/api/v1/access/assignments?userId=${member.id}`, { token: admin.token });
    for (const reply of [
      await with_('POST', '/access/assignments', { userId: member.id, role: 'admin' }),
      await with_('DELETE', `/access/assignments/${json.data[0].id}`),
      await with_('POST', `/users/${member.id}/suspend`, { reason: 'for the test' }),
      await with_('DELETE', `/users/${member.id}`),
    ])
      expect(codeOf(reply)).toBe('GRANT_EXCEEDS_OWN');
  });
  it("end by the database's clock, within a year; 90 days where nothing is said", async () => {
    const admin = await app.signedIn('admin');
    const days = (n: number): string => new Date(Date.now() + n * 86_400_000).toISOString();
    for (const expiresAt of [days(-1), days(400)])
      expect((await post(admin.token, { label: 'x', scopes: ['users:read'], expiresAt })).status).toBe(422);
    const { id, key } = await createKey(admin);
    const { rows } = await app.owner.query(
      `select round(extract(epoch from expires_at - created_at) / 86400)::int as days from api_keys.keys where id = $1`,
      [id],
    );
    expect(rows).toEqual([{ days: 90 }]);
    await app.owner.query(`update api_keys.keys set created_at = now() - interval '1 day', expires_at = now() where id = $1`, [id]);
    expect(await read(key)).toBe(401);
  });
  it('rotated, the old secret works for as long as was said, and no longer', async () => {
    const admin = await app.signedIn('admin');
    const { id, key } = await createKey(admin);
    expect(await read(key)).toBe(200);
    const rotate = async (graceSeconds: number): Promise<string> =>
      (await app.call('POST', `/api/v1/api-keys/${id}/rotate`, { token: admin.token, body: { graceSeconds } })).json.data.key;
    const next = await rotate(3600);
    expect([await read(key), await read(next)]).toEqual([200, 200]);
    await app.owner.query('update api_keys.keys set previous_until = now() where id = $1', [id]);
    const last = await rotate(0);
    expect([await read(key), await read(next), await read(last)]).toEqual([401, 401, 200]);
  });
  it('B84: fifty a user, for many at once too', async () => {
    const admin = await app.signedIn('admin');
    await app.owner.query(
      `insert into api_keys.keys (id, user_id, label, scopes, secret_hash, expires_at)
       select gen_random_uuid(), $1, 'x', '{users:read}', sha256(n::text::bytea), now() + interval '1 day' from generate_series(1, 49) n`,
      [admin.id],
    );
    const replies = await race(16, () => post(admin.token, { label: 'x', scopes: ['users:read'] }));
    const codes = replies.map((reply) => (reply.status === 'fulfilled' ? codeOf(reply.value) : 'died'));
    expect([codes.filter((code) => code === '201').length, codes.filter((code) => code === 'TOO_MANY_API_KEYS').length]).toEqual([1, 15]);
  });
  it('B19: only a hash is stored; the list and the facts show no secret', async () => {
    const admin = await app.signedIn('admin');
    const { id, key } = await createKey(admin);
    const { rows } = await app.owner.query('select k::text as row from api_keys.keys k where id = $1', [id]);
    const list = await app.call('GET', '/api/v1/api-keys', { token: admin.token });
    const facts = await app.owner.query(`select string_agg(f::text, ' ') as facts from log.outbox f`);
    const secret = Buffer.from(key.slice(4), 'base64url').subarray(16, 48);
    for (const text of [rows[0].row, list.text, facts.rows[0].facts ?? '']) {
      expect(text).not.toContain(key);
      expect(text).not.toContain(secret.toString('hex'));
    }
    expect(list.json.data[0].prefix).toBe(key.slice(0, 16));
  });
  it('B80: what cannot be a key is refused without a query, in the one error form', async () => {
    const admin = await app.signedIn('admin');
    const { id, key } = await createKey(admin);
    const wrong = tokenOf(id, Buffer.alloc(32, 7));
    for (const bad of [wrong, `${key}x`, key.slice(0, -1), key.replace('plk_', 'plx_'), `${key}=`, 'plk_', admin.token, 'x'.repeat(5000)]) {
      const reply = await app.call('GET', '/api/v1/users/statistics', { headers: { 'x-api-key': bad } });
      expect([bad.slice(0, 12), reply.status, reply.json.error.code]).toEqual([bad.slice(0, 12), 401, 'INVALID_TOKEN']);
    }
  });
  it('B91: creating and rotating want a recent proof; a last use is written down, to the minute', async () => {
    const admin = await app.signedIn('admin');
    const { key, id } = await createKey(admin);
    await read(key);
    await app.owner.query(`update auth.sessions set proved_at = now() - interval '11 minutes' where user_id = $1`, [admin.id]);
    const { accessToken: token } = (await app.refresh(admin.refreshToken)).json.data;
    expect(codeOf(await post(token, { label: 'x', scopes: ['users:read'] }))).toBe('INSUFFICIENT_USER_AUTHENTICATION');
    const third = await authApp({ database: app.database }, [apiKeys]);
    await read(key, third);
    await third.stop(); // what was used is written down before it ends
    const { rows } = await app.owner.query('select last_used_at from api_keys.keys where id = $1', [id]);
    expect(rows[0].last_used_at).not.toBeNull();
  });
  it('writing down last uses waits for nobody: a key that another holds is passed over', async () => {
    const admin = await app.signedIn('admin');
    const [held, free] = [await createKey(admin), await createKey(admin)];
    const node = await authApp({ database: app.database }, [apiKeys]);
    for (const { key } of [held, free]) expect(await read(key, node)).toBe(200);
    await app.owner.query('begin');
    try {
      await app.owner.query('select 1 from api_keys.keys where id = $1 for update', [held.id]);
      await node.stop();
    } finally {
      await app.owner.query('rollback');
    }
    const { rows } = await app.owner.query('select id from api_keys.keys where last_used_at is not null and id = any ($1)', [
      [held.id, free.id],
    ]);
    expect(rows).toEqual([{ id: free.id }]);
  });
});
