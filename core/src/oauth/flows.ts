import { type Cookie, type Database } from '@plinth/kit';
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { type Beginning, FlowRefused, RedirectRefused } from './contract.ts';
import type { Checks, Provider } from './providers/provider.ts';
import type { OauthRepository } from './repository.ts';

interface Deps {
  readonly db: Database;
  readonly repository: OauthRepository;
  /** Makes nonces and code verifiers out of states. */
  readonly key: Buffer;
  readonly baseUrl: string;
  /** The whole URL where it is one that people may be sent to. */
  readonly returnTo: (text: string) => string | null;
  readonly isRedirectUri: (text: string) => boolean;
}
/** Whose account is being linked, from which session. */
export interface Linking {
  readonly userId: string;
  readonly sessionId: string;
}
export interface Setout {
  readonly url: string;
  /** What only the one who began holds: in the cookie, or in the hands of a page of the owner's own. */
  readonly flow: string;
  readonly cookie: Cookie | null;
  readonly expiresIn: number;
}
export interface Flow {
  readonly checks: Checks;
  readonly redirectUri: string;
  readonly returnTo: string;
  readonly linking: Linking | null;
}
const SECONDS = 600;

/** The way to a provider and back: a state that is random, bound to browser and provider, good once and for ten minutes (B53). */
export class Flows {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @throws RedirectRefused, ProviderFailed */
  async begin(provider: Provider, { returnTo, redirectUri }: Beginning, linking: Linking | null): Promise<Setout> {
    const { db, repository, baseUrl } = this.#deps;
    const target = this.#deps.returnTo(returnTo);
    if (target === null)
      throw new RedirectRefused(
        { returnTo },
        { fields: { returnTo: 'must be a path of this server, or a page of an origin in CORS_ORIGINS' } },
      );
    if (redirectUri !== undefined && !this.#deps.isRedirectUri(redirectUri))
      throw new RedirectRefused({ redirectUri }, { fields: { redirectUri: 'must be one of OAUTH_REDIRECT_URIS, to the letter' } });
    const [state, flow] = [secret(), secret()];
    const own = redirectUri ?? `${baseUrl}/auth/oauth/${provider.id}/callback`;
    const url = await provider.authorizationUrl(own, this.#checks(state));
    await repository.begin(db, {
      stateHash: hashOf(state),
      flowHash: hashOf(flow),
      provider: provider.id,
      redirectUri: own,
      returnTo: target,
      userId: linking?.userId ?? null,
      sessionId: linking?.sessionId ?? null,
    });
    const cookie: Cookie = { name: this.cookieOf(state), value: flow, maxAgeSeconds: SECONDS, sameSite: 'strict' };
    return { url, flow, cookie: redirectUri === undefined ? cookie : null, expiresIn: SECONDS };
  }

  /** Uses it up, whatever comes of it. @throws FlowRefused */
  async take(provider: Provider, state: string, flow: string | undefined): Promise<Flow> {
    const { db, repository } = this.#deps;
    if (flow === undefined) throw new FlowRefused({ reason: 'no cookie' });
    const taken = await repository.take(db, hashOf(state), hashOf(flow), provider.id);
    if (!taken) throw new FlowRefused({ reason: 'unknown' });
    const { userId, sessionId, ...rest } = taken;
    return { ...rest, checks: this.#checks(state), linking: userId !== null && sessionId !== null ? { userId, sessionId } : null };
  }

  /** One for each flow, so that two tabs do not meet; gone when its time is over. The kit checks the Origin of requests with it (B81). */
  cookieOf(state: string): string {
    const name = `plinth_oauth_${createHash('sha256').update(state).digest('base64url').slice(0, 12)}`;
    return this.#deps.baseUrl.startsWith('https://') ? `__Host-${name}` : name;
  }
  #checks(state: string): Checks {
    const derive = (what: string): string => createHmac('sha256', this.#deps.key).update(`${what} ${state}`).digest('base64url');
    return { state, nonce: derive('nonce'), codeVerifier: derive('verifier') };
  }
}

const secret = (): string => randomBytes(32).toString('base64url');
const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
