import { Badge, type Tone } from './ui.tsx';
import type { Schema } from './contract.ts';
import { digitsOf, toMajor } from './money.ts';

const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
interface Money {
  readonly amount: number;
  readonly currency: string;
}
const isMoney = (value: unknown): value is Money =>
  typeof value === 'object' && value !== null && 'amount' in value && 'currency' in value && typeof value.amount === 'number';
/** Minor units by the currency's own digits: 1250 EUR is 12.50, 1250 JPY is 1,250. */
export function money({ amount, currency }: Money): string {
  const digits = digitsOf(currency);
  const format = { style: 'currency', currency, minimumFractionDigits: digits, maximumFractionDigits: digits } as const;
  return new Intl.NumberFormat(undefined, format).format(toMajor(amount, currency) as `${number}`);
}
const isTime = (value: string, schema: Schema | undefined): boolean =>
  schema?.format === 'date-time' || /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value);

/** A value as plain text: what a cell shows, and what is exported. */
export function text(value: unknown, schema?: Schema): string {
  if (value === null || value === undefined) return '';
  if (isMoney(value)) return money(value);
  if (Array.isArray(value)) return value.every((item) => typeof item !== 'object') ? value.join(', ') : `${value.length}`;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string' && isTime(value, schema)) return DATE.format(new Date(value));
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
}

/** A time as people read it, in their own zone. */
export const time = (value: string): string => DATE.format(new Date(value));

const TONES: Readonly<Record<Exclude<Tone, 'plain'>, readonly string[]>> = {
  good: [
    'active',
    'completed',
    'delivered',
    'captured',
    'paid',
    'succeeded',
    'success',
    'verified',
    'enabled',
    'fulfilled',
    'ready',
    'ok',
    'won',
  ],
  wrong: [
    'failed',
    'suspended',
    'refused',
    'denied',
    'failure',
    'error',
    'dead',
    'disabled',
    'lost',
    'charged_back',
    'disputed',
    'open',
    'unknown',
  ],
  busy: ['pending', 'waiting', 'retrying', 'running', 'processing', 'authorized', 'requested', 'building', 'unpaid', 'creating'],
};
/** What a state is for whoever looks: good, wrong, under way, or just so. */
export const toneOf = (state: string): Tone =>
  (Object.keys(TONES) as (keyof typeof TONES)[]).find((tone) => TONES[tone].includes(state)) ?? 'plain';

export function Value({ value, schema }: { value: unknown; schema?: Schema | undefined }) {
  if (value === null || value === undefined || value === '') return <span className="text-quiet">–</span>;
  if (schema?.enum && typeof value === 'string') return <Badge tone={toneOf(value)}>{value.replaceAll('_', ' ')}</Badge>;
  if (typeof value === 'string' && isTime(value, schema))
    return (
      <time dateTime={value} title={value}>
        {text(value, schema)}
      </time>
    );
  if (typeof value === 'string' && /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(value)) return <code className="text-xs">{value}</code>;
  return <span>{text(value, schema)}</span>;
}
/** The same at its full length, where there is room. */
export function WholeValue({ value, schema }: { value: unknown; schema?: Schema | undefined }) {
  const nested =
    typeof value === 'object' &&
    value !== null &&
    !isMoney(value) &&
    (!Array.isArray(value) || value.some((item) => typeof item === 'object'));
  if (!nested) return <Value value={value} schema={schema} />;
  return <pre className="max-h-80 overflow-auto rounded bg-page p-3 text-xs whitespace-pre-wrap">{JSON.stringify(value, null, 2)}</pre>;
}
