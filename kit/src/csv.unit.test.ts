import { expect, test } from 'vitest';
import { csvCell, csvLine, digits, inPieces } from './csv.ts';

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
test('pieces are made as they are taken, and hold everything once', async () => {
  let made = 0;
  const source = async function* () {
    for (; made < 1000; made++) yield `${made}\n`;
  };
  const pieces: string[] = [];
  for await (const piece of inPieces(source(), 100)) {
    pieces.push(piece);
    if (pieces.length === 1) expect(made).toBeLessThan(100);
  }
  expect(pieces.join('')).toBe(Array.from({ length: 1000 }, (_, i) => `${i}\n`).join(''));
  expect(pieces.slice(0, -1).every(({ length }) => length >= 100 && length < 110)).toBe(true);
});
