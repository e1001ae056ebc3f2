import { defineFeature, during, perform, schedule } from '@plinth/kit';
import { organizationDeleted, organizations } from '../organizations/index.ts';
import { users } from '../users/index.ts';
import * as contract from './contract.ts';
import { endpointsController } from './controller.ts';
import { DeliveriesRepository } from './deliveries.repository.ts';
import { startFanOut } from './fan-out.ts';
import { Incoming } from './incoming.ts';
import { IncomingRepository } from './incoming.repository.ts';
import { PublicEvents } from './patterns.ts';
import { LinksRepository } from './links.repository.ts';
import { QueueRepository } from './queue.repository.ts';
import { EndpointsRepository } from './repository.ts';
import { Sender } from './sender.ts';
import { WebhooksService } from './service.ts';

export { endpointOperations, manageWebhooks, SignatureRefused, WebhookUnreadable } from './contract.ts';
export { endpointsController } from './controller.ts';
export { signed } from './signing.ts';
export type { Place } from './service.ts';
export { type IncomingEvent, type Outcome, type Source, standardWebhooks } from './incoming.ts';
export type { DeliveryLinks, LinkedDelivery, LinkedReceipt } from './links.repository.ts';
export type { LinkedAttempt as LinkedDeliveryAttempt } from './links.repository.ts';
export type WebhooksApi = Pick<Incoming, 'declare' | 'receive'> & {
  /** The service behind the operations on endpoints, for another place to mount them. */
  readonly endpoints: WebhooksService;
  /** What went out and came in, of many at once: for the timeline. */
  readonly links: LinksRepository;
};

export const webhooks = defineFeature({
  name: 'webhooks',
  needs: { users, organizations },
  contract,
  migrations: `${import.meta.dirname}/migrations`,
  setup(kit, needs) {
    const endpoints = new EndpointsRepository();
    const deliveries = new DeliveriesRepository();
    const queue = new QueueRepository();
    const events = new PublicEvents(kit.catalog);
    const sender = new Sender({ ...kit, queue, endpoints });
    const service = new WebhooksService({ ...kit, ...needs, events, endpoints, deliveries, wake: () => sender.wake() });
    const incoming = new Incoming({ ...kit, incoming: new IncomingRepository() });
    const stops: (() => Promise<void> | void)[] = [];

    const api: WebhooksApi = {
      endpoints: service,
      links: new LinksRepository(),
      declare: (source) => incoming.declare(source),
      receive: (caller, source, body, headers) => incoming.receive(caller, source, body, headers),
    };
    return {
      api,
      controller: {
        ...endpointsController(service, () => ({ organizationId: null, visible: null })),
        events: () => [...events.types()],
      },
      handlers: [
        during(organizationDeleted, 'webhooks.forget', async (tx, { payload }) => service.forget(tx, payload.organizationId)),
        perform(contract.notifyOwner, (payload) => service.notify(payload)),
        perform(contract.retryIncoming, (_payload, { caller }) => incoming.retry(caller)),
        schedule(contract.retryIncoming, '* * * * *', {}),
        perform(contract.clearEndpoints, () => service.clear()),
        perform(contract.sweepDeliveries, async () => {
          await service.clear();
          await service.sweep();
          await incoming.sweep();
        }),
        schedule(contract.sweepDeliveries, '13 * * * *', {}),
      ],
      async start() {
        if (!kit.config.roles.includes('worker')) return;
        sender.start();
        const fanOut = startFanOut({ ...kit, events, queue, deliveries, onAdded: () => sender.wake() });
        stops.push(
          // What nobody can be subscribed to is read past with the next look.
          kit.log.onFact(({ name }) => events.has(name) && fanOut.wake()),
          () => fanOut.stop(),
          () => sender.stop(),
        );
      },
      async stop() {
        for (const stop of stops) await stop();
      },
    };
  },
});
