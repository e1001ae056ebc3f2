import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdsCardNumber } from './cards.ts';

const CARDS = {
  Visa: '4242424242424242',
  'Visa of 19': '4000000000000000006',
  Mastercard: '5555555555554444',
  'Mastercard of the second range': '2223003122003222',
  'American Express': '378282246310005',
  Discover: '6011111111111117',
  'Diners Club': '30569309025904',
  JCB: '3566002020360505',
  UnionPay: '6200000000000005',
  Maestro: '6759649826438453',
};

describe('a card number', () => {
  it.each(Object.entries(CARDS))('of %s is found alone, in a string, as a number, nested, in a key, in words', (_issuer, number) => {
    for (const value of [number, { a: number }, { [number]: 1 }, { note: `it is ${number}.` }, `x\n${number}\ty`])
      expect(holdsCardNumber(JSON.stringify(value)), JSON.stringify(value)).toBe(true);
  });
  it('is found as a number that JavaScript cannot hold', () => {
    for (const number of Object.values(CARDS)) expect(holdsCardNumber(`{"a":[{"b":${number}}]}`)).toBe(true);
  });
  it.each([
    '4242 4242 4242 4242',
    '4242-4242-4242-4242',
    '4242.4242.4242.4242',
    '4242\u00a04242\u00a04242\u00a04242',
    '4242\u20114242\u20114242\u20114242',
    '3782 822463 10005',
    '3056 930902 5904',
    '４２４２４２４２４２４２４２４２',
  ])('is found as it is printed and typed: %s', (text) => expect(holdsCardNumber(JSON.stringify({ text }))).toBe(true));
  it.each([
    '4242 4242 4242 4242 123',
    '4242 4242 4242 4242 12/27',
    '4242 4242 4242 4242 12/27 123',
    '4242 4242 4242 4242, 12/27',
    '4242-4242-4242-4242-123',
    '4242424242424242-123',
    '4242424242424242/123',
    '4242424242424242/12/2027',
    '4242424242424242 1227 123',
    '5555 5555 5555 4444 987',
    '3782 822463 10005 1234',
    '3782-822463-10005-1234',
    '2027 4242 4242 4242 4242',
    '12/27 4242 4242 4242 4242',
    'card of 2027: 4242 4242 4242 4242',
    'call 0171 1234567 or charge 4242 4242 4242 4242',
  ])('is found with its date and code, on either side: %s', (text) => expect(holdsCardNumber(JSON.stringify({ text }))).toBe(true));
  it.each([
    '4242  4242  4242  4242',
    '4242\t4242\t4242\t4242',
    '4242\n4242\n4242\n4242',
    '4242\r\n4242\r\n4242\r\n4242',
    '4242/4242/4242/4242',
    '4242_4242_4242_4242',
    '4242 - 4242 - 4242 - 4242',
    '42424242 42424242',
    '424242424242 4242',
    '4242 42424242 4242',
    '4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2',
    '4000 0000 0000 0000 006',
    'items:\n-4242424242424242',
    'paid:\n4242 4242 4242 4242\n5555 5555 5555 4444',
  ])('is found however it is divided: %j', (text) => {
    expect(holdsCardNumber(JSON.stringify({ text }))).toBe(true);
    expect(holdsCardNumber(text)).toBe(true); // a value of a form
  });
  it.each([
    'Visa-4242424242424242',
    'No.4242424242424242',
    'card_4242424242424242',
    'PAN4242424242424242',
    'cc-4242-4242-4242-4242',
    '+4242 4242 4242 4242',
    'DE89 3704 0044 0532 0130 00, 4242 4242 4242 4242',
    '42424242-4242-4242-4242-424242424242 4242 4242 4242 4242',
  ])('is found behind what names it, and beside other numbers: %s', (text) => expect(holdsCardNumber(JSON.stringify({ text }))).toBe(true));
  it('is found as a number with decimals', () => {
    for (const text of ['4242424242424242.0', '4242424242424242.00', '[4242424242424242.0, 1]'])
      expect(holdsCardNumber(`{"a":${text}}`), text).toBe(true);
  });
  it('is found behind escapes of JSON', () => {
    const escaped = '4242424242424242'
      .split('')
      .map((digit) => `\\u003${digit}`)
      .join('');
    expect(holdsCardNumber(`{"a":"${escaped}"}`)).toBe(true);
    expect(holdsCardNumber('{"a":"4242\\u00204242\\u00204242\\u00204242"}')).toBe(true);
    expect(holdsCardNumber('{"a":"\\n4242424242424242"}')).toBe(true);
  });
  it('is found in a body that is not JSON', () => expect(holdsCardNumber('{"card": 4242424242424242')).toBe(true));
  it('is found wherever it stands in a long body', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.string({ maxLength: 200 }), (before, behind) => {
        expect(holdsCardNumber(JSON.stringify([before, '4242424242424242', behind]))).toBe(true);
      }),
    );
  });
});

describe('what is no card number', () => {
  it.each([
    ['fails the check digit', '4242424242424241'],
    ['is of no issuer', '1234567890123452'],
    ['is a UUID of ours', '01a1fd92-f46b-72af-bca5-457b0f96511f'],
    ['is a UUID all of digits', '42424242-4242-4242-4242-424242424242'],
    ['is glued to letters', 'pi_4242424242424242'],
    ['is in a hash', 'a4242424242424242f'],
    ['is a time in milliseconds', 1_763_719_200_000],
    ['is a time in microseconds', '1763719200000000'],
    ['is a time', '2026-01-01T09:00:00.123456Z'],
    ['is a place', '[48.4242424242424242, 4.242424242424242]'],
    ['is a telephone number', '+4242424242424242'],
    ['is a barcode', '4006381333931'],
    ['is our largest amount', 1_000_000_000_000],
    ['has two digits too few', '424242424242'],
    ['is longer than cards are', '42424242424242424242'],
    ['is the id of an order', 'order-4242424242424242'],
    ['is the id of a line of one', '4242424242424242-0001'],
    ['is a code of five groups', '4242-4242-4242-4242-4242'],
    ['is a code in the middle of one', '1234-4242-4242-4242-4242'],
    ['is an id of words', 'ab12-4242-4242-4242-4242'],
    ['is the name of a file', '4242424242424242.jpg'],
    ['is the end of a decimal, before another', '48.4242424242424242 4.2'],
    ['is the end of a UUID', '0a1bfd92-4242-4242-4242-424242424242'],
    ['is an IBAN', 'DE47 5001 2338 3648 9059 78'],
    ['is an IBAN, in words', 'To FR16 3000 0333 4581 4417 7099 042, please'],
    ['is a number of a container, SSCC', '360000000000000081'],
    ['is a table of four digits', '4242 4242 4242 4242 4242 4242 4242 4242'],
    ['is a column of them', '4242\n4242\n4242\n4242\n4242\n4242\n4242'],
    ['is a list of numbers', [4242, 4242, 4242, 4242]],
    ['is a list of numbers, in words', '4242, 4242, 4242, 4242'],
    ['is telephone numbers', '0171 1234567, 0049 171 7654321, +49 171 12345678'],
    ['is times', '2026-11-21 16:18:29 2026/11/21 16:20'],
    ['is the number of an order at a market', '302-1234567-1234567'],
  ])('%s', (_what, value) => expect(holdsCardNumber(JSON.stringify({ value }))).toBe(false));
  it('is any UUID, time or base64', () => {
    fc.assert(
      fc.property(
        fc.uuid(),
        fc.date({ min: new Date('2001-09-09T02:00:00Z'), max: new Date('2033-01-01'), noInvalidDate: true }),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        (id, at, bytes) => {
          expect(holdsCardNumber(JSON.stringify({ id, at, ms: at.getTime(), hex: Buffer.from(bytes).toString('hex') }))).toBe(false);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
