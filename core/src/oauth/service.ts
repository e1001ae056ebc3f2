import { type Caller, type Cookie, type Database, respond, type Response, type SignedIn, type Tx } from '@plinth/kit';
import type { AuthApi, Proved } from '../auth/index.ts';
import type { Accounts } from './accounts.ts';
import { type Answer, type Beginning, type Begun, FlowRefused, type Identity, IdentityNotFound, ProviderNotFound } from './contract.ts';
import type { Flows, Linking } from './flows.ts';
import { Denied, type ExternalIdentity, type Provider } from './providers/provider.ts';
import type { OauthRepository } from './repository.ts';

interface Deps {
  readonly db: Database;
  readonly auth: AuthApi;
  /** Configured ones: what is not there is offered to nobody, nor finished for anybody (B52). */
  readonly providers: ReadonlyMap<string, Provider>;
  readonly flows: Flows;
  readonly accounts: Accounts;
  readonly repository: OauthRepository;
  readonly config: { readonly baseUrl: string };
}
export type Outcome = {
  readonly returnTo: string;
  /** What took the flow here and is good for nothing any more. */
  readonly spent: readonly Cookie[];
} & ({ readonly proved: Proved } | { readonly status: 'linked' | 'denied' });

/** Signing in with an account elsewhere, as a client of OAuth 2 and OpenID Connect (RFC 6749, RFC 9700). */
export class OauthService {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  providers(): { id: string; name: string }[] {
    return [...this.#deps.providers.values()].map(({ id, name }) => ({ id, name }));
  }
  /** @throws ProviderNotFound, RedirectRefused, ProviderFailed */
  begin(_caller: Caller, provider: string, beginning: Beginning): Promise<Response<Begun>> {
    return this.#begin(provider, beginning, null);
  }
  link({ userId, sessionId }: SignedIn, provider: string, beginning: Beginning): Promise<Response<Begun>> {
    return this.#begin(provider, beginning, { userId, sessionId: sessionId! });
  }

  /** @throws FlowRefused, AnswerRefused, ProviderFailed, AddressUnproved, LinkNeeded, IdentityTaken, TooManyIdentities, InvalidCredentials */
  async complete(
    caller: Caller,
    providerId: string,
    answer: Answer,
    cookies: Readonly<Record<string, string | undefined>>,
  ): Promise<Outcome> {
    const { db, flows, accounts } = this.#deps;
    const provider = this.#provider(providerId);
    const cookie = flows.cookieOf(answer.state);
    const flow = answer.flow ?? cookies[cookie];
    const { checks, redirectUri, returnTo, linking } = await flows.take(provider, answer.state, flow);
    if (linking) assertSame(caller, linking);
    const identity = await identify(provider, redirectUri, answer, checks);
    const spent: Cookie[] = answer.flow === undefined ? [{ name: cookie, value: null, sameSite: 'strict' }] : [];
    if (!identity) return { status: 'denied', returnTo, spent };
    return db.transaction(async (tx) => {
      if (!linking) return { proved: await accounts.signIn(caller, tx, provider.id, identity, answer.delivery), returnTo, spent };
      await accounts.link(caller, tx, provider.id, identity, linking.userId);
      await this.#hold(tx, linking);
      return { status: 'linked', returnTo, spent };
    });
  }
  /** The address of the page that takes an answer which was posted. */
  handOn(provider: string, { state, code, iss, error, user }: Partial<Answer>): string {
    const page = new URL(`${this.#deps.config.baseUrl}/auth/oauth/${this.#provider(provider).id}/callback`);
    return withParameters(page, { state, code, iss, error, user }).href;
  }

  identities({ userId }: SignedIn): Promise<Identity[]> {
    return this.#deps.repository.list(this.#deps.db, userId);
  }
  /** @throws IdentityNotFound, LastWayIn */
  async unlink(caller: SignedIn, tx: Tx, identityId: string): Promise<void> {
    const { auth } = this.#deps;
    const { userId } = caller;
    const own = (await auth.factors(tx, userId)).some(({ id, kind }) => id === identityId && kind === 'oauth');
    if (!own || !(await auth.unenrol(caller, tx, { userId, id: identityId }))) throw new IdentityNotFound({ identityId });
  }

  async #begin(providerId: string, beginning: Beginning, linking: Linking | null): Promise<Response<Begun>> {
    const { url, flow, cookie, expiresIn } = await this.#deps.flows.begin(this.#provider(providerId), beginning, linking);
    return respond<Begun>({ url, expiresIn, ...(cookie === null && { flow }) }, cookie === null ? {} : { cookies: [cookie] });
  }
  /** Asking the provider takes a while, in which the session may have been ended because it was stolen. */
  async #hold(tx: Tx, { userId, sessionId }: Linking): Promise<void> {
    if (!(await this.#deps.auth.holdSession(tx, userId, sessionId))) throw new FlowRefused({ reason: 'session ended' });
  }
  #provider(id: string): Provider {
    const provider = this.#deps.providers.get(id);
    if (!provider) throw new ProviderNotFound({ provider: id });
    return provider;
  }
}

/** Only the session that began to link may finish: nobody can be made to link an account of somebody else's (B51). */
function assertSame({ principal }: Caller, { userId, sessionId }: Linking): void {
  if (principal.user?.id !== userId || principal.session?.id !== sessionId || principal.impersonator !== null)
    throw new FlowRefused({ reason: 'another session' });
}
/** null: they said no. */
async function identify(
  provider: Provider,
  redirectUri: string,
  { state, code, iss, error, user }: Answer,
  checks: Parameters<Provider['identify']>[1],
): Promise<ExternalIdentity | null> {
  const answer = withParameters(new URL(redirectUri), { state, code, iss, error });
  try {
    return await provider.identify(answer, checks, user);
  } catch (failure) {
    if (failure instanceof Denied) return null;
    throw failure;
  }
}
function withParameters(url: URL, parameters: Readonly<Record<string, string | undefined>>): URL {
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value);
  return url;
}
