import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

const PREFIX = 'plk_';
const BYTES = 16 + 32 + 4;

export interface PresentedKey {
  readonly id: string;
  readonly secret: Buffer;
}
export const newSecret = (): Buffer => randomBytes(32);
export const hashOf = (secret: Buffer): Buffer => createHash('sha256').update(secret).digest();
export const sameHash = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);

/** `plk_` and id, secret, checksum: scanners find it by its beginning, and know by its end that it is one. */
export function tokenOf(id: string, secret: Buffer): string {
  const body = Buffer.concat([Buffer.from(id.replaceAll('-', ''), 'hex'), secret]);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return PREFIX + Buffer.concat([body, check]).toString('base64url');
}
/** How the token of a key begins: the same for all its secrets. */
export const prefixOf = (id: string): string => tokenOf(id, Buffer.alloc(32)).slice(0, 16);

/** What a token claims to be; undefined when it cannot be one: then no query is made. */
export function read(token: string): PresentedKey | undefined {
  if (!token.startsWith(PREFIX)) return undefined;
  const bytes = Buffer.from(token.slice(PREFIX.length), 'base64url');
  if (bytes.length !== BYTES || bytes.toString('base64url') !== token.slice(PREFIX.length)) return undefined;
  if (bytes.readUInt32BE(48) !== crc32(bytes.subarray(0, 48))) return undefined;
  const id = bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  return { id, secret: bytes.subarray(16, 48) };
}
