import type { ReactNode } from 'react';
import { type Contract, plain, type Schema, typeOf } from '../contract.ts';

type Row = Readonly<Record<string, unknown>>;
export interface Column<Of = Row> {
  /** Where in a thing: `price`, `what.title`. Clicking its head orders by it, where the operation's `sort` knows the name. */
  readonly name: string;
  /** Of its head; absent: the name in words. */
  readonly title?: string;
  /** What the cell shows; absent: the value by its schema. */
  readonly cell?: (row: Of) => ReactNode;
  /** The same for a file; absent: the value as text. */
  readonly text?: (row: Of) => string;
  /** Not shown until somebody chooses it. */
  readonly hidden?: boolean;
  /** Amounts and counts stand at the right, digit below digit. */
  readonly align?: 'right';
  readonly schema?: Schema;
}
type Known = Column & { readonly schema: Schema };
const MOST = 7;
/** What things are called, then what state they are in. */
const NAMES = ['displayName', 'name', 'label', 'title', 'number', 'sku', 'email', 'job', 'event', 'slug', 'url'];
const STATES = new Set(['status', 'state', 'outcome', 'paused']);
/** For the page of one, or for programs. */
const LEFT_OUT = new Set(['version', 'updatedAt', 'description', 'userAgent', 'requestId', 'traceId', 'decisionId']);

const last = (name: string): string => name.slice(name.lastIndexOf('.') + 1);
const isTime = ({ name, schema }: Known): boolean => schema.format === 'date-time' || last(name) === 'when' || name.endsWith('At');
const isMoney = ({ properties }: Schema): boolean => properties !== undefined && 'amount' in properties && 'currency' in properties;

function rank(column: Known): number {
  const name = last(column.name);
  const type = typeOf(column.schema);
  if (NAMES.includes(name)) return NAMES.indexOf(name) + (column.name === name ? 0 : 0.5);
  if (STATES.has(name)) return 20;
  if (isTime(column)) return 90;
  if (name === 'id' || name.endsWith('Id')) return 80;
  if (type === 'boolean') return 70;
  return column.schema.enum ? 30 : type === 'object' ? 40 : type === 'string' ? 50 : 60;
}
/** What fits into a cell; of a thing inside the thing, its own names, states and actors. */
function flat(contract: Contract, name: string, given: Schema): Known[] {
  const schema = plain(contract, given);
  const type = typeOf(schema);
  if (LEFT_OUT.has(name)) return [];
  if (type === 'array') return typeOf(contract.resolve(schema.items ?? {})) === 'string' ? [{ name, schema }] : [];
  if (type !== 'object' || isMoney(schema)) return [{ name, schema }];
  return Object.entries(schema.properties ?? {})
    .filter(([inner]) => NAMES.includes(inner) || STATES.has(inner) || inner === 'actor')
    .map(([inner, property]) => ({ name: `${name}.${inner}`, schema: plain(contract, property) }));
}

/** The columns of a table for things of this schema: the first are shown, the others can be chosen. */
export function columnsOf(contract: Contract, item: Schema, rows: readonly Row[]): Known[] {
  const declared = Object.entries(item.properties ?? {});
  const known = declared.length > 0 ? declared : Object.keys(rows[0] ?? {}).map((name) => [name, {}] as [string, Schema]);
  const sorted = known.flatMap(([name, schema]) => flat(contract, name, schema)).toSorted((a, b) => rank(a) - rank(b));
  const times = sorted.filter(isTime);
  const time = times.find(({ name }) => name === 'createdAt') ?? times[0];
  const rest = sorted.filter((column) => !isTime(column));
  const named = rest.filter((column) => rank(column) < 80);
  // An id is a name for programs: it stands where little else does.
  const chosen = (named.length > 2 ? named : rest).slice(0, time ? MOST - 1 : MOST);
  const shown = time ? [...chosen, time] : chosen;
  const others = sorted.filter((column) => !shown.includes(column));
  return [...shown, ...others.map(({ name, schema }) => ({ name, schema, hidden: true }))];
}
/** Columns that a page names, with the schema of what stands there. */
export const withSchemas = (contract: Contract, item: Schema, columns: readonly Column[]): Column[] =>
  columns.map((column) => ({ schema: schemaAt(contract, item, column.name), ...column }));
const schemaAt = (contract: Contract, item: Schema, name: string): Schema =>
  name.split('.').reduce((schema, part) => plain(contract, schema.properties?.[part] ?? {}), item);
export const valueAt = (row: Row, name: string): unknown =>
  name.split('.').reduce<unknown>((value, part) => (typeof value === 'object' && value !== null ? (value as Row)[part] : undefined), row);
