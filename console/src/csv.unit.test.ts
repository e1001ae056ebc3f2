import { expect, test } from 'vitest';
import { csv } from './csv.ts';

test('S114: what a spreadsheet would run is text in it, in every form; numbers stay numbers', () => {
  const dangerous = ['=1+1', '+1+1', '-2+3', '@SUM(A1)', '\tx', '\rx', '＝1+1', '＋1', '－1x', '＠x'];
  for (const line of dangerous) expect(csv([[line]]).replace(/^"/, '')[0]).toBe("'");
  expect(csv([['-12.50', '+3', '42', 'a=b']])).toBe('-12.50,+3,42,a=b');
});
test('commas, quotes and lines stay in their cell', () => {
  expect(
    csv([
      ['a,b', 'say "no"', 'one\ntwo'],
      ['x', '', 'y;z'],
    ]),
  ).toBe('"a,b","say ""no""","one\ntwo"\r\nx,,"y;z"');
});
