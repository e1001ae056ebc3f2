import { replaceMail, uuidv7 } from '@plinth/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authApp, type AuthApp } from '../auth/auth.testing.ts';
import { mfa } from '../mfa/index.ts';
import { withTotp } from '../mfa/mfa.testing.ts';
import { eraseDeleted } from '../users/contract.ts';
import { resetMail } from './contract.ts';
import { account } from './index.ts';

const features = [account, mfa];
let app: AuthApp;
beforeAll(async () => {
  app = await authApp({}, features);
});
afterAll(() => app?.stop());

/** Enough for a job that was enqueued before to have run: another one went through. */
const settled = async (): Promise<void> => {
  const { email } = await app.person();
  await app.call('POST', '/api/v1/account/forgot-password', { body: { email } });
  await app.mailbox.newest(email);
};

describe('all sessions at once', () => {
  it('B10: one ends all of them, this one too; an administrator those of someone else, who is not above them', async () => {
    const person = await app.signedIn();
    const other = await app.again(person);
    const ended = await app.call('DELETE', '/api/v1/account/sessions', { token: person.token });
    expect([ended.status, await app.facts(ended.requestId)]).toEqual([204, ['account.sessions-ended']]);
    expect([await app.me(person.token), await app.me(other.token), (await app.refresh(other.refreshToken)).status]).toEqual([
      401, 401, 401,
    ]);
    const [admin, again] = [await app.signedIn('admin'), await app.again(person)];
    const end = (token: string, id: string) =>
      app.call('POST', `/api/v1/account/users/${id}/end-sessions`, { token, body: { reason: 'Lost laptop' } });
    expect((await end(again.token, admin.id)).status).toBe(403);
    expect([await app.me(again.token), (await end(admin.token, person.id)).status, await app.me(again.token)]).toEqual([200, 204, 401]);
    expect((await end(admin.token, uuidv7())).status).toBe(404);
    await app.call('POST', '/api/v1/access/roles', {
      token: admin.token,
      body: { name: 'ender', title: 'x', permissions: ['account:end-sessions'] },
    });
    expect((await end((await app.signedIn('ender')).token, admin.id)).json.error.code).toBe('GRANT_EXCEEDS_OWN');
    expect((await app.signIn(person)).status).toBe(200);
  });
});

describe('the sessions of someone else', () => {
  const read = (token: string, id: string) => app.call('GET', `/api/v1/account/users/${id}/sessions`, { token });
  const end = (token: string, id: string, sessionId: string) =>
    app.call('POST', `/api/v1/account/users/${id}/sessions/${sessionId}/end`, { token, body: { reason: 'Not their device' } });

  it('B10: an administrator sees device and address of each, and ends one: from the next request, as a fact with a reason', async () => {
    const [admin, person] = [await app.signedIn('admin'), await app.signedIn()];
    const other = await app.again(person);
    const { status, json } = await read(admin.token, person.id);
    expect(status).toBe(200);
    expect(json.data.map(({ id }: { id: string }) => id).sort()).toEqual([person.sessionId, other.sessionId].sort());
    for (const session of json.data)
      expect(session).toMatchObject({ current: false, factors: ['password'], address: '127.0.0.1', device: { label: expect.any(String) } });
    const ended = await end(admin.token, person.id, person.sessionId);
    expect([ended.status, await app.facts(ended.requestId)]).toEqual([204, ['account.session-ended']]);
    expect([await app.me(person.token), await app.me(other.token)]).toEqual([401, 200]);
    expect((await read(admin.token, person.id)).json.data.map(({ id }: { id: string }) => id)).toEqual([other.sessionId]);
    expect((await end(admin.token, person.id, person.sessionId)).json.error.code).toBe('SESSION_NOT_FOUND');
  });
  it('B12: only of whom it is said, nobody above oneself, and with the permission', async () => {
    const [admin, person, stranger] = [await app.signedIn('admin'), await app.signedIn(), await app.signedIn()];
    // Somebody's session under another name is not found, and goes on.
    expect((await end(admin.token, stranger.id, person.sessionId)).json.error.code).toBe('SESSION_NOT_FOUND');
    expect((await read(stranger.token, person.id)).status).toBe(403);
    expect((await end(stranger.token, person.id, person.sessionId)).status).toBe(403);
    expect([(await read(admin.token, uuidv7())).status, (await end(admin.token, uuidv7(), person.sessionId)).status]).toEqual([404, 404]);
    await app.call('POST', '/api/v1/access/roles', {
      token: admin.token,
      body: { name: 'usher', title: 'x', permissions: ['account:end-sessions'] },
    });
    const usher = await app.signedIn('usher');
    expect((await end(usher.token, admin.id, admin.sessionId)).json.error.code).toBe('GRANT_EXCEEDS_OWN');
    expect((await read(usher.token, person.id)).status).toBe(403); // ending is not seeing
    expect([await app.me(person.token), await app.me(admin.token)]).toEqual([200, 200]);
  });
});

describe('leaving', () => {
  it('the export holds what every feature keeps of the user, and nothing of others', async () => {
    const [person, other] = [await app.signedIn(), await app.signedIn()];
    const { data } = (await app.call('GET', '/api/v1/account/export', { token: person.token })).json;
    expect(data.access.assignments).toEqual([expect.not.objectContaining({ $total: expect.anything() as unknown })]);
    expect(Object.keys(data).sort()).toEqual(['access', 'auth', 'users']);
    expect(data.users).toMatchObject({ id: person.id, email: person.email });
    expect(data.auth.sessions).toHaveLength(1);
    expect(JSON.stringify(data)).not.toContain(other.id);
    expect(JSON.stringify(data)).not.toMatch(/argon2|secret/i);
  });
  it('B11: a deleted account cannot sign in; once erased, nothing of it is left but its blanked row, and the log still verifies', async () => {
    const person = await app.signedIn();
    await withTotp(app, person.id);
    const gone = await app.call('DELETE', '/api/v1/account', { token: person.token });
    expect([gone.status, await app.facts(gone.requestId)]).toEqual([204, ['users.deleted']]);
    expect([await app.me(person.token), (await app.signIn(person)).status]).toEqual([401, 401]);
    const erase = () => app.kit.db.transaction((tx) => app.kit.jobs.enqueue(tx, eraseDeleted, {}));
    const row = async () => (await app.owner.query('select * from users.users where id = $1', [person.id])).rows[0];
    await erase();
    await settled();
    expect((await row()).email).toBe(person.email); // not before its time
    await app.owner.query(`update users.users set deleted_at = now() - interval '31 days' where id = $1`, [person.id]);
    await erase();
    await expect.poll(async () => (await row()).erased_at, { timeout: 10_000 }).not.toBeNull();
    expect(await row()).toMatchObject({ display_name: 'Erased user', email: `erased-${person.id}@erased.invalid`, status: 'deleted' });
    for (const table of [
      'auth.sessions',
      'auth.credentials',
      'auth.factors',
      'auth.links',
      'auth.challenges',
      'mfa.totp',
      'mfa.recovery_codes',
    ]) {
      const { rows } = await app.owner.query(`select count(*)::int as n from ${table} where user_id = $1`, [person.id]);
      expect([table, rows[0].n]).toEqual([table, 0]);
    }
    const kept = await app.owner.query(`select count(*)::int as n from log.personal where user_id = $1`, [person.id]);
    expect(kept.rows[0].n).toBe(0);
    const { token } = await app.signedIn('admin');
    expect((await app.call('POST', `/api/v1/users/${person.id}/restore`, { token })).json.error.code).toBe('USER_ERASED');
  });
});

it('B11: what erasing deletes is found by an index, in every table of a user', async () => {
  const { rows: tables } = await app.owner.query<{ name: string }>(
    `select c.table_schema || '.' || c.table_name as name from information_schema.columns c
     join information_schema.tables t using (table_schema, table_name)
     where c.column_name = 'user_id' and c.table_schema in ('auth', 'mfa') and c.table_name <> 'revoked' and t.table_type = 'BASE TABLE'`,
  );
  expect(tables.map(({ name }) => name)).toContain('auth.sessions');
  await app.owner.query('begin; set local enable_seqscan = off');
  try {
    for (const { name } of tables) {
      const { rows } = await app.owner.query(`explain delete from ${name} where user_id = '00000000-0000-0000-0000-000000000000'`);
      expect([name, rows.map((row) => row['QUERY PLAN']).join()]).toEqual([name, expect.stringMatching(/Index (Only )?Scan/)]);
    }
  } finally {
    await app.owner.query('rollback');
  }
});

it('an owner says it in other words', async () => {
  const own = await authApp(
    { database: app.database, mails: [replaceMail(resetMail, ({ link }) => ({ subject: 'Neues Passwort', text: `Hier: ${link}\n` }))] },
    features,
  );
  try {
    const person = await own.person();
    await own.call('POST', '/api/v1/account/forgot-password', { body: { email: person.email } });
    const isReset = ({ text }: { readonly text: string }): boolean => text.includes('/auth/reset#token=');
    const found = await Promise.race([own, app].map(({ mailbox }) => mailbox.newest(person.email, isReset))); // whichever node ran the job
    expect(['Neues Passwort', 'Choose a new password']).toContain(found.subject);
    expect(own.kit.compose(resetMail, { link: 'https://a.example/x' })).toEqual({
      subject: 'Neues Passwort',
      text: 'Hier: https://a.example/x\n',
      template: 'account.reset-password',
    });
  } finally {
    await own.stop();
  }
});
