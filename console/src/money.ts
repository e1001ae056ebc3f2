// Money is a whole number of minor units and a currency. People write 12.50; it is turned into 1250 digit by digit, never by way of a float.

const NONE = new Set('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'.split(' '));
const THREE = new Set('BHD IQD JOD KWD LYD OMR TND'.split(' '));
/** Digits behind the point by ISO 4217, which the server counts by. Intl has those of cash for some: none for IQD. */
export const digitsOf = (currency: string): number => (NONE.has(currency) ? 0 : THREE.has(currency) ? 3 : 2);
export const isCurrency = (text: string): boolean => /^[A-Z]{3}$/.test(text);

/** 1250 EUR → `12.50`, 1250 JPY → `1250`. @param amount minor units. */
export function toMajor(amount: number, currency: string): string {
  const digits = digitsOf(currency);
  const text = String(Math.abs(amount)).padStart(digits + 1, '0');
  const at = text.length - digits;
  return `${amount < 0 ? '-' : ''}${text.slice(0, at)}${digits > 0 ? `.${text.slice(at)}` : ''}`;
}

export type Read = { readonly amount: number; readonly problem?: undefined } | { readonly amount?: undefined; readonly problem: string };
/** What was typed, in minor units, exactly; else why it is no amount of this currency. `,` is taken for the point where it cannot be thousands. */
export function toMinor(typed: string, currency: string): Read {
  const text = typed.trim();
  const digits = digitsOf(currency);
  const example = `Write it like ${toMajor(1250, currency)}`;
  const [, whole, point, fraction = ''] = /^(\d{1,15})(?:([.,])(\d+))?$/.exec(text) ?? [];
  if (whole === undefined || (point === ',' && fraction.length === 3)) return { problem: `${example}, without marks for thousands.` };
  if (fraction.length > digits) return { problem: `${currency} has ${digits === 0 ? 'no' : digits} digits behind the point. ${example}.` };
  const amount = Number(whole + fraction.padEnd(digits, '0'));
  return Number.isSafeInteger(amount) ? { amount } : { problem: 'This is more than can be counted.' };
}
