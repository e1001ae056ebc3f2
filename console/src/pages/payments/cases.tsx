import { List, money, OperationButton, useQuery } from '../../kit/index.ts';
import { PaymentLink, State, words } from './parts.tsx';

interface Case {
  readonly id: string;
  readonly kind: string;
  readonly paymentId: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}
/** What is wrong, for who reads it for the first time. */
const MEANING: Readonly<Record<string, string>> = {
  'provider-only': 'Moved there, not booked here',
  'ledger-only': 'Booked here, not reported there',
  amount: 'Another amount there than here',
  ledger: 'A payment and its entries differ',
  mismatch: 'The provider speaks of something else',
  state: 'Went where it may not go',
  unknown: 'The provider does not say what it did',
};

export const Page = () => (
  <List
    of="/api/v1/payments/cases"
    hrefOf={() => undefined}
    empty="Everything agrees: there is no case"
    columns={[
      { name: 'kind', title: 'What', cell: ({ kind }) => <span className="font-medium">{MEANING[kind] ?? words(kind)}</span> },
      {
        name: 'state',
        cell: ({ closedAt }) => <State of={closedAt === null ? 'open' : 'closed'} />,
        text: ({ closedAt }) => (closedAt === null ? 'open' : 'closed'),
      },
      { name: 'there', title: 'The provider says', cell: (each) => <Side of={each} which={0} /> },
      { name: 'here', title: 'Here it is', cell: (each) => <Side of={each} which={1} /> },
      { name: 'paymentId', title: 'Payment', cell: ({ paymentId }) => <PaymentLink id={paymentId} /> },
      { name: 'openedAt', title: 'Found' },
      {
        name: 'reason',
        title: 'Settled',
        cell: (each) => (each.closedAt === null ? <Close of={each} /> : each.reason),
        text: ({ reason }) => reason ?? '',
      },
      { name: 'seenAt', title: 'Seen last', hidden: true },
      { name: 'closedAt', title: 'Closed', hidden: true },
      { name: 'subject', hidden: true },
      { name: 'id', hidden: true },
    ]}
  />
);

const Close = ({ of }: { of: Case }) => (
  <OperationButton
    operation="payments.closeCase"
    params={{ caseId: of.id }}
    submit="Close the case"
    lead="It books nothing. Found again, it opens a new case."
    onDone={() => undefined}
  >
    Close
  </OperationButton>
);

const NOTHING = <span className="text-quiet">nothing</span>;
type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
/** Of what both sides say only where they differ. */
const unlike = (side: unknown, other: unknown): unknown =>
  isFields(side) && isFields(other)
    ? Object.fromEntries(
        Object.entries(side).filter(([name, value]) => name in other && JSON.stringify(value) !== JSON.stringify(other[name])),
      )
    : side;
/** The two sides of a difference. The names are those under which a case keeps them, which differ by its kind. */
function sidesOf({ kind, details }: Case): readonly [there: unknown, here: unknown] {
  const { told, booked, said, held } = details;
  switch (kind) {
    case 'provider-only':
    case 'amount':
      return [told, booked];
    case 'ledger-only':
      return [null, `${String(details['kind'])} ${String(details['reference'])}`];
    case 'ledger':
      return [
        { captured: details['bookedCaptured'], refunded: details['bookedRefunded'] },
        { captured: details['captured'], refunded: details['refunded'] },
      ];
    case 'mismatch':
      return [unlike(said, held), unlike(held, said)];
    default:
      return [details, null];
  }
}
function Side({ of, which }: { of: Case; which: 0 | 1 }) {
  const { paymentId, details } = of;
  const own = details[which === 0 ? 'currency' : 'bookedCurrency'] ?? details['currency'];
  const { data } = useQuery(
    'get',
    '/api/v1/payments/{paymentId}',
    { params: { path: { paymentId: paymentId ?? '' } } },
    { enabled: paymentId !== null && own === undefined, staleTime: 60_000, retry: false },
  );
  return <Said value={sidesOf(of)[which]} currency={typeof own === 'string' ? own : data?.data.currency} />;
}
const AMOUNTS = new Set(['amount', 'captured', 'refunded', 'refund', 'fee']);
/** @param currency of what is an amount. */
function Said({ value, currency }: { value: unknown; currency: string | undefined }) {
  if (value === null || value === undefined) return NOTHING;
  if (isFields(value))
    return Object.entries(value).map(([name, inner]) => (
      <div key={name}>
        <span className="text-quiet">{words(name)}</span>{' '}
        <Said
          value={inner}
          currency={AMOUNTS.has(name) ? (typeof value['currency'] === 'string' ? value['currency'] : currency) : undefined}
        />
      </div>
    ));
  if (typeof value === 'number' && currency !== undefined) return money({ amount: value, currency });
  return <span>{typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value)}</span>;
}
