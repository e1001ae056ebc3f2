import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { pageOf } from '../resource/address.ts';
import { Badge, type Tone } from '../ui.tsx';

export interface TimelineStep {
  readonly id: string;
  /** ISO-8601. */
  readonly at: string;
  /** What sort of step: `HTTP`, `fact`, `job`. */
  readonly kind: string;
  readonly title: string;
  readonly state?: { readonly name: string; readonly tone: Tone } | undefined;
  /** How far it is led to by others: 0 is a beginning. */
  readonly depth?: number;
  readonly note?: ReactNode;
  /** Its page, as a path of the API. */
  readonly href?: string | undefined;
}
const TIME = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
/** `+1.2 s` after the first. */
function offset(from: string, to: string): string {
  const ms = Date.parse(to) - Date.parse(from);
  if (ms < 1000) return `+${ms} ms`;
  if (ms < 60_000) return `+${(ms / 1000).toFixed(1)} s`;
  return ms < 3_600_000 ? `+${Math.round(ms / 60_000)} min` : `+${(ms / 3_600_000).toFixed(1)} h`;
}
const INDENTS = ['', 'ml-4', 'ml-8', 'ml-12', 'ml-16'];

/** What happened, in order; what was led to by something stands further in. */
export const TimelineView = ({ steps, label }: { steps: readonly TimelineStep[]; label: string }) => (
  <ol aria-label={label} className="flex flex-col">
    {steps.map((step) => (
      <li key={step.id} className={`border-l-2 border-line py-2 pl-4 ${INDENTS[Math.min(step.depth ?? 0, INDENTS.length - 1)]}`}>
        <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1 text-sm">
          <span className="w-16 shrink-0 text-xs text-quiet">{step.kind}</span>
          <span className="min-w-0 font-medium break-words">
            {step.href === undefined ? (
              step.title
            ) : (
              <Link {...pageOf(step.href)} className="text-accent underline-offset-2 hover:underline">
                {step.title}
              </Link>
            )}
          </span>
          {step.state && <Badge tone={step.state.tone}>{step.state.name}</Badge>}
          <time dateTime={step.at} title={step.at} className="ml-auto text-xs text-quiet tabular-nums">
            {TIME.format(new Date(step.at))} · {offset(steps[0]!.at, step.at)}
          </time>
        </div>
        {step.note !== undefined && <div className="mt-1 text-sm text-quiet">{step.note}</div>}
      </li>
    ))}
  </ol>
);
