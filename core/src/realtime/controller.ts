import { type Access, type Catalog, type Controller, type Realtime, ruleOf } from '@plinth/kit';
import { connectRealtime, type KindOfChannel, type operations } from './contract.ts';

const takes = (access: Access): string => ruleOf(access)?.permission.name ?? (typeof access === 'string' ? access : 'signed-in');
const kindsOf = (catalog: Pick<Catalog, 'channels'>): KindOfChannel[] =>
  [...catalog.channels.values()].map(({ pattern, access, options: { publish, owner, presence } }) => ({
    channel: pattern,
    follow: takes(access),
    publish: publish === undefined ? null : takes(publish),
    owner: owner ?? null,
    presence: presence === true,
  }));

export const realtimeController = (realtime: Realtime, catalog: Pick<Catalog, 'channels'>): Controller<typeof operations> => ({
  connect: (call) => realtime.websocket(call, connectRealtime),
  events: (call) =>
    realtime.eventStream(call, connectRealtime, {
      channels: call.query.channels.split(','),
      since: call.headers['last-event-id'] ?? call.query.since,
    }),
  channels: () => kindsOf(catalog),
  publish: async ({ caller, body }) => realtime.publish(caller, body.channel, body.data),
});
