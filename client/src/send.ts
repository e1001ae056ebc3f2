import { codeOf, PROBLEM_TYPE, understood, unreachable } from './problems.ts';
import { pause, pauseBefore } from './retry.ts';
import type { Session } from './session.ts';

export type Fetch = (input: Request, init?: RequestInit) => Promise<Response>;
export interface SendParts {
  readonly fetch: Fetch;
  readonly session: Session;
  readonly apiKey: string | undefined;
  /** How many times more a request is sent that may be. */
  readonly retries: number;
  /** Milliseconds until the head of a reply must be there; 0: no bound. */
  readonly timeoutMs: number;
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
const KEY = 'Idempotency-Key';

/** Sends one call: with who is calling, once more with fresh tokens, and again as long as that is safe and worth it. */
export function createSend({ fetch, session, apiKey, retries, timeoutMs }: SendParts): Fetch {
  const once = async (request: Request, headers: Headers): Promise<Response | null> => {
    const patience = new AbortController();
    const timer = timeoutMs > 0 ? setTimeout(() => patience.abort(), timeoutMs) : undefined;
    try {
      // A body can be read once: each attempt has a copy.
      return await fetch(request.clone(), { headers, signal: AbortSignal.any([request.signal, patience.signal]) });
    } catch {
      request.signal.throwIfAborted();
      return null;
    } finally {
      clearTimeout(timer);
    }
  };

  return async (request) => {
    const headers = new Headers(request.headers);
    headers.set('accept', `application/json, ${PROBLEM_TYPE}`);
    const unsafe = !SAFE.has(request.method);
    // One key for all attempts: the server does it once, and repeats what it answered.
    if (unsafe && !headers.has(KEY)) headers.set(KEY, crypto.randomUUID());

    let renewed = false;
    for (let attempt = 0; ;) {
      const proof = apiKey === undefined ? await session.proof() : null;
      if (apiKey !== undefined) headers.set('x-api-key', apiKey);
      else if (proof?.token !== undefined) headers.set('authorization', `Bearer ${proof.token}`);
      else headers.delete('authorization');
      const response = await once(request, headers);

      if (response?.status === 401 && proof?.renewable && !renewed) {
        const code = await codeOf(response);
        if (code === 'INVALID_TOKEN' || code === 'SIGN_IN_REQUIRED') {
          renewed = true;
          if ((await session.renew(proof.generation)) === 'renewed') continue;
        }
      }
      // Servers keep keys of callers that they know.
      const repeatable = !unsafe || apiKey !== undefined || proof?.known === true;
      const ms = attempt < retries ? pauseBefore(response, attempt, repeatable) : null;
      if (ms === null) return response ? understood(response) : unreachable();
      void response?.body?.cancel();
      await pause(ms, request.signal);
      attempt++;
    }
  };
}
