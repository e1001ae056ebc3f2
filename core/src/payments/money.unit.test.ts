import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CURRENCIES, exponentOf, fromDecimal, split, toDecimal } from './money.ts';

const amounts = fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 });

describe('S15: minor units by the exponent of ISO 4217', () => {
  it.each([
    ['JPY', 0],
    ['KRW', 0],
    ['EUR', 2],
    ['ISK', 0],
    ['HUF', 2],
    ['BHD', 3],
    ['KWD', 3],
  ])('S15: %s has %i digits', (currency, digits) => expect(exponentOf(currency)).toBe(digits));
  it.each([
    [{ amount: 6000, currency: 'EUR' }, '60.00'],
    [{ amount: 6000, currency: 'JPY' }, '6000'],
    [{ amount: 6000, currency: 'BHD' }, '6.000'],
    [{ amount: 5, currency: 'USD' }, '0.05'],
    [{ amount: -5, currency: 'KWD' }, '-0.005'],
  ])('S15: %j is written %s', (money, text) => expect(toDecimal(money)).toBe(text));
  it('S15: what a provider is told and tells back is the same, for every currency and amount', () => {
    fc.assert(
      fc.property(amounts, fc.constantFrom(...CURRENCIES), (amount, currency) => {
        expect(fromDecimal(toDecimal({ amount, currency }), currency)).toEqual({ amount, currency });
      }),
    );
  });
  it.each([
    ['1.5', 'JPY'],
    ['1.005', 'EUR'],
    ['1e3', 'EUR'],
    ['', 'EUR'],
    ['1,50', 'EUR'],
    ['99999999999999999', 'EUR'],
    ['1.00', 'EURO'],
    ['1.00', 'XAU'],
  ])('S15: %j is no amount of %s', (text, currency) => expect(() => fromDecimal(text, currency)).toThrow(RangeError));
});

describe('S17: dividing', () => {
  const weights = fc.array(fc.nat(1_000_000_000_000), { minLength: 1, maxLength: 50 }).filter((all) => all.some((weight) => weight > 0));
  it('S17: the parts sum to the whole, and each is less than a unit from its share', () => {
    fc.assert(
      fc.property(amounts, weights, (amount, all) => {
        const parts = split(amount, all);
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(amount);
        const total = all.reduce((sum, weight) => sum + BigInt(weight), 0n);
        parts.forEach((part, i) => {
          const off = BigInt(part) * total - BigInt(amount) * BigInt(all[i]!);
          expect((off < 0n ? -off : off) < total).toBe(true);
        });
      }),
    );
  });
  it('S17: the largest remainder gets the unit that is left, of equals the first', () => {
    expect(split(100, [1, 1, 1])).toEqual([34, 33, 33]);
    expect(split(10, [1, 2, 4])).toEqual([1, 3, 6]);
    expect(split(-100, [1, 1, 1])).toEqual([-34, -33, -33]);
    expect(split(5, [0, 1, 0])).toEqual([0, 5, 0]);
  });
  it.each([[[]], [[0, 0]], [[-1, 2]], [[0.5, 0.5]]])('S17: weights %j are refused', (all) =>
    expect(() => split(1, all)).toThrow(RangeError),
  );
});
