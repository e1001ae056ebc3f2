import { z } from 'zod';

// Money is a whole number of minor units and a currency; how many digits those are is ISO 4217's to say (S15). Never a float.

const of = (codes: string, exponent: number): [string, number][] => codes.split(' ').map((code) => [code, exponent]);
/**
 * ISO 4217, list one (2025-01), without funds, metals and codes for testing. CLDR, and so Intl, has other digits for some of them:
 * those that cash has, not those that banks count.
 */
const EXPONENTS: ReadonlyMap<string, number> = new Map([
  ...of('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF', 0),
  ...of(
    'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK ' +
      'DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP ' +
      'LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD ' +
      'RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD ' +
      'XCG YER ZAR ZMW ZWG',
    2,
  ),
  ...of('BHD IQD JOD KWD LYD OMR TND', 3),
]);
export const CURRENCIES: readonly string[] = [...EXPONENTS.keys()].sort();

export interface Money {
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
}
export const Currency = z
  .string()
  .refine((code) => EXPONENTS.has(code), 'must be an ISO-4217 code such as EUR')
  .describe('ISO 4217');
/** The most that one payment may be, in minor units. */
export const MOST = 1_000_000_000_000;
export const Amount = z.int().min(1).max(MOST).describe('Minor units of the currency: cents of EUR, yen of JPY, fils of BHD');

/** Digits behind the point. @throws RangeError for what is no currency */
export function exponentOf(currency: string): number {
  const exponent = EXPONENTS.get(currency);
  if (exponent === undefined) throw new RangeError(`${currency} is no currency of ISO 4217`);
  return exponent;
}

/** `{ amount: 1250, currency: 'EUR' }` → `12.50`; `{ amount: 1250, currency: 'JPY' }` → `1250`. For providers that take decimals. */
export function toDecimal({ amount, currency }: Money): string {
  if (!Number.isSafeInteger(amount)) throw new RangeError('an amount is a whole number of minor units');
  const exponent = exponentOf(currency);
  const digits = String(Math.abs(amount)).padStart(exponent + 1, '0');
  const at = digits.length - exponent;
  return `${amount < 0 ? '-' : ''}${digits.slice(0, at)}${exponent > 0 ? `.${digits.slice(at)}` : ''}`;
}
/** The other way, exactly. @throws RangeError for more digits than the currency has, and for what is no number */
export function fromDecimal(text: string, currency: string): Money {
  const [, sign, whole, fraction = ''] = /^(-?)(\d{1,16})(?:\.(\d{1,4}))?$/.exec(text) ?? [];
  const exponent = exponentOf(currency);
  if (whole === undefined || fraction.length > exponent) throw new RangeError(`'${text}' is no amount of ${currency}`);
  const amount = Number(`${sign}${whole}${fraction.padEnd(exponent, '0')}`);
  if (!Number.isSafeInteger(amount)) throw new RangeError(`'${text}' is more than can be counted`);
  return { amount: amount === 0 ? 0 : amount, currency };
}

/**
 * Divides minor units by weights, by the largest remainder: the parts are whole and sum to the whole, and each is less than one
 * unit from its exact share (S17). Of equal remainders the earlier part gets the unit.
 * @param weights not negative, and not all zero.
 */
export function split(amount: number, weights: readonly number[]): number[] {
  if (!Number.isSafeInteger(amount)) throw new RangeError('an amount is a whole number of minor units');
  if (weights.length === 0 || weights.some((weight) => !Number.isSafeInteger(weight) || weight < 0) || weights.every((w) => w === 0))
    throw new RangeError('weights are whole numbers, not negative and not all zero');
  // The product of two amounts is more than a double holds.
  const [size, all] = [BigInt(Math.abs(amount)), weights.map(BigInt)];
  const total = all.reduce((sum, weight) => sum + weight, 0n);
  const parts = all.map((weight) => (size * weight) / total);
  let left = Number(size - parts.reduce((sum, part) => sum + part, 0n));
  const byRemainder = all
    .map((weight, i) => [(size * weight) % total, i] as const)
    .sort(([a, i], [b, j]) => (a === b ? i - j : a > b ? -1 : 1));
  for (const [, i] of byRemainder) {
    if (left-- <= 0) break;
    parts[i]! += 1n;
  }
  return parts.map((part) => (amount < 0 && part > 0n ? -Number(part) : Number(part)));
}
