/**
 * One cell. A spreadsheet takes what begins with one of these for a formula, and runs it (OWASP, CSV injection); full-width forms too.
 * A number is no formula.
 */
const isFormula = (value: string): boolean => /^[=+\-@\t\r＝＋－＠]/.test(value) && !/^[+-]?\d+([.,]\d+)?$/.test(value);
function cell(value: string): string {
  const safe = isFormula(value) ? `'${value}` : value;
  return /[",\n\r;]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
export const csv = (rows: readonly (readonly string[])[]): string => rows.map((row) => row.map(cell).join(',')).join('\r\n');

export function download(name: string, content: string | Blob): void {
  const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type: 'text/csv;charset=utf-8' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}
