import { z } from 'zod';

// What clients may say over a WebSocket: one JSON object a message. docs/realtime-protocol.md tells it to people.

/** Bytes of one message of a client. */
export const MESSAGE_BYTES = 16_384;
/** Bytes of the JSON of published data: it must fit a notification of Postgres. */
export const DATA_BYTES = 4096;
/** Channels that one connection follows at most. */
export const SUBSCRIPTIONS = 200;

const id = z.union([z.string().max(64), z.int()]).optional();
const channel = z.string().min(1).max(200);
const since = z.string().max(256).optional();

export const Command = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('authenticate'),
    id,
    token: z.string().min(1).max(8192).optional(),
    key: z.string().min(1).max(512).optional(),
  }),
  z.strictObject({ type: z.literal('subscribe'), id, channel, since }),
  z.strictObject({ type: z.literal('unsubscribe'), id, channel }),
  z.strictObject({ type: z.literal('publish'), id, channel, data: z.json() }),
  z.strictObject({ type: z.literal('presence'), id, channel }),
  z.strictObject({ type: z.literal('ping'), id }),
]);
export type Command = z.output<typeof Command>;
export type CommandId = Command['id'];

/** The command that a text is; null for anything else. */
export function readCommand(text: string): Command | null {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = Command.safeParse(said);
  return parsed.success ? parsed.data : null;
}

/** What the server says: for the reference; each is one `data` of the event stream too. */
export const Message = z.looseObject({
  type: z.enum([
    'authenticated',
    'subscribed',
    'unsubscribed',
    'published',
    'event',
    'message',
    'presence',
    'joined',
    'left',
    'pong',
    'checkpoint',
    'error',
    'closing',
  ]),
  channel: z.string().optional().describe('The channel it is about'),
  offset: z.string().optional().describe('Where to resume from once this was read'),
  event: z.string().optional().describe('Name of the fact: `projects.updated`'),
  data: z.unknown().optional().describe('Payload of the fact, or what a client published'),
});
