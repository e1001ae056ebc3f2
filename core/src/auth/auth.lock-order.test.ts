import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { account } from '../account/index.ts';
import { mfa } from '../mfa/index.ts';
import { withTotp } from '../mfa/mfa.testing.ts';
import { passwordless } from '../passwordless/index.ts';
import { authApp, type AuthApp, PASSWORD, type SignedInPerson } from './auth.testing.ts';

// Two that wait for each other cost a second, and one of them its answer. Whatever changes something of a user holds the user first.

let app: AuthApp;
let admin: SignedInPerson;
beforeAll(async () => {
  app = await authApp({}, [account, mfa, passwordless]);
  admin = await app.signedIn('admin');
});
afterAll(() => app?.stop());

const NEW = 'seven slow trains to Lisbon';
const post = (path: string, body: object, token?: string) => app.call('POST', `/api/v1${path}`, { body, ...(token && { token }) });
const mailed = async (email: string, pattern: RegExp): Promise<string> => {
  const { text } = await app.mailbox.newest(email, (message) => pattern.test(message.text));
  return pattern.exec(text)![1]!;
};
const suspended = (id: string) => () => post(`/users/${id}/suspend`, { reason: 'for the test' }, admin.token);
const reset = async ({ email }: SignedInPerson) => {
  await post('/account/forgot-password', { email });
  const token = await mailed(email, /reset#token=(\S+)/);
  return () => post('/account/reset-password', { token, password: NEW });
};
const changed =
  ({ token }: SignedInPerson) =>
  () =>
    post('/auth/password', { currentPassword: PASSWORD, newPassword: NEW }, token);

/** What both want, held until both wait for it; who comes first, and who second. */
type Pair = (person: SignedInPerson) => Promise<readonly [table: string, ...(() => ReturnType<typeof post>)[]]>;
const PAIRS: Record<string, [Pair, number[]]> = {
  'a step-up and a suspension': [
    async ({ id, token }) => ['auth.sessions', () => post('/auth/step-up', { password: PASSWORD }, token), suspended(id)],
    [200, 200],
  ],
  'a step-up with a code and a suspension': [
    async ({ id, token }) => {
      const device = await withTotp(app, id);
      return ['auth.sessions', async () => post('/mfa/step-up/totp', { code: await device.next() }, token), suspended(id)];
    },
    [200, 200],
  ],
  'a password change and a suspension': [async (person) => ['auth.sessions', changed(person), suspended(person.id)], [200, 200]],
  'a sign-in and a reset': [async (person) => ['auth.credentials', () => app.signIn(person), await reset(person)], [200, 204]],
  'a mailed link and a reset': [
    async (person) => {
      await post('/auth/magic-link', { email: person.email });
      const token = await mailed(person.email, /magic#token=(\S+)/);
      return ['auth.links', () => post('/auth/magic-link/redeem', { token }), await reset(person)];
    },
    [200, 204],
  ],
};

it.each(Object.entries(PAIRS))('%s at once do not wait for each other', async (_name, [pair, statuses]) => {
  const person = await app.signedIn();
  const [table, ...both] = await pair(person);
  const info = vi.spyOn(app.kit.logger, 'info');
  const waiting = async () =>
    (
      await app.owner.query<{ n: number }>(
        'select count(distinct pid)::int as n from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0',
      )
    ).rows[0]!.n;
  const replies: ReturnType<typeof post>[] = [];
  await app.owner.query('begin');
  try {
    await app.owner.query(`select 1 from ${table} where user_id = $1 for update`, [person.id]);
    for (const [i, one] of both.entries()) {
      replies.push(one());
      await expect.poll(waiting, { timeout: 5000 }).toBe(i + 1);
    }
  } finally {
    await app.owner.query('rollback');
  }
  expect((await Promise.all(replies)).map(({ status }) => status)).toEqual(statuses);
  expect(info.mock.calls.filter(([, message]) => message === 'transaction retried')).toEqual([]);
  info.mockRestore();
});
