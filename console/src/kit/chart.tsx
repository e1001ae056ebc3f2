import { lazy, Suspense } from 'react';
import { Card } from '../ui.tsx';

export interface ChartLine<Point> {
  readonly name: string;
  /** Null: not known at that time, and a gap in the line. */
  readonly of: (point: Point) => number | null;
  readonly tone: 'accent' | 'good' | 'wrong' | 'quiet';
  /** Told apart by more than colour. */
  readonly dashed?: boolean;
}
export interface ChartProps<Point extends { readonly at: string }> {
  readonly title: string;
  /** The oldest first. */
  readonly points: readonly Point[];
  readonly lines: readonly ChartLine<Point>[];
  /** A value as people read it, with its unit. */
  readonly format: (value: number) => string;
}
/** Drawn by a library that comes with the first chart. */
const Lines = lazy(async () => ({ default: (await import('./chart-lines.tsx')).ChartLines }));
const STROKES = { accent: 'border-accent', good: 'border-good', wrong: 'border-wrong', quiet: 'border-quiet' } as const;

/** Lines over time. What they say now stands in words above them, so that nobody has to see the picture. */
export function Chart<Point extends { readonly at: string }>({ title, points, lines, format }: ChartProps<Point>) {
  const newest = points.at(-1);
  return (
    <Card className="min-w-0 p-4">
      <figure>
        <figcaption>
          <h3 className="text-sm font-medium">{title}</h3>
          <ul className="mt-1 flex flex-wrap gap-x-4 text-xs text-quiet">
            {lines.map(({ name, of, tone, dashed }) => {
              const value = newest === undefined ? null : of(newest);
              return (
                <li key={name} className="flex items-center gap-1.5">
                  <span aria-hidden className={`w-4 border-t-2 ${STROKES[tone]} ${dashed ? 'border-dashed' : ''}`} />
                  {name}
                  <span className="min-w-12 font-medium text-text tabular-nums">{value === null ? '–' : format(value)}</span>
                </li>
              );
            })}
          </ul>
        </figcaption>
        <div aria-hidden className="mt-3 h-44">
          <Suspense fallback={<div className="h-full animate-pulse rounded bg-line/40" />}>
            <Lines
              lines={lines.map(({ name, tone, dashed }) => ({ name, tone, dashed: dashed === true }))}
              rows={points.map((point) => ({ at: Date.parse(point.at), values: lines.map(({ of }) => of(point)) }))}
              format={format}
            />
          </Suspense>
        </div>
      </figure>
    </Card>
  );
}
