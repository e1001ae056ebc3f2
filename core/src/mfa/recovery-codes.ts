import { createHash, randomBytes } from 'node:crypto';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'; // Crockford's base32: nothing in it looks like something else
const CODES = 10;
const BYTES = 15;
const GROUP = 6;

/** Ten codes of 120 random bits, as people read them: `k3v9x0-…`. */
export const newCodes = (): string[] =>
  Array.from({ length: CODES }, () => {
    const bits = [...randomBytes(BYTES)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
    const text = bits.match(/.{5}/g)!.map((five) => ALPHABET[Number.parseInt(five, 2)]!);
    return text
      .join('')
      .match(new RegExp(`.{${GROUP}}`, 'g'))!
      .join('-');
  });

/** What is stored, and what a typed code is looked up by: case, spaces and hyphens do not matter, nor o for 0 and i or l for 1. */
export const hashOf = (code: string): Buffer =>
  createHash('sha256').update(code.toLowerCase().replace(/[\s-]/g, '').replaceAll('o', '0').replace(/[il]/g, '1')).digest();
