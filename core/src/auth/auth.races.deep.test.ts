import { uuidv7 } from '@plinth/kit';
import { race, tally } from '@plinth/kit/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { account } from '../account/index.ts';
import { mfa } from '../mfa/index.ts';
import { withTotp } from '../mfa/mfa.testing.ts';
import { hashOf } from '../mfa/recovery-codes.ts';
import { oauth } from '../oauth/index.ts';
import { configured, type Liar, setOut, startLiar } from '../oauth/oauth.testing.ts';
import { passkeys } from '../passkeys/index.ts';
import { withPasskey } from '../passkeys/passkeys.fixtures.ts';
import { passwordless } from '../passwordless/index.ts';
import { authApp, type AuthApp, type Person } from './auth.testing.ts';

const ROUNDS = 100;
const CALLERS = 16;
let app: AuthApp;
let liar: Liar;
let person: Person;
beforeAll(async () => {
  liar = await startLiar();
  const env = { RATE_LIMIT_UNSAFE: '1000000', OIDC_PROVIDERS: configured(['liar', liar.issuer]) };
  app = await authApp({ env }, [account, mfa, oauth, passkeys, passwordless]);
  person = await app.person();
});
afterAll(async () => {
  await app?.stop();
  await liar?.stop();
});

const post = (path: string, body?: object, token?: string) =>
  app.call('POST', `/api/v1${path}`, { ...(body && { body }), ...(token !== undefined && { token }) });
const mailed = async (pattern: RegExp, to = person.email): Promise<string> => {
  const { text } = await app.mailbox.newest(to, (message) => pattern.test(message.text));
  app.mailbox.messages.length = 0;
  return pattern.exec(text)![1]!;
};
const challenge = async (): Promise<string> => (await app.signIn(person)).json.data.challenge as string;

/** What makes one secret, and how it is used. */
const SECRETS: Record<string, { success: number; make: () => Promise<() => ReturnType<typeof post>> }> = {
  'mailed link': {
    success: 200,
    async make() {
      await app.owner.query('delete from auth.links');
      await post('/auth/magic-link', { email: person.email });
      const token = await mailed(/#token=(\S+)/);
      return () => post('/auth/magic-link/redeem', { token });
    },
  },
  'mailed code': {
    success: 200,
    async make() {
      await app.owner.query('delete from passwordless.codes');
      const { flow } = (await post('/auth/email-code', { email: person.email })).json.data;
      const code = await mailed(/^(\d{8})$/m);
      return () => post('/auth/email-code/redeem', { email: person.email, flow, code });
    },
  },
  'reset link': {
    success: 204,
    async make() {
      await app.owner.query('delete from auth.links');
      await post('/account/forgot-password', { email: person.email });
      const token = await mailed(/reset#token=(\S+)/);
      return () => post('/account/reset-password', { token, password: person.password });
    },
  },
  'registration link': {
    success: 201,
    async make() {
      const email = `new-${uuidv7()}@example.com`;
      await post('/auth/register', { email, displayName: 'Ada' });
      const token = await mailed(/#token=(\S+)/, email);
      return () => post('/auth/register/confirm', { token, password: person.password });
    },
  },
  'change-email link': {
    success: 204,
    async make() {
      await app.owner.query('delete from auth.links');
      const email = `other-${uuidv7()}@example.com`;
      const { token } = await app.signedIn();
      await post('/account/change-email', { email }, token);
      const link = await mailed(/#token=(\S+)/, email);
      return () => post('/account/change-email/confirm', { token: link });
    },
  },
  'answer of a provider': {
    success: 200,
    async make() {
      liar.lie({ claims: { sub: uuidv7(), email: `far-${uuidv7()}@example.com` } });
      const { url, cookie } = await setOut(app);
      const [state, nonce] = ['state', 'nonce'].map((name) => url!.searchParams.get(name)!);
      const body = { state, code: liar.issue(nonce!), iss: liar.issuer };
      return () => app.call('POST', '/api/v1/auth/oauth/liar/callback', { body, headers: { cookie, origin: 'http://localhost:3000' } });
    },
  },
  'passkey challenge': {
    success: 200,
    async make() {
      const { device } = await withPasskey({ app }, (await app.person('member', null)).id);
      const credential = device.get((await post('/auth/passkey/options', {})).json.data);
      return () => post('/auth/passkey', { credential });
    },
  },
  'sign-in challenge and TOTP code': {
    success: 200,
    async make() {
      person = await app.person();
      const device = await withTotp(app, person.id);
      const [token, code] = [await challenge(), await device.next()];
      return () => post('/mfa/challenge/totp', { challenge: token, code });
    },
  },
  'recovery code': {
    success: 200,
    async make() {
      person = await app.person();
      await withTotp(app, person.id);
      const code = 'k3v9x0-7mnp2q-4rstvw-8xyz01';
      await app.owner.query('insert into mfa.recovery_codes (user_id, code_hash) values ($1, $2)', [person.id, hashOf(code)]);
      const token = await challenge();
      return () => post('/mfa/challenge/recovery-code', { challenge: token, code });
    },
  },
};

it.each(Object.keys(SECRETS))(`B1: %s: good once, for ${CALLERS} at a barrier, ${ROUNDS} rounds`, { timeout: 600_000 }, async (name) => {
  const { make, success } = SECRETS[name]!;
  person = await app.person();
  const outcomes: (string | number)[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const use = await make();
    const replies = await race(CALLERS, use);
    const statuses = replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 'died'));
    expect([round, tally(statuses)[success]]).toEqual([round, 1]);
    outcomes.push(...statuses);
    await app.owner.query('delete from auth.attempts');
  }
  expect(outcomes.filter((status) => status !== success && !(Number(status) >= 400 && Number(status) < 500))).toEqual([]);
  process.stdout.write(`${name}: ${JSON.stringify(tally(outcomes))}\n`);
});
