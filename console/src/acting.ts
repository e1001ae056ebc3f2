// Acting as somebody else: their tokens stay in the memory of this tab, beside the cookies of whoever administers. With the tab they are gone.
import { createClient, type PlinthClient } from '@plinth/client';
import { useSyncExternalStore } from 'react';

export interface Acting {
  readonly userId: string;
  readonly name: string;
  /** Ended from elsewhere: by the user, by time, or since one may so no more. Nothing is sent until that was read. */
  readonly ended: boolean;
}
export type SignedInAs = Parameters<PlinthClient['session']['start']>[0];

const PATH = '/api/v1/impersonation';
/** Whose session is in the cookies is renewed and ended by the cookies alone. */
const OWN = new Set(['/api/v1/auth/refresh', '/api/v1/auth/sign-out']);

let acting: Acting | null = null;
let their: PlinthClient | null = null;
/** The one that was used last: where the page ends, nobody waits for another. */
let last: string | undefined;
const listeners = new Set<() => void>();
function become(next: Acting | null): void {
  acting = next;
  for (const listener of listeners) listener();
}
export const useActing = (): Acting | null =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => acting,
  );

/** @param reply of `impersonation.start` */
export function actAs(reply: SignedInAs, who: { readonly userId: string; readonly name: string }): void {
  const client = createClient({ delivery: 'body' });
  if (!client.session.start(reply)) throw new Error('Nobody was signed in by this.');
  their = client;
  become({ ...who, ended: false });
}
/** Back to oneself; the server is told before. */
export function actNoMore(): void {
  their?.close();
  their = null;
  last = undefined;
  become(null);
}

/** The console's calls: as whoever administers, by cookie, or as the one they act as, by their token and without a cookie. */
export async function send(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  if (their === null || OWN.has(new URL(request.url).pathname)) return fetch(request);
  const token = acting?.ended ? null : await their.session.token().catch(() => undefined);
  if (token === undefined) throw new TypeError('The server cannot be reached.');
  if (token !== null) {
    last = token;
    const headers = new Headers(request.headers);
    headers.set('authorization', `Bearer ${token}`);
    const response = await fetch(new Request(request, { headers, credentials: 'omit' }));
    if (response.status !== 401) return response;
    void response.body?.cancel();
  }
  // Not a 401: the same would be sent again with what is in the cookies, and be done by somebody else.
  if (acting && !acting.ended) become({ ...acting, ended: true });
  const problem = { type: 'about:blank', title: 'You act as them no more', status: 403, code: 'IMPERSONATION_ENDED' };
  return new Response(JSON.stringify(problem), { status: 403, headers: { 'content-type': 'application/problem+json' } });
}

/** Whoever leaves the page stops: their token went with it. */
addEventListener('pagehide', () => {
  if (last === undefined) return;
  void fetch(PATH, { method: 'DELETE', keepalive: true, credentials: 'omit', headers: { authorization: `Bearer ${last}` } }).catch(
    () => {},
  );
});
