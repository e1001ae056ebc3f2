import { CardNumberRefused } from '../errors.ts';

// No number of a payment card gets in (P6, PCI DSS 3): whoever takes one by mistake has it in logs, backups and the database of
// idempotency keys. What is looked for: 13 to 19 digits, written together or in the groups that people and cards write, that begin like
// those of an issuer, are as long as its are, and pass the check of Luhn (ISO/IEC 7812); also where a date or a security code follows.
// What is left alone: digits that are glued to letters (our ids, hashes, tokens), UUIDs, IBANs, decimals, numbers with a plus
// (telephones), and 13, 14 or 18 digits that are a barcode (GTIN, SSCC) by its own check digit. One in ten of other numbers of that form
// passes Luhn by chance.

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

const FEWEST = 13;
const MOST = 19;
const SPACES = ' \t\r\n\u00a0\u2007\u2009\u202f';
const HYPHENS = '-\u2010\u2011\u2012\u2013';
/**
 * Of each UTF-16 unit: whether it is a digit (2), may stand between digits (1), or may where it is an escape of JSON (3): \n, \t, \r.
 */
const KIND = new Uint8Array(65_536);
for (const gap of `${SPACES}${HYPHENS}./_\\`) KIND[gap.charCodeAt(0)] = 1;
for (const letter of 'ntr') KIND[letter.charCodeAt(0)] = 3;
for (let digit = 0; digit < 10; digit++) KIND[0x30 + digit] = KIND[0xff10 + digit] = 2;
const BACKSLASH = 0x5c;
/** What each gap counts as: one space, the end of a line, one hyphen, or itself. */
const SIGN = new Int32Array(65_536);
for (const gap of SPACES) SIGN[gap.charCodeAt(0)] = 0x20;
for (const gap of '\r\n') SIGN[gap.charCodeAt(0)] = 0x0a;
for (const gap of HYPHENS) SIGN[gap.charCodeAt(0)] = 0x2d;
for (const gap of './_') SIGN[gap.charCodeAt(0)] = gap.charCodeAt(0);
SIGN[BACKSLASH] = -1;
const UNICODE_ESCAPE = /\\(?:u([0-9a-fA-F]{4})|(.))/gs;

/** @param weigh what the digit counts that stands so many places before the last. */
function checks(digits: string, weigh: (digit: number, place: number) => number): boolean {
  let sum = 0;
  for (let place = 0, at = digits.length - 1; at >= 0; place++, at--) sum += weigh(digits.charCodeAt(at) - 0x30, place);
  return sum % 10 === 0;
}
const luhn = (digits: string): boolean =>
  checks(digits, (digit, place) => (place % 2 === 0 ? digit : digit < 5 ? 2 * digit : 2 * digit - 9));
/** EAN-13, GTIN-14 and SSCC-18: the digits before the last, from the right, count three times and once in turn. */
const isBarcode = (digits: string): boolean =>
  (digits.length <= 14 || digits.length === 18) && checks(digits, (digit, place) => (place % 2 === 0 ? digit : 3 * digit));
// Luhn first: it is cheap, and nine of ten end there.
const isCard = (digits: string): boolean =>
  luhn(digits) && ISSUERS.some(([, prefix, lengths]) => lengths.includes(digits.length) && prefix.test(digits)) && !isBarcode(digits);

interface Run {
  readonly start: number;
  readonly end: number;
}
const belongs = (text: string, at: number): boolean => {
  const kind = KIND[text.charCodeAt(at)]!;
  return kind === 3 ? text.charCodeAt(at - 1) === BACKSLASH : kind !== 0;
};
/**
 * Where digits and gaps follow each other so long that 13 digits may be among them. Every 13th place is looked at, and no more where
 * it is neither: on the way of every request, this costs a tenth of reading its JSON.
 */
function nextRun(text: string, from: number): Run | null {
  for (let at = from + FEWEST - 1; at < text.length; at += FEWEST) {
    const kind = KIND[text.charCodeAt(at)]!;
    if (kind === 0 || (kind === 3 && text.charCodeAt(at - 1) !== BACKSLASH)) continue;
    let [start, end, digits] = [at, at, 0];
    while (start > from && belongs(text, start - 1)) start--;
    while (end < text.length && belongs(text, end)) end++;
    for (let i = start; i < end; i++) if (KIND[text.charCodeAt(i)] === 2) digits++;
    if (digits >= FEWEST) return { start, end };
    at = end - 1;
  }
  return null;
}

// ---- Groups of digits, and what stands between them -------------------------------------------------

/** What stands before a group: nothing, space, the end of a line, or the one sign in it. */
const NOTHING = 0;
const SPACE = 0x20;
const LINE = 0x0a;
/** More than one sign, or too much: it joins nothing. */
const APART = -1;
const LONGEST_GAP = 4;
interface Group {
  readonly at: number;
  readonly size: number;
  /** One of those above, or a sign's code; every hyphen is one. */
  readonly gap: number;
  /** Whether there is space in the gap, beside a sign too. */
  readonly spaced: boolean;
}
const isSpace = (gap: number): boolean => gap === SPACE || gap === LINE;

/** As JSON reads it: \n is the end of a line, \/ a slash. */
function groupsOf(text: string, { start, end }: Run): Group[] {
  const groups: Group[] = [];
  let [gap, length, spaced] = [NOTHING, 0, false];
  for (let at = start; at < end; at++) {
    let code = text.charCodeAt(at);
    if (KIND[code] === 2) {
      const first = at;
      while (at + 1 < end && KIND[text.charCodeAt(at + 1)] === 2) at++;
      groups.push({ at: first, size: at + 1 - first, gap: length > LONGEST_GAP ? APART : gap, spaced });
      [gap, length, spaced] = [NOTHING, 0, false];
      continue;
    }
    if (code === BACKSLASH && at + 1 < end) {
      const next = text[at + 1]!;
      if ('ntr/'.includes(next)) {
        code = next === '/' ? 0x2f : next === 't' ? SPACE : LINE;
        at++;
      }
    }
    length++;
    const sign = SIGN[code]!;
    if (sign === SPACE || sign === LINE) {
      spaced = true;
      if (gap === NOTHING || gap === SPACE) gap = sign;
    } else gap = gap === NOTHING || isSpace(gap) ? sign : APART;
  }
  return groups;
}
const digitsOf = (text: string, groups: readonly Group[], first: number, last: number): string => {
  let digits = '';
  for (let i = first; i <= last; i++) digits += text.slice(groups[i]!.at, groups[i]!.at + groups[i]!.size);
  return /^[0-9]*$/.test(digits) ? digits : digits.normalize('NFKC');
};

/** As cards are printed and people type them; also two of the four groups in one. */
const PRINTED = new Set(['4 6 5', '4 6 4', '4 3 3 3', '6 13']);
function isPrinted(sizes: readonly number[]): boolean {
  if (sizes.length === 1 || PRINTED.has(sizes.join(' '))) return true;
  let sum = 0;
  for (const size of sizes) {
    if (sum === 16) return size <= 3; // 17 to 19 digits; the caller sees that nothing follows
    if (size % 4 !== 0) return false;
    sum += size;
  }
  return sum === 16;
}
/** So many groups of four in a row are a table, not a card with a year before it. */
const LONGEST_ROW = 6;
function inTable(groups: readonly Group[], first: number, last: number): boolean {
  let [start, end] = [first, last];
  const { gap } = groups[last]!;
  while (start > 0 && groups[start]!.gap === gap && groups[start - 1]!.size === 4 && last - start < LONGEST_ROW) start--;
  while (groups[end + 1]?.gap === gap && groups[end + 1]!.size === 4 && end - start < LONGEST_ROW) end++;
  return end - start >= LONGEST_ROW;
}
/** What may follow on the same sign: a security code, a date, both, or the decimals of a number. */
const FOLLOWS = new Set(['3', '2 2', '2 4', '2 2 3', '2 4 3']);
const DOT = 0x2e;
const LOW_LINE = 0x5f;
function mayFollow(groups: readonly Group[], last: number, length: number): boolean {
  const gap = groups[last + 1]?.gap ?? APART;
  if (gap === APART || isSpace(gap)) return true;
  const sizes: number[] = [];
  for (let i = last + 1; i < groups.length && groups[i]!.gap === gap && sizes.length < 4; i++) sizes.push(groups[i]!.size);
  if (gap === DOT && sizes.length === 1) return groups[last]!.size >= FEWEST;
  return gap !== LOW_LINE && (FOLLOWS.has(sizes.join(' ')) || (length === 15 && sizes.join() === '4'));
}

// ---- What stands around them ------------------------------------------------------------------------

/** Before a sign or the number itself, these do not make an id of it. */
const CARD_WORD =
  /(?:^|[^A-Za-z0-9])(?:visa|master(?:card)?|amex|discover|diners|jcb|maestro|card(?:n(?:o|r|umber))?|cc|pan|n[or]|num(?:ber)?)$/i;
/** @param before all that stands before the digits. */
function isApart(before: string, digits: string, grouped: boolean): boolean {
  // No telephone number has more than 15 digits (E.164).
  if (before.endsWith('+')) return grouped && digits.length > 15;
  const [, glued, sign] = /([A-Za-z0-9_]?)([-._\u2010-\u2013]?)$/.exec(before)!;
  return (glued === '' && sign !== '_') || CARD_WORD.test(sign === '' ? before : before.slice(0, -1));
}
const GLUED_BEHIND = /^(?:[A-Za-z0-9_]|[.\-\u2010-\u2013][A-Za-z0-9_])/;

const UUID = /(?<![0-9a-z])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-z])/gi;
/** How long IBANs are (SWIFT IBAN Registry). */
const IBANS = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22 ' +
    'GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 ' +
    'MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20'
  )
    .split(' ')
    .map((each) => [each.slice(0, 2), Number(each.slice(2))] as const),
);
const IBAN = /(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?:[ -]?[A-Z0-9])+/g;
/** @returns where the IBAN ends that begins the text; 0: it is none (ISO 13616: 97 divides it, and leaves 1). */
function ibanEnd(text: string): number {
  const length = IBANS.get(text.slice(0, 2)) ?? 0;
  let [end, iban] = [0, ''];
  for (; end < text.length && iban.length < length; end++) if (/[A-Z0-9]/.test(text[end]!)) iban += text[end]!;
  if (length === 0 || iban.length < length) return 0;
  const digits = (iban.slice(4) + iban.slice(0, 4)).replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  return BigInt(digits) % 97n === 1n ? end : 0;
}
const FARTHEST = 64;
/** Whether it is part of a UUID or IBAN. */
function isOfAnother(text: string, start: number, end: number): boolean {
  const from = Math.max(0, start - FARTHEST);
  const around = text.slice(from, end + FARTHEST);
  const covers = (at: number, length: number): boolean => from + at < end && from + at + length > start;
  for (const { 0: id, index } of around.matchAll(UUID)) if (covers(index, id.length)) return true;
  for (const { 0: iban, index } of around.matchAll(IBAN)) if (covers(index, ibanEnd(iban))) return true;
  return false;
}

function holdsCard(text: string, run: Run): boolean {
  const groups = groupsOf(text, run);
  const found = (first: number, last: number): boolean => {
    const [head, tail] = [groups[first]!, groups[last]!];
    const [start, end] = [head.at, tail.at + tail.size];
    const digits = digitsOf(text, groups, first, last);
    if (first > 0 && !isSpace(head.gap) && head.gap !== APART) return false;
    if (!isCard(digits)) return false;
    if (first === 0 && !head.spaced && !isApart(text.slice(Math.max(0, start - 20), start), digits, last > 0)) return false;
    if (last === groups.length - 1 ? GLUED_BEHIND.test(text.slice(end, end + 2)) : !mayFollow(groups, last, digits.length)) return false;
    return !isOfAnother(text, start, end);
  };
  for (let first = 0; first < groups.length; first++) {
    const { size: begins } = groups[first]!;
    // No card begins with another group: a body all of digits costs no more than it must.
    if (begins % 4 !== 0 && begins !== 6 && begins < FEWEST) continue;
    let length = 0;
    const sizes: number[] = [];
    for (let last = first; last < groups.length; last++) {
      const { size, gap } = groups[last]!;
      // One sign between all of them.
      if (last > first && (gap === APART || gap !== groups[first + 1]!.gap)) break;
      length += size;
      if (length > MOST) break;
      sizes.push(size);
      if (length < FEWEST || !isPrinted(sizes)) continue;
      if (sizes.length > 1 && size === 4 && isSpace(gap) && inTable(groups, first, last)) continue;
      if (found(first, last)) return true;
    }
  }
  // Digit by digit, and nothing else there.
  const single =
    groups.length >= FEWEST &&
    groups.length <= MOST &&
    groups.every(({ size, gap }, i) => size === 1 && (i === 0 || gap === groups[1]!.gap));
  return single && found(0, groups.length - 1);
}

/** As the strings of the JSON will read: \u0034 hides a digit. Other escapes stay. */
const unescaped = (text: string): string =>
  text.replace(UNICODE_ESCAPE, (whole, code: string | undefined) => (code === undefined ? whole : String.fromCharCode(parseInt(code, 16))));

/** Whether the text holds a card number. @param text also JSON, whose escapes are read. */
export function holdsCardNumber(text: string): boolean {
  const plain = text.includes('\\u') ? unescaped(text) : text;
  for (let run = nextRun(plain, 0); run !== null; run = nextRun(plain, run.end)) if (holdsCard(plain, run)) return true;
  return false;
}
/** Whether one hides in a token, where letters are glued to everything. */
export const hidesCardNumber = (token: string): boolean => token.match(/[0-9]{13,19}(?![0-9])/g)?.some(isCard) === true;
/** Names and values of a form or query. @throws CardNumberRefused */
export function refuseCardNumbersIn(fields: Readonly<Record<string, unknown>>): void {
  for (const name in fields) {
    refuseCardNumbers(name);
    const value = fields[name];
    for (const each of Array.isArray(value) ? (value as unknown[]) : [value]) if (typeof each === 'string') refuseCardNumbers(each);
  }
}
/** @throws CardNumberRefused, which repeats nothing of it */
export function refuseCardNumbers(text: string): void {
  if (holdsCardNumber(text)) throw new CardNumberRefused();
}
