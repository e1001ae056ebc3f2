import type { paths } from '@plinth/client';
import { Badge, Card, Chart, Figure, Loaded, Notice, PageHead, ProblemNotice, Section, Select, useQuery } from '@plinth/console/ui';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { count, duration, MEGABYTE, megabytes, milliseconds, perSecond } from './units.ts';

type DataOf<Path extends '/api/v1/monitoring/health' | '/api/v1/monitoring/samples'> =
  paths[Path]['get']['responses'][200]['content']['application/json']['data'];
type Health = DataOf<'/api/v1/monitoring/health'>;
type Samples = DataOf<'/api/v1/monitoring/samples'>;
type Point = Samples['points'][number];

/** Milliseconds between two looks. */
const EVERY = 5000;
const SPANS = [5, 15, 60] as const;

export function Page() {
  const { minutes: given } = useSearch({ strict: false }) as { readonly minutes?: unknown };
  const minutes = SPANS.find((span) => span === Number(given)) ?? 15;
  const navigate = useNavigate();
  const health = useQuery('get', '/api/v1/monitoring/health', {}, { refetchInterval: EVERY });
  const samples = useQuery(
    'get',
    '/api/v1/monitoring/samples',
    { params: { query: { minutes } } },
    // What was drawn stays until there is more.
    { refetchInterval: EVERY, placeholderData: (before) => before },
  );
  const { data: now } = health.data ?? {};
  return (
    <>
      <PageHead
        title="Health"
        badge={now && <Badge tone={now.status === 'ok' ? 'good' : 'wrong'}>{now.status === 'ok' ? 'working' : 'a check fails'}</Badge>}
        lead={now ? `${now.environment} · version ${now.version} · up for ${duration(now.uptimeSeconds)}` : '\u00a0'}
      >
        <Select
          aria-label="How far back"
          className="w-auto"
          value={minutes}
          onChange={({ target }) =>
            void navigate({ to: '.', search: { minutes: Number(target.value) }, replace: true, resetScroll: false })
          }
        >
          {SPANS.map((span) => (
            <option key={span} value={span}>
              {span === 60 ? 'the last hour' : `the last ${span} minutes`}
            </option>
          ))}
        </Select>
      </PageHead>
      {samples.error && samples.data !== undefined && <Stale error={samples.error} />}
      <Loaded query={samples} rows={16}>
        {({ data }) => <Load samples={data} />}
      </Loaded>
      {/* Below the charts, whose height is not known before they are there: but that something is wrong waits for nothing. */}
      {(!samples.isPending || (now && now.status !== 'ok')) && (
        <Loaded query={health} rows={8}>
          {({ data }) => (
            <>
              <Checks health={data} />
              <Nodes health={data} />
            </>
          )}
        </Loaded>
      )}
    </>
  );
}

const Stale = ({ error }: { error: unknown }) => (
  <Card className="mt-4 border-wrong">
    <ProblemNotice error={error} />
  </Card>
);

/** What is said of a time in which no node was heard is nothing, not zero. */
const heard = (of: (point: Point) => number | null) => (point: Point) => (point.nodes === 0 ? null : of(point));

function Load({ samples: { points, nodes } }: { samples: Samples }) {
  const newest = points.findLast((point) => point.nodes > 0);
  const counted = points.findLast(({ ready }) => ready !== null);
  const some = nodes.length > 4 ? ', of four nodes' : '';
  const drawn = nodes
    .slice(0, 4)
    .map((node, index) => ({ node, tone: (['accent', 'good', 'quiet', 'wrong'] as const)[index]!, dashed: index > 1 }));
  const perNode = (of: 'loopDelayMs' | 'memoryBytes', unit = 1) =>
    drawn.map(({ node, tone, dashed }) => ({
      tone,
      dashed,
      name: node.name,
      of: ({ index }: { index: number }) => {
        const value = node[of][index] ?? null;
        return value === null ? null : value / unit;
      },
    }));
  const places = points.map(({ at }, index) => ({ at, index }));
  return (
    <>
      <div className="mt-5 grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Figure name="Requests" note="a second, all nodes">
          {newest ? count(newest.requests) : '–'}
        </Figure>
        <Figure name="95 % answered within" note="of what was asked last">
          {newest?.p95 == null ? '–' : milliseconds(newest.p95)}
        </Figure>
        <Figure name="Failures" note="5xx a second">
          {newest ? count(newest.serverErrors) : '–'}
        </Figure>
        <Figure name="Jobs ready" note={counted?.dead ? `${count(counted.dead)} dead letters` : 'no dead letters'}>
          {counted?.ready == null ? '–' : count(counted.ready)}
        </Figure>
      </div>
      <div className="mt-4 grid gap-4 xl:grid-cols-2">
        <Chart
          title="Requests"
          points={points}
          format={perSecond}
          lines={[{ name: 'answered', tone: 'accent', of: heard(({ requests }) => requests) }]}
        />
        <Chart
          title="Latency"
          points={points}
          format={milliseconds}
          lines={[
            { name: 'p50', tone: 'good', of: ({ p50 }) => p50 },
            { name: 'p95', tone: 'accent', dashed: true, of: ({ p95 }) => p95 },
            { name: 'p99', tone: 'wrong', of: ({ p99 }) => p99 },
          ]}
        />
        <Chart
          title="Errors"
          points={points}
          format={perSecond}
          lines={[
            { name: '5xx, ours', tone: 'wrong', of: heard(({ serverErrors }) => serverErrors) },
            { name: '4xx, theirs', tone: 'quiet', dashed: true, of: heard(({ clientErrors }) => clientErrors) },
          ]}
        />
        <Chart
          title="Jobs that wait"
          points={points}
          format={count}
          lines={[
            { name: 'ready', tone: 'accent', of: ({ ready }) => ready },
            { name: 'dead', tone: 'wrong', dashed: true, of: ({ dead }) => dead },
          ]}
        />
        <Chart
          title="How long the oldest waits"
          points={points}
          format={duration}
          lines={[
            { name: 'job', tone: 'accent', of: ({ oldestSeconds }) => oldestSeconds },
            { name: 'fact without its place in the log', tone: 'wrong', dashed: true, of: ({ lagSeconds }) => lagSeconds },
          ]}
        />
        <Chart
          title="Connections"
          points={points}
          format={count}
          lines={[
            { name: 'realtime', tone: 'accent', of: heard(({ connections }) => connections) },
            { name: 'database, in use', tone: 'good', dashed: true, of: heard(({ poolUsed }) => poolUsed) },
            { name: 'waiting for one', tone: 'wrong', of: heard(({ poolWaiting }) => poolWaiting) },
          ]}
        />
        <Chart
          title={`Delay of the event loop, 99th percentile${some}`}
          points={places}
          format={milliseconds}
          lines={perNode('loopDelayMs')}
        />
        <Chart title={`Memory${some}`} points={places} format={megabytes} lines={perNode('memoryBytes', MEGABYTE)} />
      </div>
    </>
  );
}

const Checks = ({ health: { checks, name } }: { health: Health }) => (
  <Section title="Checks" actions={<span className="text-sm text-quiet">as {name} sees it</span>}>
    <Card>
      <ul className="divide-y divide-line text-sm">
        {checks.map((check) => (
          <li key={check.name} className="flex items-center justify-between gap-4 px-4 py-2.5">
            <span>{check.name}</span>
            <span className="flex items-center gap-3">
              <span className="text-quiet tabular-nums">{check.ms} ms</span>
              <Badge tone={check.status === 'ok' ? 'good' : 'wrong'}>{check.status === 'ok' ? 'passes' : 'fails'}</Badge>
            </span>
          </li>
        ))}
      </ul>
    </Card>
  </Section>
);

const HEADS = ['Node', 'State', 'Requests', 'Loop delay', 'Memory', 'Realtime', 'Database', 'Up for', 'Does'] as const;
const Nodes = ({ health: { nodes } }: { health: Health }) => (
  <Section title="Nodes">
    <Card>
      {nodes.length === 0 ? (
        <Notice title="No node has been heard yet">
          Each says every ten seconds how it does; the first time two seconds after its start.
        </Notice>
      ) : (
        <div className="overflow-x-auto" role="region" aria-label="Nodes" tabIndex={0}>
          <table className="w-full border-collapse text-left text-sm whitespace-nowrap">
            <thead>
              <tr className="border-b border-line text-quiet">
                {HEADS.map((head) => (
                  <th key={head} scope="col" className="px-4 py-2.5 font-medium">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="tabular-nums">
              {nodes.map((node) => (
                <tr key={node.node} className={`border-b border-line last:border-0 ${node.state === 'up' ? '' : 'text-quiet'}`}>
                  <td className="px-4 py-2.5 font-medium">{node.name}</td>
                  <td className="px-4 py-2.5">
                    <Badge tone={node.state === 'up' ? 'good' : 'wrong'}>
                      {node.state === 'up' ? 'up' : `silent for ${duration(node.silentSeconds)}`}
                    </Badge>
                  </td>
                  <td className="px-4 py-2.5">{perSecond(node.requests)}</td>
                  <td className="px-4 py-2.5">{milliseconds(node.loopDelayMs)}</td>
                  <td className="px-4 py-2.5">{megabytes(node.memoryBytes / MEGABYTE)}</td>
                  <td className="px-4 py-2.5" title={`${node.subscriptions} subscriptions`}>
                    {count(node.connections)}
                  </td>
                  <td className="px-4 py-2.5">
                    {node.poolUsed} of {node.poolMax}
                    {node.poolWaiting > 0 && <span className="text-wrong"> · {node.poolWaiting} wait</span>}
                  </td>
                  <td className="px-4 py-2.5">{duration((Date.parse(node.lastAt) - Date.parse(node.startedAt)) / 1000)}</td>
                  <td className="px-4 py-2.5">{node.roles.join(', ')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  </Section>
);
