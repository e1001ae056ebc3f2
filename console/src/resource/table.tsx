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
  const links = [...event.currentTarget.querySelectorAll<HTMLAnchorElement>('tbody td:first-child a')];
  const next = links[links.indexOf(document.activeElement as HTMLAnchorElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
export interface Order {
  /** What the list can be ordered by: `createdAt`, `-createdAt`. */
  readonly choices: readonly string[];
  readonly current: string | undefined;
  readonly choose: (order: string) => void;
}

export function Table({
  columns,
  rows,
  hrefOf,
  label,
  order,
}: {
  columns: readonly Column[];
  rows: readonly Row[];
  hrefOf: (row: Row) => string | undefined;
  label: string;
  order?: Order | undefined;
}) {
  return (
    <div className="overflow-x-auto" onKeyDown={onArrow} role="region" aria-label={label} tabIndex={0}>
      <table className="w-full border-collapse text-left text-sm">
        <thead>
          <tr className="border-b border-line text-quiet">
            {columns.map((column) => (
              <Head key={column.name} column={column} order={order} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => {
            const href = hrefOf(row);
            return (
              <tr key={href ?? index} className="border-b border-line last:border-0 hover:bg-page focus-within:bg-page">
                {columns.map(({ name, schema, cell, align }, place) => {
                  const value = cell ? cell(row) : <Value value={valueAt(row, name)} schema={schema} />;
                  const content =
                    place === 0 && href !== undefined ? (
                      <Link {...pageOf(href)} className="font-medium text-accent underline-offset-2 hover:underline">
                        {value}
                      </Link>
                    ) : (
                      value
                    );
                  return (
                    <td
                      key={name}
                      className={`max-w-72 truncate px-4 py-2 whitespace-nowrap tabular-nums ${align === 'right' ? 'text-right' : ''}`}
                    >
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

/** Clicked, it orders by this column; again, the other way round. */
function Head({ column: { name, title = words(name), align }, order }: { column: Column; order: Order | undefined }) {
  const ways = [`-${name}`, name].filter((way) => order?.choices.includes(way));
  const at = order?.current === undefined ? -1 : ways.indexOf(order.current);
  const down = order?.current?.startsWith('-');
  return (
    <th
      scope="col"
      className={`px-4 py-2 font-medium whitespace-nowrap ${align === 'right' ? 'text-right' : ''}`}
      {...(at >= 0 && { 'aria-sort': down ? 'descending' : 'ascending' })}
    >
      {ways.length === 0 ? (
        title
      ) : (
        <button type="button" className="hover:text-text" onClick={() => order!.choose(ways[(at + 1) % ways.length]!)}>
          {title}
          <span aria-hidden className="ml-1 inline-block w-3">
            {at < 0 ? '' : down ? '↓' : '↑'}
          </span>
        </button>
      )}
    </th>
  );
}
