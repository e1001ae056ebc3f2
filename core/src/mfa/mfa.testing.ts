import { uuidv7 } from '@plinth/kit';
import type { CallReply, TestApp } from '@plinth/kit/testing';
import type { AuthApp, Person, SignedInPerson } from '../auth/auth.testing.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeAt, newSecret, stepAt } from './totp.ts';

/** Seconds that a code may take to the server. */
const SOON = 3;
/** An authenticator app: it shows the code of a step, counted from the newest one that was used. */
export interface Authenticator {
  readonly secret: string;
  /** A code that was not used before; waits no more than three seconds for the clock: the server takes one step ahead. */
  next(): Promise<string>;
}
export const nowOf = async ({ owner }: Pick<TestApp, 'owner'>): Promise<number> =>
  (await owner.query<{ now: number }>('select extract(epoch from now())::float8 as now')).rows[0]!.now;

/** Sets an authenticator app up behind HTTP: the user's sessions go on. Its newest used step lies two minutes back. */
export async function withTotp(app: TestApp, userId: string): Promise<Authenticator> {
  const secret = await newSecret();
  const factorId = uuidv7();
  await app.owner.query(`insert into auth.factors (id, user_id, kind) values ($1, $2, 'totp')`, [factorId, userId]);
  await app.owner.query('insert into mfa.totp (factor_id, user_id, secret, last_step) values ($1, $2, $3, $4)', [
    factorId,
    userId,
    app.kit.seal.seal(secret, `mfa.totp:${factorId}`),
    stepAt(await nowOf(app)) - 4,
  ]);
  return authenticator(app, secret);
}
/** The app that was given this secret. */
export function authenticator(app: Pick<TestApp, 'owner'>, secret: string): Authenticator {
  let used = 0;
  return {
    secret,
    async next() {
      let now = await nowOf(app);
      // The oldest step of the window, so that three codes are at hand; not one that leaves it while its code is on the way.
      used = Math.max(used + 1, stepAt(now + SOON) - 1);
      for (const until = now + SOON; used > stepAt(now) + 1; now = await nowOf(app)) {
        if (now > until) throw new Error('more codes than the window has: use another user');
        await sleep(100);
      }
      return codeAt(secret, used);
    },
  };
}

export interface MfaCalls {
  api(path: string, body?: object, token?: string, method?: string): Promise<CallReply>;
  /** Of someone with a second factor, after the password. */
  challengeOf(person: Person): Promise<string>;
  /** Through HTTP, as a person does it. */
  setUp(person: SignedInPerson): Promise<{
    readonly device: Authenticator;
    readonly code: string;
    readonly headers: Headers;
    readonly codes: string[];
    readonly session: { readonly sessionId: string; readonly accessToken: string; readonly refreshToken: string };
  }>;
}
export function mfaCalls(app: AuthApp): MfaCalls {
  const api: MfaCalls['api'] = (path, body, token, method = 'POST') =>
    app.call(method, `/api/v1${path}`, { ...(body && { body }), ...(token !== undefined && { token }) });
  return {
    api,
    async challengeOf(person) {
      const { json, text } = await app.signIn(person);
      if (json.data?.status !== 'second-factor-required') throw new Error(`no challenge: ${text}`);
      return json.data.challenge;
    },
    async setUp({ token }) {
      const begun = await api('/mfa/totp', undefined, token);
      const device = authenticator(app, begun.json.data.secret);
      const code = await device.next();
      const { json, status, text, headers } = await api('/mfa/totp/confirm', { code }, token);
      if (status !== 200) throw new Error(`set-up answered ${status}: ${text}`);
      return { device, code, headers, codes: json.data.recoveryCodes, session: json.data.session };
    },
  };
}
