import {
  buttonClass,
  Card,
  Code,
  json,
  Loaded,
  NameValues,
  Notice,
  OperationButton,
  Moment,
  PageHead,
  PageLink,
  type PageProps,
  Progress,
  Section,
  span,
  TimelineLink,
  useOperation,
} from '../../kit/index.ts';
import { type Job, State } from './jobs.tsx';

const EVERY_MS = 1500;
const MOVES = new Set<string>(['waiting', 'running', 'retrying']);
const ENDED_WELL = new Set<string>(['completed', 'running']);

/** One job. Its state is followed; what it carries is read anew when that changes, since each such look is recorded. */
export function Page({ params: { jobId = '' } }: PageProps) {
  const job = useOperation('jobs.get', {
    params: { jobId },
    query: { show: 'state' },
    watchMs: EVERY_MS,
    watched: ({ state }) => MOVES.has(state),
  });
  return (
    <Loaded query={job} rows={12}>
      {(data) => <One job={data} />}
    </Loaded>
  );
}

function One({ job: data }: { job: Job }) {
  const { id, job, state, attempt, attempts, priority, key, group, createdAt, runAt, startedAt, finishedAt, requestId, percent } = data;
  const title = useOperation('jobs.queues').data?.find((queue) => queue.job === job)?.title ?? job;
  const took = startedAt !== null && finishedAt !== null ? Date.parse(finishedAt) - Date.parse(startedAt) : null;
  const act = { params: { jobId: id }, current: { name: title } };
  return (
    <>
      <PageHead title={title} badge={<State of={data} />} lead={title === job ? undefined : job}>
        {state !== 'running' && state !== 'completed' && (
          <OperationButton
            {...act}
            operation="jobs.retry"
            {...(state === 'failed' && { kind: 'primary' as const, lead: `${title}: it gets all its attempts again, under its own id.` })}
          >
            {state === 'failed' ? 'Redrive' : 'Run now'}
          </OperationButton>
        )}
        {MOVES.has(state) && (
          <OperationButton {...act} operation="jobs.cancel" kind="danger">
            Cancel
          </OperationButton>
        )}
        <TimelineLink of={{ jobId: id }} />
        <PageLink to="/audit/events" search={{ subjectType: 'job', subjectId: id }} className={buttonClass()}>
          Audit trail
        </PageLink>
      </PageHead>
      {state === 'running' && percent !== null && (
        <div className="mt-4">
          <Progress value={percent} max={100} label="How far it is" />
          <p className="text-xs text-quiet tabular-nums">{Math.round(percent)} %</p>
        </div>
      )}
      <div className="mt-6 grid items-start gap-4 lg:grid-cols-2">
        <Card>
          <NameValues
            of={[
              ['Attempts', `${attempt} of ${attempts}`],
              ['Enqueued', <Moment key="createdAt" at={createdAt} />],
              state === 'waiting' || state === 'retrying' ? ['Runs no earlier than', <Moment key="runAt" at={runAt} />] : null,
              startedAt === null ? null : ['Began', <Moment key="startedAt" at={startedAt} />],
              finishedAt === null
                ? null
                : [
                    'Ended',
                    <span key="ended">
                      <Moment at={finishedAt} />
                      {took !== null && `, after ${span(took)}`}
                    </span>,
                  ],
            ]}
          />
        </Card>
        <Card>
          <NameValues
            of={[
              [
                'Id',
                <code key="id" className="text-xs">
                  {id}
                </code>,
              ],
              [
                'Queue',
                <PageLink key="queue" to="/jobs" search={{ job }}>
                  {job}
                </PageLink>,
              ],
              ['Priority', String(priority)],
              key === null ? null : ['Key', key],
              group === null ? null : ['Group', group],
              requestId === null
                ? null
                : [
                    'Request',
                    <code key="request" className="text-xs">
                      {requestId}
                    </code>,
                  ],
            ]}
          />
        </Card>
      </div>
      <Content job={data} />
    </>
  );
}

/** What it carries, and what its last run left. */
function Content({ job: { id, state, attempt, finishedAt, percent } }: { job: Job }) {
  const whole = useOperation('jobs.get', { params: { jobId: id }, once: `${state} ${attempt} ${finishedAt}` });
  const failed = !ENDED_WELL.has(state);
  return (
    <Loaded query={whole} rows={4}>
      {({ masked, payload, output }) =>
        masked ? (
          <Section title="Payload and output">
            <Card>
              <Notice title="Not shown">What jobs carry and leave takes the permission jobs:read-payloads.</Notice>
            </Card>
          </Section>
        ) : (
          <>
            {output !== null && percent === null && (
              <Section title={state === 'running' ? 'Progress when you looked' : failed ? 'Error of the last attempt' : 'Output'}>
                <Card className={failed ? 'border-wrong/40 p-3' : 'p-3'}>
                  {failed && <p className="mb-2 px-1 font-medium break-words text-wrong">{messageOf(output)}</p>}
                  <Code label="What the last run left">{stackOf(output) ?? json(output)}</Code>
                </Card>
              </Section>
            )}
            <Section title="Payload">
              <Card className="p-3">
                <Code label="Payload">{json(payload)}</Code>
              </Card>
            </Section>
          </>
        )
      }
    </Loaded>
  );
}
const messageOf = (output: unknown): string =>
  typeof output === 'object' && output !== null && 'message' in output && typeof output.message === 'string' ? output.message : 'It failed';
/** Of an error, as it is read: line by line. */
const stackOf = (output: unknown): string | undefined =>
  typeof output === 'object' && output !== null && 'stack' in output && typeof output.stack === 'string' ? output.stack : undefined;
