import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Makes values that leave the server opaque and untouchable: cursors, offsets. AES-256-GCM, bound to what they are for. */
export interface Seal {
  seal(value: unknown, boundTo: string): string;
  /** undefined when it was not sealed here, for this, by this secret. */
  open(sealed: string, boundTo: string): unknown;
  /** A key of its own for one purpose. @param bytes length of the key. */
  derive(purpose: string, bytes: number): Buffer;
}

export function createSeal(secret: string): Seal {
  const derive = (purpose: string, bytes: number): Buffer => Buffer.from(hkdfSync('sha256', secret, 'plinth', purpose, bytes));
  const key = derive('seal', 32);
  return {
    derive,
    seal(value, boundTo) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(boundTo));
      const text = Buffer.concat([cipher.update(JSON.stringify(value)), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url');
    },
    open(sealed, boundTo) {
      const bytes = Buffer.from(sealed, 'base64url');
      if (bytes.length < 29) return undefined;
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
          .setAAD(Buffer.from(boundTo))
          .setAuthTag(bytes.subarray(12, 28));
        return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString()) as unknown;
      } catch {
        return undefined;
      }
    },
  };
}
