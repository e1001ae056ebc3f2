import type { Caller, Config, Tx } from '@plinth/kit';
import type { AuthApi } from '../auth/index.ts';
import type { Introspection } from './contract.ts';

interface Deps {
  readonly config: Pick<Config, 'baseUrl'>;
  readonly auth: AuthApi;
}

/** What other services ask about our tokens. */
export class TokensService {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  configuration() {
    const { baseUrl } = this.#deps.config;
    return {
      issuer: baseUrl,
      jwks_uri: `${baseUrl}/.well-known/jwks.json`,
      introspection_endpoint: `${baseUrl}/api/v1/oauth/introspect`,
      revocation_endpoint: `${baseUrl}/api/v1/oauth/revoke`,
      response_types_supported: [],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['EdDSA'],
      service_documentation: `${baseUrl}/api-docs`,
    };
  }
  async introspect(_caller: Caller, token: string): Promise<Introspection> {
    const { auth, config } = this.#deps;
    const found = await auth.inspect(token);
    if (!found) return { active: false };
    const { principal, claims } = found;
    return {
      active: true,
      sub: claims.userId,
      sid: claims.sessionId,
      iss: config.baseUrl,
      aud: `${config.baseUrl}/api`,
      exp: claims.expires,
      nbf: claims.notBefore,
      token_type: 'Bearer',
      ...(principal.impersonator && { act: { sub: principal.impersonator.id } }),
    };
  }
  async revoke(caller: Caller, tx: Tx, token: string): Promise<Record<never, never>> {
    await this.#deps.auth.revokeToken(caller, tx, token);
    return {};
  }
}
