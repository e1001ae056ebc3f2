// CSV that people open in a spreadsheet: RFC 4180, and nothing in it is run.

/** A number by its digits: `-12.50`. Only what is made of digits is written bare, so a number below zero stays one. */
class Digits {
  readonly text: string;
  constructor(text: string) {
    if (!/^-?\d+(\.\d+)?$/.test(text)) throw new RangeError(`'${text}' is no number in digits`);
    this.text = text;
  }
}
/** An amount or another exact number, for `csvLine`. @throws RangeError for anything else */
export const digits = (text: string): Digits => new Digits(text);

// What a spreadsheet begins a formula with, in both widths, also behind blanks (OWASP, CSV injection; B146, S114).
const FORMULA = /^\s*[=+\-@＝＋－＠]/;
// Where lists are divided by semicolons a spreadsheet ends the cell there, quotes or not.
const INNER_FORMULA = /;(?=[\s"]*[=+\-@＝＋－＠])/g;
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;
const escaped = (text: string): string => text.replace(CONTROL, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** One cell. Text is in quotes, on one line, and never a formula: an apostrophe goes before it. Objects are JSON; null is empty. */
export function csvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Digits) return value.text;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  const text = escaped(typeof value === 'string' ? value : JSON.stringify(value)).replace(INNER_FORMULA, ";'");
  return `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}
export const csvLine = (values: readonly unknown[]): string => `${values.map(csvCell).join(',')}\r\n`;
