import { Card, DataTable, Loaded, money, Notice, time, useQuery } from '../../kit/index.ts';
import { State } from './parts.tsx';

export function Refunds({ paymentId, currency }: { paymentId: string; currency: string }) {
  const query = useQuery('get', '/api/v1/payments/{paymentId}/refunds', { params: { path: { paymentId } } });
  return (
    <Card className="overflow-hidden">
      <Loaded query={query} rows={3}>
        {({ data: refunds }) =>
          refunds.length === 0 ? (
            <Notice title="Nothing was given back" />
          ) : (
            <DataTable
              label="Refunds"
              rows={refunds}
              keyOf={({ id }) => id}
              columns={[
                { title: 'Amount', align: 'right', cell: ({ amount }) => money({ amount, currency }) },
                { title: 'State', cell: ({ state }) => <State of={state} /> },
                {
                  title: 'Reason',
                  cell: ({ reason, failure }) => (
                    <span className="block max-w-72 truncate" title={reason}>
                      {reason}
                      {failure !== null && <span className="text-wrong"> · {failure}</span>}
                    </span>
                  ),
                },
                { title: 'Reference', cell: ({ reference }) => <code className="text-xs">{reference ?? '–'}</code> },
                { title: 'Asked', cell: ({ createdAt }) => time(createdAt) },
                { title: 'Settled', cell: ({ settledAt }) => (settledAt === null ? '–' : time(settledAt)) },
              ]}
            />
          )
        }
      </Loaded>
    </Card>
  );
}
