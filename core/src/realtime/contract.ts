import { allow, defineChannel, defineOperations, definePermission, RealtimeMessage, sse, UpgradeRequired } from '@plinth/kit';
import { z } from 'zod';

export const connectRealtime = definePermission('realtime:connect', 'Open a realtime connection', ['member']);

/** Notices for one person, on all their devices, which may talk to each other through it: nobody else gets in. */
export const userChannel = defineChannel('user:{userId}', 'signed-in', { owner: 'userId', publish: 'signed-in' });

export const KindOfChannel = z.object({
  channel: z.string().describe('Its name; what stands in braces is an id: `project:{projectId}`'),
  follow: z.string().describe('The permission that following takes; or `signed-in`, `public`'),
  publish: z.string().nullable().describe('What sending messages takes; null where nobody may'),
  owner: z.string().nullable().describe('Which id must be that of whoever follows'),
  presence: z.boolean().describe('Who follows it sees who else does'),
});
export type KindOfChannel = z.output<typeof KindOfChannel>;
const Channel = z.string().min(1).max(200).describe('Name of a channel: `project:0199…`');

const Query = z.strictObject({
  channels: z
    .string()
    .min(1)
    .max(4000)
    .describe('Names of channels, separated by commas; 50 at most')
    .refine((text) => text.split(',').length <= 50, 'is 50 channels at most'),
  since: z.string().max(256).optional().describe('Offset to resume from, where `Last-Event-ID` cannot be sent'),
});
const Headers = z.object({
  'last-event-id': z.string().max(256).optional().describe('Offset to resume from; browsers send it by themselves'),
});

export const operations = defineOperations({
  connect: {
    method: 'GET',
    path: '/realtime',
    at: 'root',
    upgrade: true,
    access: 'public',
    summary: 'Open a WebSocket',
    description:
      'Who connects without a token or cookie sends a token in the first message, within 5 seconds. A cookie counts with an allowed `Origin` only. docs/realtime-protocol.md tells what is said.',
    errors: [UpgradeRequired],
  },
  events: {
    method: 'GET',
    path: '/realtime/events',
    at: 'root',
    access: allow(connectRealtime),
    summary: 'Follow channels as server-sent events',
    query: Query,
    headers: Headers,
    reply: sse(RealtimeMessage),
  },
  channels: {
    method: 'GET',
    path: '/realtime/channels',
    access: allow(connectRealtime),
    summary: 'Kinds of channels that there are',
    reply: z.array(KindOfChannel),
  },
  publish: {
    method: 'POST',
    path: '/realtime/messages',
    access: allow(connectRealtime),
    summary: 'Send a message to who follows a channel',
    status: 204,
    description: 'Where the channel lets the caller. It is in no log: who is not there at that moment never sees it.',
    body: z.strictObject({ channel: Channel, data: z.json().describe('At most 4,096 bytes of JSON') }),
    bodyLimit: 16_384,
    publishes: 'nothing, because such a message is in no log',
    tx: 'own',
    limit: { requests: 600, seconds: 60 },
  },
});
