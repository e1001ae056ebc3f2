import { CardNumberRefused } from '../errors.ts';

// No number of a payment card gets in (P6, PCI DSS 3): whoever takes one by mistake has it in logs, backups and the database of
// idempotency keys. What is looked for: 13 to 19 digits, written together or in the groups that are printed on cards, that begin like
// those of an issuer, are as long as its are, and pass the check of Luhn (ISO/IEC 7812). What is left alone: digits that are glued to
// letters, digits or underscores (our ids, hashes, tokens), parts of longer groups (UUIDs), decimals, numbers with a plus (telephones),
// and 13 or 14 digits that are a barcode (GTIN) by its own check digit. One in ten of other numbers of that form passes Luhn by chance.

type Issuer = readonly [name: string, prefix: RegExp, lengths: readonly number[]];
const from16 = [16, 17, 18, 19];
const ISSUERS: readonly Issuer[] = [
  ['Visa', /^4/, [13, 16, 19]],
  ['Mastercard', /^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  ['American Express', /^3[47]/, [15]],
  ['Discover, RuPay', /^(6011|64[4-9]|65|60|8[12])/, from16],
  ['Diners Club', /^(30[0-5]|3095|36|3[89])/, [14, ...from16]],
  ['JCB', /^35(2[89]|[3-8])/, from16],
  ['UnionPay', /^62/, from16],
  ['Maestro', /^(50|5[678]|63|67)/, [13, 14, 15, ...from16]],
  ['Mir', /^220[0-4]/, from16],
  ['Troy', /^9792/, [16]],
];

const D = '[0-9０-９]';
const GAPS = ' .-\u00a0\u2007\u2009\u202f\u2010\u2011\u2012\u2013';
const GAP = `[${GAPS.replace('-', '\\-')}]`;
const FEWEST = 13;
const GROUPS = [
  `${D}{13,19}`,
  `${D}{4}(${GAP})${D}{4}\\1${D}{4}\\1${D}{4}(?:\\1${D}{1,3})?`,
  `${D}{4}(${GAP})${D}{6}\\2${D}{4,5}`,
  `${D}{4}(${GAP})${D}{3}\\3${D}{3}\\3${D}{3}`,
].join('|');
const NUMBER = new RegExp(`(?<![\\w+]|[\\w][.\\-])(?:${GROUPS})(?![\\w]|[.\\-]\\w)`, 'g');
/** Of each UTF-16 unit: whether it is a digit (2), or may stand between digits (1). */
const KIND = new Uint8Array(65_536);
for (const gap of GAPS) KIND[gap.charCodeAt(0)] = 1;
for (let digit = 0; digit < 10; digit++) KIND[0x30 + digit] = KIND[0xff10 + digit] = 2;
const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|.)/gs;

function luhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    sum += i % 2 === 0 ? digit : digit < 5 ? 2 * digit : 2 * digit - 9;
  }
  return sum % 10 === 0;
}
/** EAN-13 and GTIN-14: the digits before the last, from the right, count three times and once in turn. */
function isBarcode(digits: string): boolean {
  if (digits.length > 14) return false;
  let sum = 0;
  for (let i = 0; i < digits.length; i++) sum += Number(digits[digits.length - 1 - i]) * (i % 2 === 0 ? 1 : 3);
  return sum % 10 === 0;
}
const isCard = (found: string): boolean => {
  const digits = found.normalize('NFKC').replace(/\D/g, '');
  const issued = ISSUERS.some(([, prefix, lengths]) => lengths.includes(digits.length) && prefix.test(digits));
  return issued && luhn(digits) && !isBarcode(digits);
};

/**
 * Where digits and gaps follow each other so long that 13 digits may be among them. Every 13th place is looked at, and no more where
 * it is neither: on the way of every request, this costs a tenth of reading its JSON.
 */
function nextRun(text: string, from: number): { start: number; end: number } | null {
  for (let at = from + FEWEST - 1; at < text.length; at += FEWEST) {
    if (KIND[text.charCodeAt(at)] === 0) continue;
    let [start, end, digits] = [at, at, 0];
    while (start > from && KIND[text.charCodeAt(start - 1)] !== 0) start--;
    while (end < text.length && KIND[text.charCodeAt(end)] !== 0) end++;
    for (let i = start; i < end; i++) if (KIND[text.charCodeAt(i)] === 2) digits++;
    if (digits >= FEWEST) return { start, end };
    at = end - 1;
  }
  return null;
}
/** As the strings of the JSON will read: a backslash may hide a digit (\u0034), or glue a letter to one (\n4). */
const unescaped = (text: string): string =>
  text.replace(ESCAPE, (_, code: string | undefined) => (code === undefined ? ' ' : String.fromCharCode(parseInt(code, 16))));

/** Whether the text holds a card number. @param text also JSON, whose escapes are read. */
export function holdsCardNumber(text: string): boolean {
  const plain = text.includes('\\u') ? unescaped(text) : text;
  for (let run = nextRun(plain, 0); run !== null; run = nextRun(plain, run.end)) {
    // With what stands before and behind it: glued digits are no card.
    const around = unescaped(plain.slice(Math.max(0, run.start - 2), run.end + 2));
    for (const [found] of around.matchAll(NUMBER)) if (isCard(found)) return true;
  }
  return false;
}
/** @throws CardNumberRefused, which repeats nothing of it */
export function refuseCardNumbers(text: string): void {
  if (holdsCardNumber(text)) throw new CardNumberRefused();
}
