import {
  Badge, Card, DataTable, Figure, Loaded, money, Notice, OperationButton, PageHead, type PageProps, pageOf, Person, Section, time,
  TimelineLink, TimelineView, toneOf, useHere, useQuery, Value,
} from '@plinth/console/ui'; // prettier-ignore
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { whyNot } from './acts.ts';

/** While it waits to be paid it is looked at again, every so many ms. */
const PAID_SOON = 5000;
const words = (state: string): string => state.replaceAll('_', ' ');
const State = ({ of }: { of: string }) => <Badge tone={toneOf(of)}>{words(of)}</Badge>;

export function Page({ params: { orderId = '' } }: PageProps) {
  const { allowed } = useHere();
  const query = useQuery(
    'get',
    '/api/v1/orders/{orderId}',
    { params: { path: { orderId } } },
    { refetchInterval: ({ state: { data } }) => (data?.data.state === 'awaiting_payment' ? PAID_SOON : false) },
  );
  return (
    <Loaded query={query} rows={14}>
      {({ data: order }) => {
        const { currency } = order.total;
        const not = whyNot(order);
        const acts = (['fulfil', 'payAgain', 'cancel'] as const).filter((act) => allowed(`orders.${act}`));
        return (
          <>
            <PageHead
              title={`Order ${order.number}`}
              badge={<State of={order.state} />}
              lead={
                <>
                  Placed {time(order.placedAt)}
                  {allowed('orders.fulfil') && (
                    <>
                      {' by '}
                      <Person id={order.userId} />
                    </>
                  )}
                </>
              }
            >
              <OperationButton
                operation="orders.fulfil"
                kind="primary"
                params={{ orderId }}
                unless={not.fulfil}
                submit="Fulfil"
                lead={`Order ${order.number} is on its way: its units leave the stock.`}
              >
                Fulfil
              </OperationButton>
              <OperationButton
                operation="orders.payAgain"
                params={{ orderId }}
                unless={not.payAgain}
                submit="Make a payment"
                lead={`Another payment of ${money(order.total)}, which the customer can begin. The stock stays held meanwhile.`}
                onDone={() => undefined}
              >
                Pay again
              </OperationButton>
              <OperationButton
                operation="orders.cancel"
                kind="danger"
                params={{ orderId }}
                unless={not.cancel}
                submit="Cancel the order"
                lead={`Order ${order.number} ends, and lets go of its stock.`}
              >
                Cancel
              </OperationButton>
              <TimelineLink of={{ subjectType: 'order', subjectId: orderId }}>Whole timeline</TimelineLink>
            </PageHead>
            <ul aria-label="What cannot be done now" className="mt-3 text-sm text-quiet">
              {acts.map((act) => not[act] && <li key={act}>{not[act]}</li>)}
            </ul>
            <div className="mt-4 grid grid-cols-2 gap-3 lg:grid-cols-4">
              <Figure name="Total">{money(order.total)}</Figure>
              <Figure
                name="Went back"
                note={order.chargedBack > 0 && `${money({ amount: order.chargedBack, currency })} taken by disputes`}
              >
                {money({ amount: order.refunded, currency })}
              </Figure>
              <Figure name="Paid">
                <When at={order.paidAt} />
              </Figure>
              <Figure name="Sent">
                <When at={order.fulfilledAt} />
              </Figure>
            </div>
            <Section title="Items">
              <Card className="overflow-hidden">
                <DataTable
                  label="Items"
                  rows={order.lines}
                  keyOf={({ productId }) => productId}
                  columns={[
                    {
                      title: 'Product',
                      cell: ({ productId, name, sku }) => (
                        <>
                          <Link
                            {...pageOf(`/products/${productId}`)}
                            className="font-medium text-accent underline-offset-2 hover:underline"
                          >
                            {name}
                          </Link>
                          <span className="block text-xs text-quiet">{sku}</span>
                        </>
                      ),
                    },
                    { title: 'Price', align: 'right', cell: ({ price }) => money(price) },
                    { title: 'Quantity', align: 'right', cell: ({ quantity }) => quantity.toLocaleString() },
                    {
                      title: 'Sum',
                      align: 'right',
                      cell: ({ price, quantity }) => money({ amount: price.amount * quantity, currency: price.currency }),
                    },
                  ]}
                  foot={['Total', '', order.lines.reduce((sum, { quantity }) => sum + quantity, 0), money(order.total)]}
                />
              </Card>
            </Section>
            {allowed('payments.list') && <Payments orderId={orderId} free={order.paymentId === null} />}
            <Section title="Steps">
              <Steps orderId={orderId} version={order.version} />
            </Section>
          </>
        );
      }}
    </Loaded>
  );
}
const When = ({ at }: { at: string | null }) => <span className="block text-base leading-6">{at === null ? '–' : time(at)}</span>;

function Payments({ orderId, free }: { orderId: string; free: boolean }) {
  const query = useQuery('get', '/api/v1/payments', { params: { query: { purposeType: 'order', purposeId: orderId, limit: 100 } } });
  return (
    <Section title="Payments">
      <Card className="overflow-hidden">
        <Loaded query={query} rows={2}>
          {({ data: payments }) =>
            payments.length === 0 ? (
              <Notice title={free ? 'It costs nothing: there is nothing to pay' : 'There is no payment yet'} />
            ) : (
              <DataTable
                label="Payments"
                rows={payments}
                keyOf={({ id }) => id}
                columns={[
                  {
                    title: 'Amount',
                    cell: (payment) => (
                      <Link {...pageOf(`/payments/${payment.id}`)} className="font-medium text-accent underline-offset-2 hover:underline">
                        {money(payment)}
                      </Link>
                    ),
                  },
                  { title: 'State', cell: ({ state }) => <State of={state} /> },
                  { title: 'Provider', cell: ({ provider }) => provider },
                  { title: 'Reference', cell: ({ reference }) => <Value value={reference} /> },
                  { title: 'Made', cell: ({ createdAt }) => time(createdAt) },
                ]}
              />
            )
          }
        </Loaded>
      </Card>
    </Section>
  );
}

/** @param version of the order: another one has other steps. */
function Steps({ orderId, version }: { orderId: string; version: number }) {
  const query = useQuery('get', '/api/v1/orders/{orderId}/timeline', { params: { path: { orderId } } });
  const { refetch } = query;
  useEffect(() => void refetch({ cancelRefetch: false }), [refetch, version]);
  return (
    <Loaded query={query} rows={3}>
      {({ data: steps }) => (
        <TimelineView
          label="Steps of this order"
          steps={steps.map(({ number, from, to, at }) => ({
            id: String(number),
            at,
            kind: `Step ${number}`,
            title: from === null ? 'Placed' : `${words(from)} → ${words(to)}`,
            state: { name: words(to), tone: toneOf(to) },
          }))}
        />
      )}
    </Loaded>
  );
}
