import type * as Client from 'openid-client';
import { z } from 'zod';
import { AnswerRefused, ProviderFailed } from '../contract.ts';
import { outcomeOf } from './outcome.ts';
import type { Checks, ExternalIdentity, Provider, ProviderParts } from './provider.ts';

const User = z.object({ id: z.int().positive(), login: z.string(), name: z.string().nullish() });
const Emails = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));

/** GitHub speaks OAuth without OpenID Connect: who it is and which address is proved are asked of its API. */
export class GithubProvider implements Provider {
  readonly id: string;
  readonly name: string;
  readonly #parts: ProviderParts;
  readonly #api: string;
  #configuration: Client.Configuration | undefined;
  constructor(parts: ProviderParts) {
    const { settings } = parts;
    this.#parts = parts;
    this.id = settings.id;
    this.name = settings.name;
    this.#api = settings.issuer === 'https://github.com' ? 'https://api.github.com' : `${settings.issuer}/api/v3`;
  }

  async authorizationUrl(redirectUri: string, { state, codeVerifier }: Checks): Promise<string> {
    const client = await this.#parts.client();
    return client.buildAuthorizationUrl(this.#configure(client), {
      redirect_uri: redirectUri,
      scope: this.#parts.settings.scope,
      state,
      code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
    }).href;
  }
  async identify(answer: URL, { state, codeVerifier }: Checks): Promise<ExternalIdentity> {
    const client = await this.#parts.client();
    const tokens = await client
      .authorizationCodeGrant(this.#configure(client), answer, { expectedState: state, pkceCodeVerifier: codeVerifier })
      .catch((error: unknown) => {
        throw outcomeOf(error, client);
      });
    const [user, emails] = await Promise.all([
      this.#ask('/user', User, tokens.access_token),
      this.#ask('/user/emails?per_page=100', Emails, tokens.access_token),
    ]);
    const email = emails.find(({ primary }) => primary);
    return {
      issuer: this.#parts.settings.issuer,
      subject: String(user.id), // logins are given to others
      email: email?.email ?? null,
      emailVerified: email?.verified === true,
      authoritative: email?.verified === true,
      name: user.name ?? user.login,
    };
  }

  async #ask<S extends z.ZodType>(path: string, schema: S, token: string): Promise<z.output<S>> {
    const headers = { accept: 'application/vnd.github+json', authorization: `Bearer ${token}`, 'x-github-api-version': '2022-11-28' };
    const reply = await this.#parts.fetch(this.#api + path, { headers }).catch((cause: unknown) => {
      throw new ProviderFailed({ path, reason: String(cause) }, { cause });
    });
    if (!reply.ok) throw new ProviderFailed({ path, status: reply.status });
    const parsed = schema.safeParse(await reply.json().catch(() => null));
    if (!parsed.success) throw new AnswerRefused({ path });
    return parsed.data;
  }
  #configure(client: typeof Client): Client.Configuration {
    if (this.#configuration) return this.#configuration;
    const { settings, fetch } = this.#parts;
    const { issuer } = settings;
    const server = {
      issuer,
      authorization_endpoint: `${issuer}/login/oauth/authorize`,
      token_endpoint: `${issuer}/login/oauth/access_token`,
    };
    const configuration = new client.Configuration(
      server,
      settings.clientId,
      undefined,
      client.ClientSecretPost(settings.clientSecret as string),
    );
    configuration[client.customFetch] = fetch as Client.CustomFetch;
    if (issuer.startsWith('http:')) client.allowInsecureRequests(configuration);
    return (this.#configuration = configuration);
  }
}
