import {
  Badge,
  buttonClass,
  Card,
  Figure,
  Loaded,
  OperationButton,
  PageHead,
  PageLink,
  type RowOf,
  span,
  useOperation,
} from '../../kit/index.ts';
import { Table } from '../../resource/table.tsx';
import { RedriveButton } from './redrive.tsx';

type Queue = RowOf<'/api/v1/jobs/queues'>;
const EVERY_MS = 2000;

/** What waits, runs and failed, a row each queue; read again every two seconds. */
export function Page() {
  const queues = useOperation('jobs.queues', { watchMs: EVERY_MS });
  return (
    <Loaded query={queues} rows={16}>
      {(all) => <Overview queues={all} />}
    </Loaded>
  );
}
function Overview({ queues }: { queues: readonly Queue[] }) {
  const sum = (of: 'ready' | 'delayed' | 'running' | 'dead'): number => queues.reduce((total, queue) => total + queue[of], 0);
  const oldest = Math.max(0, ...queues.map(({ oldestSeconds }) => oldestSeconds ?? 0));
  const paused = queues.filter((queue) => queue.paused).length;
  const dead = sum('dead');
  return (
    <>
      <PageHead title="Queues" lead={paused === 0 ? undefined : `${paused} paused`}>
        <RedriveButton dead={dead}>Redrive all</RedriveButton>
        <PageLink to="/jobs" className={buttonClass()}>
          All jobs
        </PageLink>
      </PageHead>
      <div className="mt-5 grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Figure name="Ready" note={oldest > 0 ? `the oldest waits ${span(oldest * 1000)}` : 'nothing waits'}>
          {sum('ready').toLocaleString()}
        </Figure>
        <Figure name="Delayed" note="for their time or next attempt">
          {sum('delayed').toLocaleString()}
        </Figure>
        <Figure name="Running" note="on all nodes">
          {sum('running').toLocaleString()}
        </Figure>
        <Figure name="Dead letters" note={dead === 0 ? 'none' : 'no attempt left'}>
          {dead.toLocaleString()}
        </Figure>
      </div>
      <Card className="mt-4 overflow-hidden">
        <Table
          label="Queues"
          rows={queues.toSorted((a, b) => Number(wantsLook(b)) - Number(wantsLook(a)) || a.title.localeCompare(b.title))}
          hrefOf={() => undefined}
          columns={COLUMNS as never}
        />
      </Card>
    </>
  );
}
/** These stand first. What only waits or runs does not move a row from under the pointer. */
const wantsLook = ({ dead, paused }: Queue): boolean => dead > 0 || paused;
const Count = ({ of: { job }, state, count }: { of: Queue; state: string; count: number }) =>
  count === 0 ? (
    <span className="text-quiet">0</span>
  ) : (
    <PageLink to="/jobs" search={{ job, state }}>
      {count.toLocaleString()}
    </PageLink>
  );
const COLUMNS = [
  {
    name: 'title',
    title: 'Queue',
    cell: ({ job, title, paused }: Queue) => (
      <div className="max-w-40 sm:max-w-md">
        <PageLink to="/jobs" search={{ job }} className="block truncate font-medium text-accent underline-offset-2 hover:underline">
          {title}
        </PageLink>
        <span className="flex items-center gap-2 text-xs text-quiet">
          {title === job ? null : job}
          {paused && <Badge tone="wrong">paused</Badge>}
        </span>
      </div>
    ),
  },
  { name: 'dead', title: 'Dead', cell: (queue: Queue) => <Count of={queue} state="failed" count={queue.dead} /> },
  { name: 'ready', cell: (queue: Queue) => <Count of={queue} state="waiting" count={queue.ready} /> },
  { name: 'delayed', cell: ({ delayed }: Queue) => (delayed === 0 ? <span className="text-quiet">0</span> : delayed.toLocaleString()) },
  { name: 'running', cell: (queue: Queue) => <Count of={queue} state="running" count={queue.running} /> },
  {
    name: 'oldestSeconds',
    title: 'Oldest waits',
    cell: ({ oldestSeconds }: Queue) => (oldestSeconds === null ? <span className="text-quiet">–</span> : span(oldestSeconds * 1000)),
  },
  {
    name: 'acts',
    title: 'Acts',
    cell: ({ job, title, paused, dead }: Queue) => (
      <div className="flex gap-2">
        {dead > 0 && (
          <RedriveButton job={job} title={title} dead={dead}>
            Redrive
          </RedriveButton>
        )}
        {paused ? (
          <OperationButton operation="jobs.resume" params={{ job }} current={{ name: title }}>
            Resume
          </OperationButton>
        ) : (
          <OperationButton
            operation="jobs.pause"
            params={{ job }}
            lead={`${title}: within a second no node begins a run of it. What runs ends; enqueueing and schedules go on.`}
          >
            Pause
          </OperationButton>
        )}
      </div>
    ),
  },
];
