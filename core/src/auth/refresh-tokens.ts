import { createHmac, timingSafeEqual } from 'node:crypto';

/** A refresh token, taken apart. */
export interface PresentedToken {
  readonly sessionId: string;
  readonly counter: number;
  readonly mac: Buffer;
}
const PREFIX = 'plr_';
const BYTES = 16 + 4 + 32;
/** What the counter's column holds: a token that says more was not made here, and must not reach the query. */
const HIGHEST = 2 ** 31 - 1;

/**
 * Refresh tokens are derived, not stored: session, counter, and a MAC under the family's secret (in the database) and a key
 * that is not. So the current token can be answered again to an honest second asker (B3), and a dump of the database holds
 * nothing that can be presented (B19).
 */
export class RefreshTokens {
  readonly #key: Buffer;
  constructor(key: Buffer) {
    this.#key = key;
  }
  make(sessionId: string, familySecret: Buffer, counter: number): string {
    const head = Buffer.alloc(20);
    head.write(sessionId.replaceAll('-', ''), 'hex');
    head.writeUInt32BE(counter, 16);
    return PREFIX + Buffer.concat([head, this.#mac(head, familySecret)]).toString('base64url');
  }
  /** What a token claims to be; undefined when it cannot be one. Nothing is proved yet. */
  read(token: string): PresentedToken | undefined {
    if (!token.startsWith(PREFIX)) return undefined;
    const bytes = Buffer.from(token.slice(PREFIX.length), 'base64url');
    if (bytes.length !== BYTES || bytes.toString('base64url') !== token.slice(PREFIX.length)) return undefined;
    const sessionId = bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    const counter = bytes.readUInt32BE(16);
    return counter > HIGHEST ? undefined : { sessionId, counter, mac: bytes.subarray(20) };
  }
  /** Whether this server made it, for this family; in constant time. */
  proves({ sessionId, counter, mac }: PresentedToken, familySecret: Buffer): boolean {
    const head = Buffer.alloc(20);
    head.write(sessionId.replaceAll('-', ''), 'hex');
    head.writeUInt32BE(counter, 16);
    return timingSafeEqual(mac, this.#mac(head, familySecret));
  }
  #mac(head: Buffer, familySecret: Buffer): Buffer {
    return createHmac('sha256', this.#key).update(familySecret).update(head).digest();
  }
}
