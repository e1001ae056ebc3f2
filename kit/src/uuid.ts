import { randomFillSync } from 'node:crypto';

const bytes = Buffer.alloc(2048);
let at = bytes.length;
const hex = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));

/** A UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, then 74 random bits. Made by the application, so that a row's id is known before its insert. */
export function uuidv7(now = Date.now()): string {
  if (at + 10 > bytes.length) {
    randomFillSync(bytes);
    at = 0;
  }
  const h = (i: number): string => hex[bytes[at + i]!]!;
  const time = now.toString(16).padStart(12, '0');
  const id = `${time.slice(0, 8)}-${time.slice(8)}-7${hex[bytes[at]! & 0x0f]![1]}${h(1)}-${hex[(bytes[at + 2]! & 0x3f) | 0x80]}${h(3)}-${h(4)}${h(5)}${h(6)}${h(7)}${h(8)}${h(9)}`;
  at += 10;
  return id;
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** Of any version. Others may name anything: what is none, the database would not take. */
export const isUuid = (text: string): boolean => UUID.test(text);
