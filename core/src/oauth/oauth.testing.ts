import type { TestApp } from '@plinth/kit/testing';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Configuration } from 'oidc-provider';

export const CLIENT = { id: 'plinth', secret: 'a-client-secret-of-32-characters-or-so' };
export const CALLBACK = (id: string): string => `http://localhost:3000/auth/oauth/${id}/callback`;
export interface Running {
  readonly issuer: string;
  stop(): Promise<void>;
}
export type Account = Readonly<Record<string, unknown>>;

async function listening(server: ReturnType<typeof createServer>): Promise<Running> {
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    issuer: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A real OpenID provider: `oidc-provider`, with its own login pages. @param accounts claims, by login. */
export async function startProvider(accounts: Readonly<Record<string, Account>>, redirectUris = [CALLBACK('acme')]): Promise<Running> {
  const { default: Provider } = await import('oidc-provider'); // it has much to say when it is loaded
  let handle: ReturnType<InstanceType<typeof Provider>['callback']> | undefined;
  const server = createServer((request, reply) => void handle!(request, reply));
  const running = await listening(server);
  const configuration: Configuration = {
    clients: [
      { client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: redirectUris, token_endpoint_auth_method: 'client_secret_post' },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    findAccount: (_context, id) => ({ accountId: id, claims: async () => ({ ...accounts[id], sub: id }) }),
    cookies: { keys: ['test'] },
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 60, IdToken: 60, Interaction: 60, Session: 60 },
  };
  const provider = new Provider(running.issuer, configuration);
  handle = provider.callback();
  return running;
}

/** A browser at that provider: follows redirects, fills in its forms, and stops at the redirect URI. @returns its parameters. */
export async function browse(url: string, login: string, deny = false): Promise<Record<string, string>> {
  const jar = new Map<string, string>();
  const { origin } = new URL(url);
  let request: { at: string; body?: URLSearchParams } = { at: url };
  for (let step = 0; step < 20; step++) {
    const reply = await fetch(request.at, {
      redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(request.body && { method: 'POST', body: request.body }),
    });
    for (const cookie of reply.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
      if (value === '') jar.delete(name!);
      else jar.set(name!, value!);
    }
    const location = reply.headers.get('location');
    if (location !== null) {
      const next = new URL(location, request.at);
      if (next.origin !== origin) return Object.fromEntries(next.searchParams);
      request = { at: next.href };
      continue;
    }
    const html = await reply.text();
    const action = /<form[^>]* action="([^"]+)"/.exec(html)?.[1];
    const prompt = /name="prompt" value="([^"]+)"/.exec(html)?.[1];
    if (action === undefined || prompt === undefined) throw new Error(`the provider answered ${reply.status}: ${html.slice(0, 2000)}`);
    const abort = /href="([^"]+\/abort)"/.exec(html)?.[1];
    request = deny
      ? { at: new URL(abort!, request.at).href }
      : { at: new URL(action, request.at).href, body: new URLSearchParams({ prompt, login, password: 'any' }) };
  }
  throw new Error('the provider redirects without end');
}

/** What a provider of lies says: defaults are the truth. */
export interface Lies {
  /** Of the ID token; a value of undefined leaves the claim out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  /** Signs with another key than the one it publishes. */
  readonly forged?: boolean;
  /** Instead of the ID token. */
  readonly idToken?: string | null;
  readonly status?: number;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly userInfo?: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly redirects?: boolean;
}
export interface Liar extends Running {
  /** From now on. */
  lie(lies: Lies): void;
  /** What its token endpoint was sent, the last time. */
  readonly received: URLSearchParams;
  readonly authorization: string | undefined;
  /** A code for someone who brought this nonce along. */
  issue(nonce: string | null): string;
}

/** A provider that answers whatever the test wants: OpenID Connect at its root, GitHub's API below `/api/v3`. */
export async function startLiar(path = ''): Promise<Liar> {
  const [honest, other] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]);
  const jwk = { ...(await exportJWK(honest.publicKey)), kid: 'k', alg: 'RS256', use: 'sig' };
  let lies: Lies = {};
  let received = new URLSearchParams();
  let authorization: string | undefined;
  const nonces = new Map<string, string | null>();
  const bodyOf = async (request: IncomingMessage): Promise<URLSearchParams> => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    return new URLSearchParams(Buffer.concat(parts).toString());
  };
  const server = createServer((request, reply) => {
    void (async () => {
      const url = new URL(request.url!, running.issuer);
      const issuer = running.issuer + path;
      const send = (status: number, body: unknown): void =>
        void reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      if (lies.redirects && !url.pathname.includes('well-known')) return void reply.writeHead(302, { location: issuer }).end();
      switch (url.pathname.slice(path.length)) {
        case '/.well-known/openid-configuration':
          return send(200, {
            issuer,
            authorization_endpoint: `${issuer}/authorize`,
            token_endpoint: `${issuer}/token`,
            jwks_uri: `${issuer}/jwks`,
            userinfo_endpoint: `${issuer}/me`,
            authorization_response_iss_parameter_supported: true,
            id_token_signing_alg_values_supported: ['RS256'],
            ...lies.metadata,
          });
        case '/jwks':
          return send(200, { keys: [jwk] });
        case '/me':
          return send(200, lies.userInfo ?? { sub: lies.claims?.['sub'] ?? 'liar' });
        case '/token':
        case '/login/oauth/access_token': {
          received = await bodyOf(request);
          ({ authorization } = request.headers);
          const nonce = nonces.get(received.get('code')!) ?? undefined;
          const now = Math.floor(Date.now() / 1000);
          const claims = {
            iss: issuer,
            aud: CLIENT.id,
            sub: 'liar',
            iat: now,
            exp: now + 60,
            nonce,
            email: 'ada@example.com',
            email_verified: true,
            ...lies.claims,
          };
          const idToken = await new SignJWT(JSON.parse(JSON.stringify(claims)) as JWTPayload)
            .setProtectedHeader({ alg: 'RS256', kid: 'k', ...lies.header })
            .sign(lies.forged ? other.privateKey : honest.privateKey, { crit: { x: true } });
          const token = { access_token: 'x', token_type: 'bearer', ...(lies.idToken !== null && { id_token: lies.idToken ?? idToken }) };
          return send(
            lies.status ?? 200,
            lies.body ?? (url.pathname.endsWith('/token') ? token : { access_token: 'x', token_type: 'bearer' }),
          );
        }
        case '/api/v3/user':
        case '/api/v3/user/emails': {
          const what = url.pathname.endsWith('emails') ? 'emails' : 'user';
          return send(request.headers.authorization === 'Bearer x' ? 200 : 401, lies.userInfo?.[what] ?? null);
        }
        default:
          return send(404, {});
      }
    })();
  });
  const running = await listening(server);
  return {
    issuer: running.issuer + path,
    stop: () => running.stop(),
    lie: (next) => {
      lies = next;
    },
    get received() {
      return received;
    },
    get authorization() {
      return authorization;
    },
    issue(nonce) {
      const code = randomBytes(16).toString('hex');
      nonces.set(code, nonce);
      return code;
    },
  };
}

export interface Way {
  readonly provider?: string;
  readonly token?: string | undefined;
  readonly link?: boolean;
  readonly begin?: object;
  readonly answer?: object;
}
export async function setOut(app: TestApp, { provider = 'liar', token, link = false, begin = {} }: Way = {}) {
  const path = link ? `/api/v1/oauth/identities/${provider}` : `/api/v1/auth/oauth/${provider}`;
  const reply = await app.call('POST', path, { body: begin, ...(token !== undefined && { token }) });
  if (reply.status !== 200) return { reply, url: null, cookie: '', flow: undefined };
  const [cookie = ''] = reply.headers.getSetCookie().map((text) => text.split(';')[0]!);
  return { reply, url: new URL(reply.json.data.url as string), cookie, flow: reply.json.data.flow as string | undefined };
}
/** Sets out, comes back from the liar with a code. @returns what our server makes of it. */
export async function comeBack(app: TestApp, liar: Liar, way: Way = {}) {
  const { url, cookie, flow } = await setOut(app, way);
  const code = liar.issue(url!.searchParams.get('nonce'));
  return app.call('POST', `/api/v1/auth/oauth/${way.provider ?? 'liar'}/callback`, {
    body: { state: url!.searchParams.get('state'), code, iss: liar.issuer, ...(flow !== undefined && { flow }), ...way.answer },
    ...(way.token !== undefined && { token: way.token }),
    headers: cookie === '' ? {} : { cookie, origin: 'http://localhost:3000' },
  });
}
/** `OIDC_PROVIDERS` with these. */
export const configured = (...providers: readonly (readonly [id: string, issuer: string])[]): string =>
  JSON.stringify(providers.map(([id, issuer]) => ({ id, issuer, clientId: CLIENT.id, clientSecret: CLIENT.secret })));

const liars = new WeakMap<object, Liar>();
export const lendLiar = (app: object, liar: Liar): void => void liars.set(app, liar);
/** The provider that a world came with. */
export const liarOf = (app: object): Liar => liars.get(app)!;
