import { type Caller, type Jobs } from '@plinth/kit';
import type { IncomingHttpHeaders } from 'node:http';
import type { IncomingEvent, Outcome, Source, WebhooksApi } from '../webhooks/index.ts';
import { look, trace } from './contract.ts';
import type { Hearing } from './hearing.ts';
import type { Provider, ProviderEvent } from './provider.ts';
import type { Providers } from './providers/create.ts';
import type { PaymentsRepository } from './repository.ts';

interface Deps {
  readonly jobs: Jobs;
  readonly payments: PaymentsRepository;
  readonly hearing: Hearing;
  readonly providers: Providers;
  readonly webhooks: WebhooksApi;
}
type Said = Pick<ProviderEvent, 'paymentId' | 'reference' | 'snapshot'>;
/** @returns null where no such provider is configured. */
export type Receive = (
  caller: Caller,
  provider: string,
  body: Buffer,
  headers: IncomingHttpHeaders,
) => Promise<Outcome | 'duplicate' | null>;

/** Each provider is a source of webhooks: mark and effect in one transaction (S20), what comes too early is kept (S24). */
export function createReceive({ jobs, payments, hearing, providers, webhooks }: Deps): Receive {
  const sourceOf = (provider: Provider): Source => ({
    name: `payments.${provider.name}`,
    verify: (body, headers) => provider.webhooks.verify(body, headers),
    read(body, headers) {
      const { id, type, occurredAt, ...said } = provider.webhooks.read(body, headers);
      return { id, type, occurredAt, data: said satisfies Said };
    },
    async handle(tx, event: IncomingEvent, caller) {
      const { paymentId, reference, snapshot } = event.data as Said;
      if (snapshot) {
        const heard = await hearing.hear(caller, tx, provider.name, snapshot, 'sent');
        if (heard !== 'unclear') return heard;
        await jobs.enqueue(tx, look, { paymentId: snapshot.paymentId }, { key: snapshot.paymentId });
        return 'done';
      }
      if (paymentId === null) {
        // A dispute names a charge, not us. Whose that is, the provider says after the commit.
        if (reference) await jobs.enqueue(tx, trace, { provider: provider.name, reference }, { key: `${provider.name}:${reference}` });
        return 'done';
      }
      if (!(await payments.find(tx, paymentId))) return 'early';
      await jobs.enqueue(tx, look, { paymentId }, { key: paymentId });
      return 'done';
    },
  });
  const sources = new Map(providers.all.map((provider) => [provider.name, sourceOf(provider)]));
  for (const source of sources.values()) webhooks.declare(source);
  return async (caller, name, body, headers) => {
    const source = sources.get(name);
    return source ? webhooks.receive(caller, source, body, headers) : null;
  };
}
