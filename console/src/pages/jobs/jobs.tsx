import { useNavigate, useSearch } from '@tanstack/react-router';
import {
  Badge,
  buttonClass,
  List,
  Moment,
  PageHead,
  PageLink,
  type RowOf,
  Select,
  short,
  time,
  toneOf,
  useOperation,
} from '../../kit/index.ts';
import { RedriveButton } from './redrive.tsx';

export type Job = RowOf<'/api/v1/jobs'>;
const STATES: readonly (readonly [state: Job['state'] | '', title: string, empty: string])[] = [
  ['', 'All', 'There are no jobs yet'],
  ['waiting', 'Waiting', 'Nothing waits'],
  ['running', 'Running', 'Nothing runs'],
  ['retrying', 'Retrying', 'Nothing waits for its next attempt'],
  ['failed', 'Dead letters', 'There are no dead letters'],
  ['completed', 'Completed', 'Nothing was completed of late'],
  ['cancelled', 'Cancelled', 'Nothing was cancelled'],
];
const EVERY_MS = 5000;

/** Jobs by their state, the newest first. */
export function Page() {
  const { state = '', job } = useSearch({ strict: false }) as { readonly state?: string; readonly job?: string };
  const navigate = useNavigate();
  const queues = useOperation('jobs.queues', { watchMs: EVERY_MS });
  const [, title, empty] = STATES.find(([each]) => each === state) ?? STATES[0]!;
  const titleOf = (name: string): string => queues.data?.find((queue) => queue.job === name)?.title ?? name;
  const counted = queues.data?.filter((queue) => job === undefined || queue.job === job) ?? [];
  const count = (of: 'ready' | 'running' | 'dead'): number => counted.reduce((sum, queue) => sum + queue[of], 0);
  const counts: Readonly<Record<string, number>> = { running: count('running'), failed: count('dead') };
  return (
    <>
      <PageHead title="Jobs" lead={job === undefined ? undefined : titleOf(job)}>
        <PageLink to="/jobs/queues" className={buttonClass()}>
          Queues
        </PageLink>
        {state === 'failed' && (
          <RedriveButton job={job} {...(job !== undefined && { title: titleOf(job) })} dead={count('dead')}>
            Redrive all
          </RedriveButton>
        )}
      </PageHead>
      <nav aria-label="By state" className="mt-5 mb-4 flex gap-1 overflow-x-auto border-b border-line">
        {STATES.map(([each, name]) => (
          <PageLink
            key={each}
            to="/jobs"
            search={{ ...(each && { state: each }), ...(job !== undefined && { job }) }}
            current={each === state}
            className="-mb-px border-b-2 border-transparent px-3 py-2 text-sm whitespace-nowrap text-quiet hover:text-text aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-text"
          >
            {name}
            {(counts[each] ?? 0) > 0 && <span className="ml-1.5 text-xs tabular-nums">{counts[each]}</span>}
          </PageLink>
        ))}
      </nav>
      <label className="mb-4 flex flex-col gap-1 text-xs text-quiet sm:w-80">
        Queue
        <Select
          value={job ?? ''}
          onChange={({ target }) =>
            void navigate({ to: '.', search: { ...(state && { state }), ...(target.value && { job: target.value }) }, replace: true })
          }
        >
          <option value="">All queues</option>
          {queues.data
            ?.toSorted((a, b) => a.title.localeCompare(b.title))
            .map((queue) => (
              <option key={queue.job} value={queue.job}>
                {queue.title === queue.job ? queue.job : `${queue.title} (${queue.job})`}
              </option>
            ))}
        </Select>
      </label>
      <List
        of="/api/v1/jobs"
        key={`${state} ${job}`}
        title={title}
        within
        empty={job === undefined ? empty : `${empty} in this queue`}
        filters={[]}
        fixed={{ ...(state && { state }), ...(job !== undefined && { job }) }}
        refreshMs={EVERY_MS}
        columns={[
          { name: 'job', title: 'Job', cell: (row) => <span title={row.job}>{titleOf(row.job)}</span>, text: (row) => row.job },
          { name: 'state', title: 'State', cell: (row) => <State of={row} /> },
          { name: 'attempt', title: 'Attempt', cell: ({ attempt, attempts }) => `${attempt} of ${attempts}` },
          { name: 'createdAt', title: 'Enqueued', cell: ({ createdAt }) => <At at={createdAt} /> },
          { name: 'runAt', title: 'Runs at', cell: ({ runAt }) => <At at={runAt} />, hidden: state !== 'waiting' && state !== 'retrying' },
          { name: 'startedAt', title: 'Began', cell: ({ startedAt }) => <At at={startedAt} />, hidden: state !== 'running' },
          {
            name: 'finishedAt',
            title: 'Ended',
            cell: ({ finishedAt }) => <At at={finishedAt} />,
            hidden: state === 'waiting' || state === 'retrying' || state === 'running',
          },
          {
            name: 'id',
            title: 'Id',
            cell: ({ id }) => (
              <code className="text-xs" title={id}>
                {short(id)}
              </code>
            ),
            text: ({ id }) => id,
          },
          { name: 'key', hidden: true },
          { name: 'group', hidden: true },
          { name: 'priority', hidden: true },
        ]}
      />
    </>
  );
}
const At = ({ at }: { at: string | null }) => (at === null ? <span className="text-quiet">–</span> : <Moment at={at} />);
export const State = ({ of: { state, percent, runAt } }: { of: Pick<Job, 'state' | 'percent' | 'runAt'> }) => (
  <span title={state === 'retrying' ? `again at ${time(runAt)}` : undefined}>
    <Badge tone={toneOf(state)}>{state === 'failed' ? 'dead letter' : state}</Badge>
    {percent !== null && <span className="ml-2 text-xs text-quiet">{Math.round(percent)} %</span>}
  </span>
);
