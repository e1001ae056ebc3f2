import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';

interface Row {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** One for each line. */
  readonly values: readonly (number | null)[];
}
const COLOURS = { accent: 'var(--accent)', good: 'var(--good)', wrong: 'var(--wrong)', quiet: 'var(--quiet)' } as const;
const MINUTE = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const SECOND = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const TICK = { fill: 'var(--quiet)', fontSize: 11 };

/** The least round number that is no smaller; where there is nothing to show, two. */
function roof(most: number): number {
  if (!(most > 0)) return 2;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 4, 6, 10].map((each) => each * power).find((each) => each >= most * 0.999) ?? most;
}

/** The picture of a chart. Nothing in it moves by itself: a line that is drawn anew every few seconds would never rest. */
export function ChartLines({
  lines,
  rows,
  format,
}: {
  lines: readonly { name: string; tone: keyof typeof COLOURS; dashed: boolean }[];
  rows: readonly Row[];
  format: (value: number) => string;
}) {
  const values = rows.flatMap((row) => row.values.map((value) => value ?? 0));
  const most = roof(Math.max(0, ...values));
  // Of what is counted there are no halves.
  const top = values.every(Number.isInteger) ? Math.max(2, most) : most;
  return (
    <ResponsiveContainer width="100%" height="100%">
      <LineChart data={[...rows]} margin={{ top: 4, right: 14, bottom: 0, left: 0 }} accessibilityLayer={false}>
        <CartesianGrid stroke="var(--line)" vertical={false} />
        <XAxis
          dataKey="at"
          type="number"
          scale="time"
          domain={['dataMin', 'dataMax']}
          tickFormatter={(at: number) => MINUTE.format(at)}
          tick={TICK}
          stroke="var(--line)"
          tickLine={false}
          minTickGap={48}
          height={24}
        />
        <YAxis
          width={58}
          domain={[0, top]}
          ticks={[0, top / 2, top]}
          tickFormatter={(value: number) => format(value)}
          tick={TICK}
          axisLine={false}
          tickLine={false}
        />
        <Tooltip
          isAnimationActive={false}
          cursor={{ stroke: 'var(--quiet)' }}
          content={({ active, payload }) => {
            const row = payload[0]?.payload as Row | undefined;
            if (!active || !row) return null;
            return (
              <div className="rounded border border-line bg-card px-3 py-2 text-xs shadow">
                <p className="text-quiet tabular-nums">{SECOND.format(row.at)}</p>
                {lines.map(({ name }, index) => {
                  const value = row.values[index] ?? null;
                  return (
                    <p key={name} className="flex justify-between gap-4">
                      {name}
                      <span className="tabular-nums">{value === null ? '–' : format(value)}</span>
                    </p>
                  );
                })}
              </div>
            );
          }}
        />
        {lines.map(({ name, tone, dashed }, index) => (
          <Line
            key={name}
            name={name}
            dataKey={({ values }: Row) => values[index] ?? null}
            stroke={COLOURS[tone]}
            strokeWidth={1.75}
            {...(dashed && { strokeDasharray: '5 4' })}
            type="linear"
            dot={false}
            connectNulls={false}
            isAnimationActive={false}
          />
        ))}
      </LineChart>
    </ResponsiveContainer>
  );
}
