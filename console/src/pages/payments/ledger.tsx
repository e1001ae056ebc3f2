import { Link } from '@tanstack/react-router';
import { buttonClass, List, money, pageOf } from '../../kit/index.ts';
import { PaymentLink, words } from './parts.tsx';

type Entry = { readonly account: string; readonly amount: number; readonly currency: string };
const accounts = (entries: readonly Entry[], side: 1 | -1): string =>
  entries
    .filter(({ amount }) => amount * side > 0)
    .map(({ account }) => account)
    .join(', ');
/** What moved: the debits of a posting, which are its credits. */
const moved = (entries: readonly Entry[]): string => {
  const debits = entries.filter(({ amount }) => amount > 0);
  return money({ amount: debits.reduce((all, { amount }) => all + amount, 0), currency: entries[0]?.currency ?? 'EUR' });
};

export const Page = () => (
  <List
    of="/api/v1/payments/ledger"
    filters={['paymentId']}
    hrefOf={() => undefined}
    empty="Nothing was booked yet"
    actions={
      <Link {...pageOf('/payments/ledger/balances')} className={buttonClass()}>
        Balances
      </Link>
    }
    columns={[
      { name: 'kind', title: 'Posting', cell: ({ kind }) => words(kind) },
      { name: 'debit', cell: ({ entries }) => accounts(entries, 1), text: ({ entries }) => accounts(entries, 1) },
      { name: 'credit', cell: ({ entries }) => accounts(entries, -1), text: ({ entries }) => accounts(entries, -1) },
      { name: 'amount', align: 'right', cell: ({ entries }) => moved(entries), text: ({ entries }) => moved(entries) },
      { name: 'paymentId', title: 'Payment', cell: ({ paymentId }) => <PaymentLink id={paymentId} /> },
      { name: 'reference', cell: ({ reference }) => <code className="text-xs">{reference}</code> },
      { name: 'occurredAt', title: 'Happened' },
      { name: 'postedAt', title: 'Booked', hidden: true },
      { name: 'id', hidden: true },
    ]}
  />
);
