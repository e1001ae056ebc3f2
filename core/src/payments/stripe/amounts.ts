import { exponentOf } from '../money.ts';
import { ProviderRefused } from '../provider.ts';

// Stripe counts minor units by ISO 4217, with these exceptions (docs.stripe.com/currencies): ISK and UGX are still told with two
// digits that are always 00, MGA without any.
const EXPONENTS: ReadonlyMap<string, number> = new Map([
  ['ISK', 2],
  ['UGX', 2],
  ['MGA', 0],
]);
const shiftOf = (currency: string): number => (EXPONENTS.get(currency) ?? exponentOf(currency)) - exponentOf(currency);

/**
 * Our minor units as Stripe counts them; never rounded. @throws ProviderRefused: of three digits Stripe takes two (1.234 BHD), of
 * MGA whole ones.
 */
export function toStripe(amount: number, currency: string): number {
  const shift = shiftOf(currency);
  const theirs = shift < 0 ? amount / 10 ** -shift : amount * 10 ** shift;
  if (!Number.isSafeInteger(theirs) || (exponentOf(currency) === 3 && theirs % 10 !== 0)) throw new ProviderRefused('amount_too_fine');
  return theirs;
}
/** The other way, exactly. @throws RangeError for what are no whole minor units */
export function fromStripe(amount: number, currency: string): number {
  const shift = shiftOf(currency);
  const ours = shift < 0 ? amount * 10 ** -shift : amount / 10 ** shift;
  if (!Number.isSafeInteger(ours)) throw new RangeError(`${amount} is no whole amount of ${currency}`);
  return ours;
}
