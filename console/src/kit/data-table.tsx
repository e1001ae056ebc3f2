import type { ReactNode } from 'react';

export interface Cells<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** Amounts and counts: digit below digit. */
  readonly align?: 'right';
}
const side = (align: 'right' | undefined): string => (align === 'right' ? 'text-right' : 'text-left');

/** A table of what a page has already: lines, sums, entries. A list of the contract is a `List`. */
export function DataTable<Row>({
  label,
  columns,
  rows,
  keyOf,
  foot,
}: {
  label: string;
  columns: readonly Cells<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** A cell for each column, below a line: sums. */
  foot?: readonly ReactNode[];
}) {
  return (
    <div className="overflow-x-auto" role="region" aria-label={label} tabIndex={0}>
      <table className="w-full border-collapse text-sm tabular-nums">
        <thead>
          <tr className="border-b border-line text-quiet">
            {columns.map(({ title, align }) => (
              <th key={title} scope="col" className={`px-4 py-2 font-medium whitespace-nowrap ${side(align)}`}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} className="border-b border-line last:border-0">
              {columns.map(({ title, cell, align }) => (
                <td key={title} className={`max-w-80 px-4 py-2 whitespace-nowrap ${side(align)}`}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        {foot && (
          <tfoot>
            <tr className="border-t-2 border-line font-semibold">
              {foot.map((cell, place) => (
                <td key={place} className={`px-4 py-2 whitespace-nowrap ${side(columns[place]?.align)}`}>
                  {cell}
                </td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}
