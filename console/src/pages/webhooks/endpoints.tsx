import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import {
  buttonClass,
  Badge,
  Notice,
  OperationButton,
  PageHead,
  PageLink,
  pageOf,
  type PageProps,
  toneOf,
  useHere,
} from '../../kit/index.ts';
import { OperationList } from '../../resource/list.tsx';
import { type Endpoint, healthOf, placeOf } from './place.ts';
import { SecretDialog } from './secret.tsx';

/** Where events are sent to. */
export function Page({ params }: PageProps) {
  const place = placeOf(params);
  const operation = useHere().allowed(place.id('list'));
  const [made, setMade] = useState<(Endpoint & { secret: string }) | null>(null);
  const navigate = useNavigate();
  if (!operation) return <Notice title="You lack the permission for this." />;
  return (
    <>
      <PageHead title="Webhooks" lead="What is published goes to these addresses, signed as Standard Webhooks says.">
        <PageLink to="/webhooks/events" className={buttonClass()}>
          Events
        </PageLink>
        <OperationButton
          operation={place.id('create')}
          params={place.params}
          kind="primary"
          onDone={(data) => setMade(data as Endpoint & { secret: string })}
        >
          Add an endpoint
        </OperationButton>
      </PageHead>
      <div className="mt-6">
        <OperationList
          operation={operation}
          params={params}
          within
          title="Endpoints"
          refreshMs={5000}
          columns={COLUMNS as never}
          hrefOf={({ id }) => `${place.base}/endpoints/${String(id)}`}
        />
      </div>
      {made && (
        <SecretDialog
          secret={made.secret}
          note="Whoever receives the deliveries verifies them with it."
          onClose={() => void navigate(pageOf(`${place.base}/endpoints/${made.id}`))}
        />
      )}
    </>
  );
}
const COLUMNS = [
  { name: 'url', title: 'Address' },
  { name: 'description', title: 'Description' },
  { name: 'events', title: 'Events', cell: ({ events }: Endpoint) => <span title={events.join('\n')}>{events.join(', ')}</span> },
  { name: 'status', title: 'State', cell: ({ status }: Endpoint) => <Badge tone={toneOf(status)}>{status}</Badge> },
  {
    name: 'failures',
    title: 'Health',
    cell: (endpoint: Endpoint) => {
      const { title, wrong } = healthOf(endpoint);
      return <span className={wrong ? 'text-wrong' : 'text-quiet'}>{title}</span>;
    },
    text: (endpoint: Endpoint) => healthOf(endpoint).title,
  },
  { name: 'createdAt', title: 'Made' },
];
