import { Card, Loaded, Notice, PageHead, PageLink, type RowOf, span, time, useOperation } from '../../kit/index.ts';
import { Table } from '../../resource/table.tsx';

type Schedule = RowOf<'/api/v1/jobs/schedules'>;
const EVERY_MS = 10_000;
const MISSED: Readonly<Record<string, string>> = { once: 'one run', each: 'a run each', skip: 'none' };

/** What is enqueued by itself: when it was last, and when it is next. */
export function Page() {
  const schedules = useOperation('jobs.schedules', { watchMs: EVERY_MS });
  const queues = useOperation('jobs.queues');
  const titleOf = (job: string): string => queues.data?.find((queue) => queue.job === job)?.title ?? job;
  return (
    <>
      <PageHead title="Schedules" lead="Each is enqueued once at its times, however many nodes run. Times are shown in your own zone." />
      <Card className="mt-5 overflow-hidden">
        <Loaded query={schedules} rows={12}>
          {(all) =>
            all.length === 0 ? (
              <Notice title="Nothing is scheduled" />
            ) : (
              <Table
                label="Schedules"
                rows={all.toSorted((a, b) => (a.next[0] ?? '').localeCompare(b.next[0] ?? ''))}
                hrefOf={() => undefined}
                columns={columnsOf(titleOf) as never}
              />
            )
          }
        </Loaded>
      </Card>
    </>
  );
}
const columnsOf = (titleOf: (job: string) => string) => [
  {
    name: 'job',
    title: 'Job',
    cell: ({ job }: Schedule) => (
      <div className="max-w-48 sm:max-w-sm">
        <PageLink to="/jobs" search={{ job }} className="block truncate font-medium text-accent underline-offset-2 hover:underline">
          {titleOf(job)}
        </PageLink>
        <span className="text-xs text-quiet">{job}</span>
      </div>
    ),
  },
  {
    name: 'cron',
    title: 'When',
    cell: ({ cron, timezone }: Schedule) => (
      <>
        <code className="text-xs">{cron}</code>
        <span className="block text-xs text-quiet">{timezone}</span>
      </>
    ),
  },
  {
    name: 'lastAt',
    title: 'Last',
    cell: ({ lastAt, lastJob }: Schedule) =>
      lastAt === null ? (
        <span className="text-quiet">never</span>
      ) : lastJob === null ? (
        time(lastAt)
      ) : (
        <PageLink to={`/jobs/${lastJob}`}>{time(lastAt)}</PageLink>
      ),
  },
  {
    name: 'next',
    title: 'Next',
    cell: ({ next }: Schedule) => {
      const [first, ...others] = next;
      if (first === undefined) return <span className="text-quiet">–</span>;
      return (
        <details>
          <summary>
            {time(first)} <span className="text-xs text-quiet">in {span(Math.max(0, Date.parse(first) - Date.now()))}</span>
          </summary>
          <ul className="mt-1 pl-4 text-xs text-quiet">
            {others.map((at) => (
              <li key={at}>{time(at)}</li>
            ))}
          </ul>
        </details>
      );
    },
  },
  { name: 'missed', title: 'After an outage', cell: ({ missed }: Schedule) => MISSED[missed] ?? missed },
];
