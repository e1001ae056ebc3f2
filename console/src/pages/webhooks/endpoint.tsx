import { useState } from 'react';
import {
  Badge,
  Card,
  Loaded,
  Moment,
  NameValues,
  OperationButton,
  PageHead,
  type PageProps,
  time,
  toneOf,
  useHere,
  useOperation,
} from '../../kit/index.ts';
import { OperationList } from '../../resource/list.tsx';
import { type Delivery, LastAnswer } from './answer.tsx';
import { type Endpoint, healthOf, type Place, placeOf } from './place.ts';
import { ReplayRange } from './replay-range.tsx';
import { SecretDialog } from './secret.tsx';

const EVERY_MS = 3000;
/** From so many failed attempts in a row on it is tried one delivery at a time (S48). */
const SLOWED_FROM = 5;

/** One endpoint: how it does, what may be done with it, and what was delivered. */
export function Page({ params: { endpointId = '', ...params } }: PageProps) {
  const place = placeOf(params);
  const endpoint = useOperation(place.id('get'), { params: { ...place.params, endpointId }, watchMs: EVERY_MS });
  return (
    <Loaded query={endpoint} rows={12}>
      {(data) => <One endpoint={data} place={place} />}
    </Loaded>
  );
}
function One({ endpoint, place }: { endpoint: Endpoint; place: Place }) {
  const { id, url, description, events, status, disabledAt, createdAt, updatedAt } = endpoint;
  const [secret, setSecret] = useState<string | null>(null);
  const params = { ...place.params, endpointId: id };
  const act = { params, current: { ...endpoint, name: url } };
  const enabled = status === 'enabled';
  return (
    <>
      <PageHead title={url} badge={<Badge tone={toneOf(status)}>{status}</Badge>} lead={description || undefined}>
        <OperationButton {...act} operation={place.id('test')} unless={!enabled && 'It is disabled'}>
          Test
        </OperationButton>
        <OperationButton {...act} operation={place.id('change')}>
          Change
        </OperationButton>
        <OperationButton {...act} operation={place.id('rotateSecret')} onDone={(data) => setSecret((data as { secret: string }).secret)}>
          Rotate secret
        </OperationButton>
        {enabled ? (
          <OperationButton
            {...act}
            operation={place.id('disable')}
            lead="Nothing is sent to it, and what waits is cancelled: replay it later."
          >
            Disable
          </OperationButton>
        ) : (
          <OperationButton {...act} operation={place.id('enable')} kind="primary">
            Enable
          </OperationButton>
        )}
        <OperationButton {...act} operation={place.id('delete')} lead="With all its deliveries." listPath={`${place.base}/endpoints`}>
          Delete
        </OperationButton>
      </PageHead>
      <Health endpoint={endpoint} />
      <Card className="mt-4">
        <NameValues
          of={[
            [
              'Events',
              <span key="events" className="flex flex-wrap gap-1.5">
                {events.map((event) => (
                  <code key={event} className="rounded bg-page px-1.5 py-0.5 text-xs break-all">
                    {event}
                  </code>
                ))}
              </span>,
            ],
            disabledAt === null ? null : ['Disabled', time(disabledAt)],
            ['Made', time(createdAt)],
            updatedAt === createdAt ? null : ['Changed', time(updatedAt)],
            [
              'Id',
              <code key="id" className="text-xs">
                {id}
              </code>,
            ],
          ]}
        />
      </Card>
      <Deliveries place={place} params={params} enabled={enabled} />
      {secret !== null && (
        <SecretDialog
          secret={secret}
          note="While the old one still counts, deliveries carry both signatures."
          onClose={() => setSecret(null)}
        />
      )}
    </>
  );
}

function Health({ endpoint }: { endpoint: Endpoint }) {
  const { title, wrong } = healthOf(endpoint);
  const { status, failures } = endpoint;
  if (!wrong && status === 'enabled') return null;
  const more =
    status === 'disabled'
      ? 'Nothing is queued for it. Once it is enabled, a replay brings back what it missed.'
      : failures >= SLOWED_FROM
        ? 'It is tried one delivery at a time, ever more slowly; after a hundred failures in a row it is disabled.'
        : 'Each is tried again, more and more slowly.';
  return (
    <div role="status" className={`mt-4 rounded-lg border p-4 text-sm ${wrong ? 'border-wrong/40' : 'border-line'}`}>
      <p className={`font-medium ${wrong ? 'text-wrong' : ''}`}>{title.charAt(0).toUpperCase() + title.slice(1)}</p>
      <p className="mt-1 text-quiet">{more}</p>
    </div>
  );
}

function Deliveries({ place, params, enabled }: { place: Place; params: Readonly<Record<string, string>>; enabled: boolean }) {
  const operation = useHere().allowed(place.id('deliveries'));
  if (!operation) return null;
  return (
    <div className="mt-6">
      <OperationList
        operation={operation}
        params={params}
        within
        title="Deliveries"
        empty="Nothing was sent yet"
        refreshMs={EVERY_MS}
        actions={<ReplayRange place={place} params={params} enabled={enabled} />}
        columns={COLUMNS as never}
      />
    </div>
  );
}
const COLUMNS = [
  { name: 'event', title: 'Event' },
  { name: 'state', title: 'State' },
  {
    name: 'last',
    title: 'Last answer',
    cell: (delivery: Delivery) => <LastAnswer of={delivery} />,
    text: ({ last }: Delivery) => String(last?.status ?? last?.error ?? ''),
  },
  { name: 'attempts', title: 'Attempts' },
  { name: 'createdAt', title: 'Queued', cell: ({ createdAt }: Delivery) => <Moment at={createdAt} /> },
  {
    name: 'endedAt',
    title: 'Ended',
    cell: ({ endedAt }: Delivery) => (endedAt === null ? <span className="text-quiet">–</span> : <Moment at={endedAt} />),
  },
  { name: 'nextAt', title: 'Next attempt', hidden: true },
  { name: 'messageId', title: 'webhook-id', hidden: true },
];
