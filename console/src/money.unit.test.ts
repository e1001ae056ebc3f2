import { expect, test } from 'vitest';
import { CURRENCIES, exponentOf, toDecimal } from '../../core/src/payments/money.ts';
import { digitsOf, toMajor, toMinor } from './money.ts';

test('S15: an amount that is typed is sent in minor units of the currency, exactly, in every currency; what is none is not sent', () => {
  for (const currency of CURRENCIES) {
    expect([currency, digitsOf(currency)]).toEqual([currency, exponentOf(currency)]);
    for (const amount of [0, 1, 9, 10, 99, 100, 1005, 1250, 123_456_789, 999_999_999_999]) {
      expect(toMajor(amount, currency)).toBe(toDecimal({ amount, currency }));
      expect(toMinor(toMajor(amount, currency), currency)).toEqual({ amount });
    }
  }
  const read = (typed: string, currency: string) => toMinor(typed, currency).amount;
  expect([read('12.5', 'EUR'), read('12', 'EUR'), read(' 12,50 ', 'EUR'), read('1250', 'JPY'), read('12.5', 'KWD')]).toEqual([
    1250, 1200, 1250, 1250, 12_500,
  ]);
  // As floats these are 4.35 × 100 = 434.99999999999994 and 1.005 × 1000 = 1004.9999999999999.
  expect([read('4.35', 'EUR'), read('1.005', 'KWD'), read('9007199254740.99', 'EUR')]).toEqual([435, 1005, 900719925474099]);
  for (const [typed, currency] of [
    ['12.505', 'EUR'],
    ['12.5', 'JPY'],
    ['1,250', 'KWD'],
    ['1,250', 'EUR'],
    ['1.250,00', 'EUR'],
    ['-5', 'EUR'],
    ['1e3', 'EUR'],
    ['€5', 'EUR'],
    ['5.', 'EUR'],
    ['.5', 'EUR'],
    ['', 'EUR'],
    ['900719925474099.99', 'EUR'],
  ] as const)
    // prettier-ignore
    expect([typed, toMinor(typed, currency)]).toEqual([typed, { problem: expect.any(String) }]);
});
