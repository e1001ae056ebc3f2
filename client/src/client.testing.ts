import type { CoreApp } from '@plinth/core/testing';
import { createClient, type ClientOptions, type PlinthClient } from './index.ts';

export const PASSWORD = 'quiet harbour under a tin moon';

/** What a client sent, in order, and a hand between it and the server. */
export class Wire {
  readonly sent: Request[] = [];
  /** Looks at each request; what it returns is the answer, or whether the server's answer gets through. */
  meddle: (request: Request, nth: number) => 'pass' | 'lose' | 'cut' | Response = () => 'pass';
  readonly fetch = async (input: Parameters<typeof fetch>[0], init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    this.sent.push(request.clone());
    const verdict = this.meddle(request, this.sent.length);
    if (verdict instanceof Response) return verdict;
    if (verdict === 'cut') throw new TypeError('fetch failed');
    const response = await fetch(request);
    if (verdict === 'pass') return response;
    await response.arrayBuffer();
    throw new TypeError('fetch failed');
  };
  paths(): string[] {
    return this.sent.map(({ method, url }) => `${method} ${new URL(url).pathname}`);
  }
  count(path: string): number {
    return this.paths().filter((each) => each.endsWith(path)).length;
  }
  keys(): (string | null)[] {
    return this.sent.map(({ headers }) => headers.get('idempotency-key'));
  }
}
export interface Person {
  readonly client: PlinthClient;
  readonly wire: Wire;
  readonly userId: string;
  readonly email: string;
}

/** Somebody with this role, signed in with a client of their own. */
export async function person(app: CoreApp, role: 'member' | 'admin', options: ClientOptions = {}): Promise<Person> {
  const { userId } = await app.as(role);
  const { rows } = await app.owner.query<{ email: string }>('select email from users.users where id = $1', [userId]);
  const email = rows[0]!.email;
  const wire = new Wire();
  const client = createClient({ baseUrl: app.url, fetch: wire.fetch, ...options });
  const { data, error } = await client.signIn({ email, password: PASSWORD });
  if (data?.data.status !== 'signed-in') throw new Error(`sign-in answered ${JSON.stringify(error ?? data)}`);
  wire.sent.length = 0;
  return { client, wire, userId, email };
}
/** The access token is no longer one, the refresh token is. */
export const spoilToken = ({ client }: Person, tokens: { refreshToken: string; userId: string; sessionId: string }): boolean =>
  client.session.start({ status: 'signed-in', expiresIn: 900, ...tokens, accessToken: 'eyJhbGciOiJFZERTQSJ9.e30.c3BvaWxlZA' });
