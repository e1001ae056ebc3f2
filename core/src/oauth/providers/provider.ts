import type { Clock, OutboundFetch, ProviderSettings } from '@plinth/kit';
import type * as Client from 'openid-client';

/** Who someone is at a provider. */
export interface ExternalIdentity {
  readonly issuer: string;
  /** Never given to another there (OpenID Connect Core §5.7). */
  readonly subject: string;
  readonly email: string | null;
  /** The provider says that it has verified this address; anything but a clear yes is a no (B50). */
  readonly emailVerified: boolean;
  /** It speaks for the address today, and did not only see it proved once: enough to be let into an account that is there. */
  readonly authoritative: boolean;
  readonly name: string | null;
}
/** What goes out to the provider and must come back with the code. All of it is derived from `state`, none of it stored. */
export interface Checks {
  readonly state: string;
  readonly nonce: string;
  /** RFC 7636. */
  readonly codeVerifier: string;
}
/** Answered by the provider's page instead of a code. */
export class Denied extends Error {}

export interface Provider {
  readonly id: string;
  readonly name: string;
  /** Where to send the browser. */
  authorizationUrl(redirectUri: string, checks: Checks): Promise<string>;
  /**
   * Redeems the code. @param answer the redirect URI with the provider's parameters. @param user from Apple's first answer.
   * @throws Denied, AnswerRefused, ProviderFailed
   */
  identify(answer: URL, checks: Checks, user: string | undefined): Promise<ExternalIdentity>;
}
export interface ProviderParts {
  readonly settings: ProviderSettings;
  readonly fetch: OutboundFetch;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Loaded when somebody first asks: it is 1 MB of memory that many servers never need. */
  readonly client: () => Promise<typeof Client>;
}
