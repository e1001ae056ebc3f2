import createFetchClient, { type Client } from 'openapi-fetch';
import type { paths } from './generated/api.ts';
import { byCursor, byNumber, type Get, type ItemOf, type ListInit, type ListPath } from './pages.ts';
import { Realtime } from './realtime.ts';
import { createSend, type Fetch } from './send.ts';
import { Session } from './session.ts';
import type { TokenStore } from './tokens.ts';

export interface ClientOptions {
  /** Of the server: `https://api.example.com`. In a page it may be left out: the page's own origin. */
  readonly baseUrl?: string;
  /**
   * Where tokens travel. `cookie`: HttpOnly cookies, for pages of the server's origin or of one in `CORS_ORIGINS`; no script can read
   * them. `body`: in memory here, for programs and apps.
   */
  readonly delivery?: 'body' | 'cookie';
  /** Calls as the owner of this key, without a session. */
  readonly apiKey?: string;
  /** With `body`: where tokens are kept, when not in memory. */
  readonly store?: TokenStore;
  /** How many times more a request is sent that may be repeated. @default 2 */
  readonly retries?: number;
  /** Milliseconds until the head of a reply must be there. @default 30000; 0: no bound */
  readonly timeoutMs?: number;
  readonly fetch?: typeof globalThis.fetch;
}

type SigningIn = Omit<paths['/api/v1/auth/sign-in']['post']['requestBody']['content']['application/json'], 'delivery'>;

export interface PlinthClient<Paths extends {} = paths> extends Client<Paths> {
  readonly session: Session;
  readonly realtime: Realtime;
  /** Signs in with a password. What it answers may be a challenge: its last step's reply goes to `session.start`. */
  signIn(credentials: SigningIn): ReturnType<typeof postSignIn>;
  /** Every item of a list, page after page, by cursor. @throws ApiError */
  pages<Path extends ListPath<Paths, 'cursor'>>(path: Path, init?: ListInit<Paths, Path>): AsyncGenerator<ItemOf<Paths, Path>, void>;
  /** The same where a list has page numbers only. @throws ApiError */
  numberedPages<Path extends ListPath<Paths, 'page'>>(path: Path, init?: ListInit<Paths, Path>): AsyncGenerator<ItemOf<Paths, Path>, void>;
  /** Closes the socket and leaves the other tabs. */
  close(): void;
}

const postSignIn = (client: Client<paths>, body: SigningIn, delivery: 'body' | 'cookie') =>
  client.POST('/api/v1/auth/sign-in', { body: { ...body, delivery } });

/** A client of one server, for one user at a time. */
export function createClient<Paths extends {} = paths>(options: ClientOptions = {}): PlinthClient<Paths> {
  const { delivery = 'body', apiKey, store, retries = 2, timeoutMs = 30_000 } = options;
  const baseUrl = (options.baseUrl ?? (globalThis as { location?: { origin: string } }).location?.origin ?? '').replace(/\/$/, '');
  const fetch: Fetch = (request, init) => (options.fetch ?? globalThis.fetch)(request, init);
  const session = new Session({ baseUrl, delivery, fetch, store });
  const realtime = new Realtime({ baseUrl, session, apiKey });
  const client = createFetchClient<Paths>({
    baseUrl,
    fetch: createSend({ fetch, session, apiKey, retries, timeoutMs }),
    credentials: delivery === 'cookie' ? 'include' : 'omit',
  });
  const get = client.GET as unknown as Get;
  return {
    ...client,
    session,
    realtime,
    async signIn(credentials) {
      const result = await postSignIn(client, credentials, delivery);
      if (result.data) session.start(result.data.data);
      return result;
    },
    pages: (path, init) => byCursor(get, path, init) as AsyncGenerator<never, void>,
    numberedPages: (path, init) => byNumber(get, path, init) as AsyncGenerator<never, void>,
    close() {
      realtime.close();
      session.close();
    },
  };
}
