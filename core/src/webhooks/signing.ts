import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

// Standard Webhooks 1.0: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md

const PREFIX = 'whsec_';
/** 32 random bytes, as the specification writes them. */
export const newSecret = (): string => PREFIX + randomBytes(32).toString('base64');

export interface Message {
  /** Of the event, not of the attempt: receivers tell copies by it. Without a dot. */
  readonly id: string;
  /** Unix seconds of this attempt. */
  readonly timestamp: number;
  readonly body: string | Buffer;
}
export const keyOf = (secret: string): Buffer => Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret, 'base64');
const mac = (secret: string, { id, timestamp, body }: Message): Buffer =>
  createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(body).digest();

/** The headers of one attempt. @param secrets all that still count, newest first: a receiver is content with any of them. */
export const signed = (message: Message, secrets: readonly string[]): Record<string, string> => ({
  'content-type': 'application/json',
  'webhook-id': message.id,
  'webhook-timestamp': String(message.timestamp),
  'webhook-signature': secrets.map((secret) => `v1,${mac(secret, message).toString('base64')}`).join(' '),
});
/** Whether any of the signatures in the header is this secret's, in constant time. */
export function matches(secret: string, message: Message, header: string): boolean {
  const expected = mac(secret, message);
  return header
    .split(' ', 20)
    .filter((each) => each.startsWith('v1,'))
    .some((each) => {
      const given = Buffer.from(each.slice(3), 'base64');
      return given.length === expected.length && timingSafeEqual(given, expected);
    });
}
