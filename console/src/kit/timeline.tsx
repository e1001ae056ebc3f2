import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { pageOf } from '../resource/address.ts';
import { Badge, type Tone } from '../ui.tsx';
import { KindIcon } from './timeline-icons.tsx';

export interface TimelineStep {
  readonly id: string;
  /** ISO-8601. */
  readonly at: string;
  /** What sort of step: `request`, `fact`, `job`. */
  readonly kind: string;
  readonly title: string;
  readonly state?: { readonly name: string; readonly tone: Tone } | undefined;
  /** How far it is led to by others: 0 is a beginning. */
  readonly depth?: number;
  readonly note?: ReactNode;
  /** Its page, as a path of the API. */
  readonly href?: string | undefined;
  /** Filters of that page. */
  readonly search?: Readonly<Record<string, string>> | undefined;
  /** It is what was asked for. */
  readonly marked?: boolean;
}
const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 });
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
/** Between what is said of a step: it stands at the end of a line, not at the beginning of the next. */
export const DOT = '\u00A0· ';
/** `1.2 s` */
export function span(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  return ms < 172_800_000 ? `${(ms / 3_600_000).toFixed(1)} h` : `${Math.round(ms / 86_400_000)} d`;
}
// A step within each other: written out, so that they are found when the styles are made.
const INDENTS = [
  'pl-0',
  'pl-1.5 sm:pl-5',
  'pl-3 sm:pl-10',
  'pl-4.5 sm:pl-15',
  'pl-6 sm:pl-20',
  'pl-7.5 sm:pl-25',
  'pl-9 sm:pl-30',
  'pl-10.5 sm:pl-35',
  'pl-12 sm:pl-40',
  'pl-13.5 sm:pl-45',
  'pl-15 sm:pl-50',
];
const TITLE = 'text-accent underline-offset-2 hover:underline';

function Row({ step, first, day }: { step: TimelineStep; first: string; day: boolean }) {
  const at = new Date(step.at);
  const { kind, title, state, depth = 0, note, href, search = {}, marked = false } = step;
  return (
    <li className={`relative py-2.5 ${INDENTS[Math.min(depth, INDENTS.length - 1)]}`} aria-current={marked ? 'true' : undefined}>
      <div className="grid grid-cols-[1.75rem_minmax(0,1fr)] gap-x-3 gap-y-0.5 sm:grid-cols-[1.75rem_minmax(0,1fr)_auto]">
        <span
          className={`flex size-7 items-center justify-center rounded-full border bg-card ${marked ? 'border-accent text-accent' : 'border-line text-quiet'}`}
        >
          <KindIcon kind={kind} />
        </span>
        <div className="min-w-0 text-sm">
          <div className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
            <span className="min-w-0 font-medium break-words">
              {href === undefined ? (
                title
              ) : (
                <Link {...pageOf(href)} search={search} className={TITLE}>
                  {title}
                </Link>
              )}
            </span>
            {state && <Badge tone={state.tone}>{state.name}</Badge>}
          </div>
          <div className="mt-0.5 text-xs break-words text-quiet">
            {kind}
            {note !== undefined && DOT}
            {note}
          </div>
        </div>
        <time
          dateTime={step.at}
          title={step.at}
          className="col-start-2 flex flex-wrap gap-x-2 text-xs whitespace-nowrap text-quiet tabular-nums sm:col-start-3 sm:block sm:text-right"
        >
          <span className="sm:block sm:text-text">+{span(at.getTime() - Date.parse(first))}</span>
          <span>{day ? `${DAY.format(at)} ${TIME.format(at)}` : TIME.format(at)}</span>
        </time>
      </div>
    </li>
  );
}

/** What happened, in order; what was led to by something stands further in. */
export function TimelineView({ steps, label }: { steps: readonly TimelineStep[]; label: string }) {
  const first = steps.reduce((earliest, { at }) => (at < earliest ? at : earliest), steps[0]?.at ?? '');
  const days = new Set(steps.map(({ at }) => DAY.format(new Date(at))));
  return (
    <ol aria-label={label} className="flex flex-col divide-y divide-line">
      {steps.map((step) => (
        <Row key={step.id} step={step} first={first} day={days.size > 1} />
      ))}
    </ol>
  );
}
