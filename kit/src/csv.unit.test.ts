import { expect, test } from 'vitest';
import { csvCell, csvLine, digits } from './csv.ts';

test('S114: no text is a formula, in either width, behind blanks, tabs, line ends and semicolons', () => {
  expect(['=1+1', '+1', '-1', '@SUM(A1)', ' =1', '＝1', '＋1', '－1', '＠a'].map(csvCell)).toEqual([
    `"'=1+1"`, `"'+1"`, `"'-1"`, `"'@SUM(A1)"`, `"' =1"`, `"'＝1"`, `"'＋1"`, `"'－1"`, `"'＠a"`,
  ]); // prettier-ignore
  expect(['\t=1', '\r=1', '\r\n+1', '\u2028@'].map(csvCell)).toEqual(['"\\u0009=1"', '"\\u000d=1"', '"\\u000d\\u000a+1"', '"\\u2028@"']);
  expect(['a;=1', 'a; "@1'].map(csvCell)).toEqual([`"a;'=1"`, `"a;' ""@1"`]);
  expect(csvCell({ note: ';-1;;+1' })).toBe(`"{""note"":"";'-1;;'+1""}"`);
});
test('S114: numbers stay numbers, also below zero; text that looks like one stays text', () => {
  expect(csvLine([-5, 0, 12, digits('-12.50'), digits('1250'), '-12.50', 1.5, NaN, 2 ** 60])).toBe(
    `-5,0,12,-12.50,1250,"'-12.50","1.5","null","1152921504606847000"\r\n`,
  );
  for (const text of ['=1', '1e5', '1;=1', '', '+1', ' 1', '1.', '٣']) expect(() => digits(text)).toThrow(RangeError);
});
test('quotes, commas and line ends are RFC 4180’s; nothing is an empty cell', () => {
  expect(csvLine(['a "b"', 'c,d', 'e\r\nf', '', null, undefined, true])).toBe('"a ""b""","c,d","e\\u000d\\u000af","",,,"true"\r\n');
});
