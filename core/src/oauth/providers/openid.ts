import type { ProviderSettings } from '@plinth/kit';
import { importPKCS8, SignJWT } from 'jose';
import type * as Client from 'openid-client';
import { AnswerRefused, ProviderFailed } from '../contract.ts';
import { outcomeOf } from './outcome.ts';
import type { Checks, ExternalIdentity, Provider, ProviderParts } from './provider.ts';

type Claims = Readonly<Record<string, unknown>>;

/** Metadata of a provider is asked for again after this long. Its keys have a shorter memory of their own, in the client. */
const REMEMBER_MS = 24 * 3600 * 1000;
const TIMEOUT_SECONDS = 10;

/** The tenant that all personal Microsoft accounts are in (learn.microsoft.com, "ID token claims", `tid`). */
const PERSONAL = '9188040d-6c67-4c5b-b112-36a304b66dad';
/** OpenID Connect Core §2. What is longer, or holds more than ASCII, might be cut or folded into someone else's. */
const SUBJECT = /^[\x20-\x7e]{1,255}$/;

/** Whether the address is proved, by what each provider writes about it. @param published the issuer that its metadata name. */
function isVerified(
  { email_verified: verified, xms_edov: domainProved }: Claims,
  kind: ProviderSettings['kind'],
  published: string,
): boolean {
  // Apple writes booleans as strings, sometimes.
  if (kind === 'apple') return verified === true || verified === 'true';
  // Any administrator of any tenant can put any address there, but for those whose domain is proved. One tenant of your own is
  // trusted: its metadata name it, however it is spelled in the configuration; those of many have a template there.
  if (kind === 'microsoft')
    return (
      domainProved === true || domainProved === 1 || domainProved === '1' || !(published.includes('{') || published.includes(PERSONAL))
    );
  return verified === true;
}
/** Google speaks for its own addresses and those of a Workspace; others it verified once (developers.google.com/identity/account-linking). */
const isAuthoritative = ({ email, hd }: Claims, kind: ProviderSettings['kind']): boolean =>
  kind !== 'google' || typeof hd === 'string' || /@gmail\.com$/i.test(String(email));

/** A provider that speaks OpenID Connect: code flow with PKCE, `state`, `nonce`, `iss`, and the signature of the ID token. */
export class OpenIdProvider implements Provider {
  readonly id: string;
  readonly name: string;
  readonly #parts: ProviderParts;
  #known: { readonly until: number; readonly configuration: Promise<Client.Configuration> } | undefined;
  constructor(parts: ProviderParts) {
    this.#parts = parts;
    this.id = parts.settings.id;
    this.name = parts.settings.name;
  }

  async authorizationUrl(redirectUri: string, { state, nonce, codeVerifier }: Checks): Promise<string> {
    const client = await this.#parts.client();
    const { settings } = this.#parts;
    const configuration = await this.#configuration();
    return client.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: settings.scope,
      state,
      nonce,
      code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
      ...(settings.kind === 'apple' && { response_mode: 'form_post' }), // it wants that with any scope
    }).href;
  }

  async identify(answer: URL, { state, nonce, codeVerifier }: Checks, user: string | undefined): Promise<ExternalIdentity> {
    const client = await this.#parts.client();
    const configuration = await this.#configuration();
    const tokens = await client
      .authorizationCodeGrant(configuration, answer, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: codeVerifier,
        idTokenExpected: true,
      })
      .catch((error: unknown) => {
        throw outcomeOf(error, client);
      });
    const claims = tokens.claims();
    if (!claims || !SUBJECT.test(claims.sub)) throw new AnswerRefused({ reason: 'no subject' });
    const asked = await this.#userInfo(configuration, tokens, claims);
    // Address and proof from one mouth: that one of them says `verified` says nothing about the address that the other names.
    const telling: Claims = asked ?? claims;
    const { email } = telling;
    const name = claims['name'] ?? asked?.['name'];
    const { kind } = this.#parts.settings;
    const emailVerified = isVerified(telling, kind, configuration.serverMetadata().issuer);
    return {
      issuer: claims.iss,
      subject: claims.sub,
      email: typeof email === 'string' && email !== '' ? email : null,
      emailVerified,
      authoritative: emailVerified && isAuthoritative(telling, kind),
      name: typeof name === 'string' ? name : nameOf(user),
    };
  }

  /** Providers may keep the address out of the ID token (OpenID Connect Core §5.4). Its subject must be the same (§5.3.2). null: not asked. */
  async #userInfo(configuration: Client.Configuration, tokens: { access_token: string }, claims: Client.IDToken): Promise<Claims | null> {
    if (claims['email'] !== undefined || configuration.serverMetadata().userinfo_endpoint === undefined) return null;
    const client = await this.#parts.client();
    return client.fetchUserInfo(configuration, tokens.access_token, claims.sub).catch((error: unknown) => {
      throw outcomeOf(error, client);
    });
  }
  #configuration(): Promise<Client.Configuration> {
    if (this.#known && this.#known.until > this.#parts.clock.monotonic()) return this.#known.configuration;
    const configuration = this.#discover();
    const known = { until: this.#parts.clock.monotonic() + REMEMBER_MS, configuration };
    this.#known = known;
    configuration.catch(() => {
      if (this.#known === known) this.#known = undefined; // asked again at the next sign-in
    });
    return configuration;
  }
  async #discover(): Promise<Client.Configuration> {
    const client = await this.#parts.client();
    const { settings, fetch } = this.#parts;
    const issuer = new URL(settings.issuer);
    return client
      .discovery(issuer, settings.clientId, undefined, authenticationOf(settings, client), {
        [client.customFetch]: fetch as Client.CustomFetch,
        timeout: TIMEOUT_SECONDS,
        // A token is believed for its signature, not only because it came over TLS (OpenID Connect Core §3.1.3.7).
        execute: [client.enableNonRepudiationChecks, ...(issuer.protocol === 'http:' ? [client.allowInsecureRequests] : [])],
      })
      .catch((error: unknown) => {
        throw new ProviderFailed({ reason: String(error), cause: String((error as Error).cause) }, { cause: error });
      });
  }
}

function authenticationOf({ clientSecret: secret, clientId }: ProviderSettings, client: typeof Client): Client.ClientAuth {
  if (typeof secret === 'string') {
    const [posted, basic] = [client.ClientSecretPost(secret), client.ClientSecretBasic(secret)];
    // Most take both; some only what RFC 6749 §2.3.1 has every server take.
    return (server, ...rest) => {
      const methods = server.token_endpoint_auth_methods_supported ?? [];
      const only = methods.includes('client_secret_basic') && !methods.includes('client_secret_post');
      return (only ? basic : posted)(server, ...rest);
    };
  }
  const key = importPKCS8(secret.privateKey, 'ES256');
  key.catch(() => {}); // told where it is used
  // Apple's secret is a token that we sign (developer.apple.com, "Creating a client secret"). The client waits for it (RFC 7523's methods are such).
  // oxlint-disable-next-line typescript/no-misused-promises -- its type forgets the promise that oauth4webapi's has
  return async (_server, _client, body) => {
    const signed = await new SignJWT()
      .setProtectedHeader({ alg: 'ES256', kid: secret.keyId })
      .setIssuer(secret.teamId)
      .setSubject(clientId)
      .setAudience('https://appleid.apple.com')
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(await key);
    body.set('client_id', clientId);
    body.set('client_secret', signed);
  };
}

/** Not signed, so good for a name only: `{"name":{"firstName":"Ada","lastName":"Lovelace"}}`. */
function nameOf(user: string | undefined): string | null {
  if (user === undefined) return null;
  try {
    const { name } = JSON.parse(user) as { name?: { firstName?: unknown; lastName?: unknown } };
    return [name?.firstName, name?.lastName].filter((part) => typeof part === 'string').join(' ') || null;
  } catch {
    return null;
  }
}
