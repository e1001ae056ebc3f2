import type { Clock, OauthSettings, OutboundFetch } from '@plinth/kit';
import { GithubProvider } from './github.ts';
import { OpenIdProvider } from './openid.ts';
import type { Provider } from './provider.ts';

/** By id, in the order in which they are offered. */
export function createProviders({ providers }: OauthSettings, fetch: OutboundFetch, clock: Clock): ReadonlyMap<string, Provider> {
  const client = () => import('openid-client');
  return new Map(
    providers.map((settings) => {
      const parts = { settings, fetch, clock, client };
      return [settings.id, settings.kind === 'github' ? new GithubProvider(parts) : new OpenIdProvider(parts)];
    }),
  );
}
