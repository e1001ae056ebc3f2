import { respond, type Response } from '@plinth/kit';
import type { SignInReply } from './contract.ts';
import type { SessionCookies } from './cookies.ts';
import type { Proved } from './gate.ts';
import type { Sessions } from './sessions.ts';

/** The answer to a proved factor, once its transaction has committed: tokens or cookies, or the challenge for the second factor. */
export type Finish = (proved: Proved) => Promise<Response<SignInReply>>;

export const createFinish =
  (sessions: Sessions, cookies: SessionCookies): Finish =>
  async (proved) =>
    'challenge' in proved ? respond<SignInReply>(proved.challenge, {}) : cookies.answer(sessions.issue(proved.session));
