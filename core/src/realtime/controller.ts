import { type Controller, type Realtime } from '@plinth/kit';
import { connectRealtime, type operations } from './contract.ts';

export const realtimeController = (realtime: Realtime): Controller<typeof operations> => ({
  connect: (call) => realtime.websocket(call, connectRealtime),
  events: (call) =>
    realtime.eventStream(call, connectRealtime, {
      channels: call.query.channels.split(','),
      since: call.headers['last-event-id'] ?? call.query.since,
    }),
  publish: async ({ caller, body }) => realtime.publish(caller, body.channel, body.data),
});
