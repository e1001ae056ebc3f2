import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import {
  Card, Figure, FormField, Loaded, money, MoneyInput, NameValues, OperationButton, PageHead, type PageProps, Person, SubjectLink,
  Tabs, TimelineLink, time, useHere, useQuery, Value,
} from '../../kit/index.ts'; // prettier-ignore
import { Entries, usePostings } from './entries.tsx';
import { State, sum } from './parts.tsx';
import { RefundButton, whyNoRefund } from './refund.tsx';
import { Refunds } from './refunds.tsx';
import { Steps } from './steps.tsx';

/** Something is asked of the provider: it is looked at again. */
const SOON = 2000;
const isOpen = (state: string): boolean => ['created', 'requires_action', 'processing'].includes(state);

export function Page({ params: { paymentId = '' } }: PageProps) {
  const { allowed } = useHere();
  const query = useQuery(
    'get',
    '/api/v1/payments/{paymentId}',
    { params: { path: { paymentId } } },
    {
      refetchInterval: ({ state: { data } }) =>
        data && (isOpen(data.data.state) || data.data.refunding !== data.data.refunded || data.data.state === 'authorized') ? SOON : false,
    },
  );
  // What hangs on it is read again with each step that it takes.
  const cache = useQueryClient();
  const updatedAt = query.data?.data.updatedAt;
  useEffect(() => {
    if (updatedAt !== undefined)
      void cache.invalidateQueries({ predicate: ({ queryKey }) => JSON.stringify(queryKey).includes(paymentId) });
  }, [cache, paymentId, updatedAt]);
  return (
    <Loaded query={query} rows={14}>
      {({ data: payment }) => {
        const { currency, state } = payment;
        const in_ = (amount: number): string => money({ amount, currency });
        const notes = allowed('payments.refund') ? [whyNoRefund(payment)] : [];
        return (
          <>
            <PageHead
              title={in_(payment.amount)}
              badge={<State of={state} />}
              lead={
                <>
                  <SubjectLink of={payment.purpose}>{payment.description}</SubjectLink>
                  {allowed('payments.refund') && (
                    <>
                      {' · '}
                      <Person id={payment.payerId} />
                    </>
                  )}
                </>
              }
            >
              <RefundButton payment={payment} />
              {state === 'authorized' && <CaptureButton payment={payment} />}
              {(isOpen(state) || state === 'authorized') && (
                <OperationButton
                  operation="payments.cancel"
                  kind="danger"
                  params={{ paymentId }}
                  submit="Cancel the payment"
                  lead={
                    state === 'authorized'
                      ? 'What is held on the payer’s account is let go.'
                      : 'Nothing was taken yet, and nothing will be.'
                  }
                  onDone={() => undefined}
                >
                  Cancel
                </OperationButton>
              )}
              <TimelineLink of={{ subjectType: 'payment', subjectId: paymentId }}>Whole timeline</TimelineLink>
            </PageHead>
            <ul aria-label="What cannot be done now" className="mt-3 text-sm text-quiet">
              {notes.map((note) => note !== undefined && <li key={note}>{note}</li>)}
            </ul>
            <div className="mt-4 grid grid-cols-2 gap-3 lg:grid-cols-5">
              <Figure name="Amount">{in_(payment.amount)}</Figure>
              <Figure name="Captured">{in_(payment.captured)}</Figure>
              <Figure
                name="Refunded"
                note={payment.refunding > payment.refunded ? `${in_(payment.refunding - payment.refunded)} on their way` : undefined}
              >
                {in_(payment.refunded)}
              </Figure>
              {allowed('payments.ledger') && <Booked paymentId={paymentId} currency={currency} disputed={payment.disputed} />}
            </div>
            <Tabs
              label="Parts of this payment"
              tabs={[
                { id: 'steps', title: 'Timeline', children: <Steps paymentId={paymentId} /> },
                { id: 'refunds', title: 'Refunds', children: <Refunds paymentId={paymentId} currency={currency} /> },
                allowed('payments.ledger') && {
                  id: 'ledger',
                  title: 'Ledger',
                  children: <Entries paymentId={paymentId} currency={currency} />,
                },
                {
                  id: 'about',
                  title: 'About',
                  children: (
                    <Card>
                      <NameValues
                        of={[
                          ['Provider', payment.provider],
                          ['Reference there', <Value key="reference" value={payment.reference} />],
                          payment.failure === null ? null : ['Why it failed', payment.failure],
                          payment.checkoutUrl === null || !/^https?:/.test(payment.checkoutUrl)
                            ? null
                            : [
                                'The payer goes on at',
                                <a key="checkout" href={payment.checkoutUrl} className="break-all text-accent underline" rel="noreferrer">
                                  {payment.checkoutUrl}
                                </a>,
                              ],
                          ['Taken', payment.capture === 'manual' ? 'when somebody captures it' : 'at once'],
                          ['Made', time(payment.createdAt)],
                          ['Changed', time(payment.updatedAt)],
                          ['Id', <Value key="id" value={payment.id} />],
                        ]}
                      />
                    </Card>
                  ),
                },
              ]}
            />
          </>
        );
      }}
    </Loaded>
  );
}

/** What the books say of it: the provider's fee, and what it holds for us of this payment. */
function Booked({ paymentId, currency, disputed }: { paymentId: string; currency: string; disputed: number }) {
  const { data } = usePostings(paymentId);
  const on = (account: string): string =>
    data && !data.meta.pagination.hasMore
      ? money({
          amount: sum(data.data.flatMap(({ entries }) => entries.filter((entry) => entry.account === account).map(({ amount }) => amount))),
          currency,
        })
      : '–';
  return (
    <>
      <Figure name="Fee">{on('fees')}</Figure>
      <div className="max-lg:col-span-2">
        <Figure name="Net" note={disputed > 0 ? `less ${money({ amount: disputed, currency })} in dispute` : undefined}>
          {on('clearing')}
        </Figure>
      </div>
    </>
  );
}

function CaptureButton({ payment: { id, amount, currency } }: { payment: { id: string; amount: number; currency: string } }) {
  return (
    <OperationButton
      operation="payments.capture"
      kind="primary"
      params={{ paymentId: id }}
      initial={{ amount }}
      submit="Capture"
      lead="What is not captured is let go."
      onDone={() => undefined}
      form={({ values, onChange, errors }) => (
        <FormField label={`Amount in ${currency}`} hint={`${money({ amount, currency })} are authorised.`} error={errors['amount']}>
          {(shared) => (
            <MoneyInput
              {...shared}
              required
              value={amount}
              currency={currency}
              onChange={(next) => onChange({ ...values, amount: next })}
            />
          )}
        </FormField>
      )}
    >
      Capture
    </OperationButton>
  );
}
