import { respond, type Controller } from '@plinth/kit';
import type { operations } from './contract.ts';
import type { SessionCookies } from './cookies.ts';
import { JWKS_SECONDS, type SigningKeys } from './keys.ts';
import { confirmPage } from './page.ts';
import type { Finish } from './finish.ts';
import type { Passwords } from './passwords.ts';
import type { Refresh } from './refresh.ts';
import type { Registration } from './registration.ts';
import type { SessionList } from './session-list.ts';
import type { Sessions } from './sessions.ts';

interface Services {
  readonly registration: Registration;
  readonly passwords: Passwords;
  readonly refresh: Refresh;
  readonly sessions: Sessions;
  readonly sessionList: SessionList;
  readonly keys: SigningKeys;
  readonly cookies: SessionCookies;
  readonly finish: Finish;
}

export const authController = ({
  registration,
  passwords,
  refresh,
  sessions,
  sessionList,
  keys,
  cookies,
  finish,
}: Services): Controller<typeof operations> => ({
  register: ({ caller, body }) => registration.register(caller, body),
  confirmRegistration: ({ caller, body }) => registration.confirm(caller, body),
  confirmPage,
  signIn: async ({ caller, body }) => finish(await passwords.signIn(caller, body)),
  stepUp: async ({ caller, body }) => finish(await passwords.stepUp(caller, body.password)),
  refresh: async ({ caller, body, cookies: given }) => cookies.answer(await refresh.redeem(caller, cookies.redemption(body, given))),
  signOut: async ({ caller, tx, body, cookies: given }) => (
    await refresh.signOut(caller, tx, cookies.redemption(body, given)),
    cookies.clear()
  ),
  sessions: ({ caller }) => sessionList.of(caller, caller.userId),
  endSession: ({ caller, tx, params }) => sessions.end(caller, tx, params.sessionId),
  endOtherSessions: ({ caller, tx }) => sessions.endOthers(caller, tx),
  changePassword: async ({ caller, body }) => cookies.answer(sessions.issue(await passwords.change(caller, body))),
  jwks: () => respond({ keys: [...keys.published()] }, { headers: { 'cache-control': `public, max-age=${JWKS_SECONDS}` } }),
});
