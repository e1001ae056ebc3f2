import { Link } from '@tanstack/react-router';
import type { KeyboardEvent } from 'react';
import { words } from '../contract.ts';
import { Value } from '../values.tsx';
import { pageOf } from './address.ts';
import { type Column, valueAt } from './columns.ts';

type Row = Readonly<Record<string, unknown>>;

/** Arrows go from row to row, Enter opens one. */
function onArrow(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLAnchorElement>('tbody a')];
  const next = links[links.indexOf(document.activeElement as HTMLAnchorElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

export function Table({
  columns,
  rows,
  hrefOf,
  label,
}: {
  columns: readonly Column[];
  rows: readonly Row[];
  hrefOf: (row: Row) => string | undefined;
  label: string;
}) {
  return (
    <div className="overflow-x-auto" onKeyDown={onArrow} role="region" aria-label={label} tabIndex={0}>
      <table className="w-full border-collapse text-left text-sm">
        <thead>
          <tr className="border-b border-line text-quiet">
            {columns.map(({ name }) => (
              <th key={name} scope="col" className="px-4 py-2 font-medium whitespace-nowrap">
                {words(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => {
            const href = hrefOf(row);
            return (
              <tr key={href ?? index} className="border-b border-line last:border-0 hover:bg-page focus-within:bg-page">
                {columns.map(({ name, schema }, place) => {
                  const value = <Value value={valueAt(row, name)} schema={schema} />;
                  const content =
                    place === 0 && href !== undefined ? (
                      <Link {...pageOf(href)} className="font-medium text-accent underline-offset-2 hover:underline">
                        {value}
                      </Link>
                    ) : (
                      value
                    );
                  return (
                    <td key={name} className="max-w-72 truncate px-4 py-2 whitespace-nowrap tabular-nums">
                      {content}
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
