import type { Message } from './mail.ts';

/** A message that must not be sent, now or later: retrying does not help. */
export class InvalidMessage extends Error {
  readonly code = 'INVALID_MESSAGE';
  /** @param problem names the field, never its value: it may hold what an attacker typed, or a secret. */
  constructor(problem: string) {
    super(`the message was not sent: ${problem}`);
    this.name = 'InvalidMessage';
  }
}

/** Control characters: a line feed in a header begins another header, or a message of its own (S79). */
const CONTROL = /[\u0000-\u001f\u007f\u0085\u2028\u2029]/;
/** One plain address. No list, group, comment, quotes or route: parsers disagree about those, and mail goes elsewhere. */
const ADDRESS = /^[^\s<>()[\]\\,;:"@]{1,64}@[^\s<>()[\]\\,;:"@]{1,255}$/;
const HEADER_NAME = /^[A-Za-z0-9-]{1,76}$/;
/** What says where a message goes and how it is read is not for callers to set. */
const RESERVED = new Set([
  'from',
  'to',
  'cc',
  'bcc',
  'sender',
  'subject',
  'date',
  'message-id',
  'return-path',
  'mime-version',
  'dkim-signature',
  'received',
]);
const ID = /^[\w.-]{1,200}$/;
const HEADER_LENGTH = 2000;

function refuse(problem: string): never {
  throw new InvalidMessage(problem);
}

/** @throws InvalidMessage for anything that could become another header, recipient or command. */
export function checkMessage({ to, subject, id, headers = {} }: Message): void {
  if (CONTROL.test(to) || !ADDRESS.test(to)) refuse('`to` is not one plain e-mail address');
  if (CONTROL.test(subject) || subject.length > HEADER_LENGTH) refuse('`subject` holds control characters or is too long');
  if (!ID.test(id)) refuse('`id` is not 1 to 200 letters, digits, dots, dashes and underscores');
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    if (!HEADER_NAME.test(name) || RESERVED.has(lower) || lower.startsWith('content-') || lower.startsWith('resent-'))
      refuse('a header has a name that may not be set');
    if (typeof value !== 'string' || CONTROL.test(value) || value.length > HEADER_LENGTH)
      refuse(`header ${name} holds control characters or is too long`);
  }
}

export interface Sender {
  readonly name: string;
  readonly address: string;
}
/** Reads `Plinth <no-reply@example.com>` or a plain address. @throws where MAIL_FROM is neither. */
export function senderOf(from: string): Sender {
  const [, name = '', address = ''] = /^\s*(?:"?([^"<>]*?)"?\s*<)?([^<>\s]+?)>?\s*$/.exec(from) ?? [];
  if (CONTROL.test(from) || !/^[^\s<>(),;:"@]+@[^\s<>(),;:"@]+$/.test(address))
    throw new Error('MAIL_FROM is not an address like "Plinth <no-reply@example.com>"');
  return { name: name.trim(), address };
}
