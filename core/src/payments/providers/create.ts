import type { Clock, Config, Logger, OutboundFetch } from '@plinth/kit';
import { ProviderMissing } from '../contract.ts';
import type { Provider } from '../provider.ts';
import type { Sandbox } from '../sandbox/server.ts';
import { sandboxProvider } from './sandbox.ts';
import { stripeProvider } from './stripe.ts';

interface Parts {
  readonly config: Config;
  readonly fetch: OutboundFetch;
  readonly clock: Clock;
  readonly logger: Logger;
}
export interface Providers {
  readonly all: readonly Provider[];
  /** @param name absent: the default. @throws ProviderMissing */
  get(name?: string): Provider;
  /** In development the sandbox begins with the server, so that its pages are there. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function createProviders({ config, fetch, clock, logger }: Parts): Providers {
  const { providers, sandbox: settings, stripe } = config.payments;
  // Inside each of two processes it would be two, with a book each.
  const divided = settings.url === null && !(config.roles.includes('api') && config.roles.includes('worker'));
  const names = providers.filter((name) => name !== 'sandbox' || !divided);
  let own: Promise<Sandbox> | undefined;
  /** Inside the server, when it is first needed; in its own process where it has an address. Spoken to over HTTP either way. */
  const sandboxUrl = async (): Promise<string> => {
    if (settings.url !== null) return settings.url;
    own ??= (async () => {
      const { sandboxOptions, startSandbox } = await import('../sandbox/process.ts');
      const options = sandboxOptions(config);
      try {
        return await startSandbox(options);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
        logger.warn({ port: settings.port }, 'the port of the sandbox of payments is taken: it listens on another');
        return startSandbox({ ...options, port: 0 });
      }
    })();
    return (await own).url;
  };
  const home = config.baseUrl || 'http://localhost';
  const all = names.map((name) =>
    name === 'stripe' ? stripeProvider({ settings: stripe!, fetch, clock, home }) : sandboxProvider(settings, sandboxUrl, fetch, clock),
  );
  return {
    all,
    get(name) {
      const found = name === undefined ? all[0] : all.find((provider) => provider.name === name);
      if (!found) throw new ProviderMissing({ provider: name });
      return found;
    },
    async start() {
      for (const provider of all) await provider.open?.();
      if (names.length < providers.length)
        logger.info('no sandbox of payments: api and worker are processes of their own. Run `npm run sandbox`, and set SANDBOX_URL');
      if (config.environment === 'development' && names.includes('sandbox') && settings.url === null)
        logger.info({ url: await sandboxUrl() }, 'the sandbox of payments listens');
    },
    async stop() {
      await (await own?.catch(() => undefined))?.stop();
    },
  };
}
