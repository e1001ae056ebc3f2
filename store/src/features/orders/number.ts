import { randomBytes } from 'node:crypto';

/** Crockford's: none that is read as another. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** `K7QM-3XRD`: 40 random bits. It tells nobody how many orders there are; the unique constraint finds the rare one that exists. */
export function drawNumber(): string {
  const letters = Array.from(randomBytes(8), (byte) => LETTERS[byte % LETTERS.length]).join('');
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}
