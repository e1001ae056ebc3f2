import { accessCookie, type Cookie, type Config, respond, type Response } from '@plinth/kit';
import type { SignedInReply } from './contract.ts';
import type { Redemption } from './refresh.ts';
import type { IssuedSession } from './sessions.ts';

export interface SessionCookies {
  /** The answer to a sign-in: tokens in the body, or in HttpOnly cookies and then nowhere else. */
  answer(issued: IssuedSession): Response<SignedInReply>;
  /** The refresh token of a request: from the body when it is there, else from the cookie. */
  redemption(
    body: { readonly refreshToken?: string | undefined } | undefined,
    cookies: Readonly<Record<string, string | undefined>>,
  ): Redemption;
  clear(): Response<undefined>;
}

/** `__Host-` needs path `/`, so the refresh cookie, which goes to few paths, is `__Secure-` (B15). Without https neither works. The kit checks the Origin of whatever carries a cookie with `plinth_` in its name (B81). */
export function createSessionCookies({ baseUrl }: Pick<Config, 'baseUrl'>): SessionCookies {
  const access = accessCookie({ baseUrl });
  // The only paths that the refresh cookie is sent to, as browsers see them.
  const refreshPath = `${URL.canParse(baseUrl) ? new URL(baseUrl).pathname.replace(/\/$/, '') : ''}/api/v1/auth`;
  const refresh = baseUrl.startsWith('https://') ? '__Secure-plinth_refresh' : 'plinth_refresh';
  const cookiesOf = ({ accessToken, refreshToken, expiresIn, refreshExpiresIn }: IssuedSession): Cookie[] => [
    { name: access, value: accessToken, maxAgeSeconds: expiresIn, sameSite: 'lax' },
    { name: refresh, value: refreshToken, maxAgeSeconds: refreshExpiresIn, path: refreshPath, sameSite: 'strict' },
  ];
  return {
    answer(issued) {
      const { accessToken, refreshToken, refreshExpiresIn: _, ...reply } = issued;
      return issued.delivery === 'cookie'
        ? respond(reply, { cookies: cookiesOf(issued) })
        : respond({ ...reply, accessToken, refreshToken }, {});
    },
    redemption: (body, cookies) =>
      body?.refreshToken === undefined ? { token: cookies[refresh], delivery: 'cookie' } : { token: body.refreshToken, delivery: 'body' },
    clear: () =>
      respond(undefined, {
        cookies: [
          { name: access, value: null, sameSite: 'lax' },
          { name: refresh, value: null, path: refreshPath, sameSite: 'strict' },
        ],
      }),
  };
}
