import { Card, DataTable, Loaded, money, Notice, Person, time, useQuery } from '../../kit/index.ts';
import { Balanced, creditOf, debitOf, sum, words } from './parts.tsx';

/** All that is booked of one payment, newest first. */
export const usePostings = (paymentId: string) =>
  useQuery('get', '/api/v1/payments/ledger', { params: { query: { paymentId, limit: 100, cursor: '' } } });

/** What is booked at one moment, as it follows from one another; that they owe us comes before all that they pay. */
const ORDER = ['sale', 'capture', 'fee', 'refund', 'payout', 'dispute', 'dispute-fee'];
const rank = (kind: string): number => (ORDER.includes(kind) ? ORDER.indexOf(kind) : ORDER.length);
interface Posting {
  readonly kind: string;
  readonly occurredAt: string;
}
const inOrder = (a: Posting, b: Posting): number =>
  Number(b.kind === 'sale') - Number(a.kind === 'sale') ||
  Date.parse(a.occurredAt) - Date.parse(b.occurredAt) ||
  rank(a.kind) - rank(b.kind);
/** Double entry, in the order in which it was booked: what stands left stands right too. */
export function Entries({ paymentId, currency }: { paymentId: string; currency: string }) {
  return (
    <Card className="overflow-hidden">
      <Loaded query={usePostings(paymentId)} rows={6}>
        {({ data: postings, meta }) => {
          const rows = postings.toSorted(inOrder).flatMap(({ id, kind, occurredAt, entries }) =>
            entries.map((entry, place) => ({
              ...entry,
              id: `${id} ${place}`,
              kind: place === 0 ? kind : '',
              at: place === 0 ? occurredAt : null,
            })),
          );
          if (rows.length === 0) return <Notice title="Nothing of it is booked yet" />;
          const amounts = rows.map(({ amount }) => amount);
          const debits = sum(amounts.map((amount) => Math.max(amount, 0)));
          return (
            <>
              {meta.pagination.hasMore && (
                <p className="p-4 text-sm text-quiet">These are the newest hundred postings; the ledger has them all.</p>
              )}
              <DataTable
                label="Ledger entries of this payment"
                rows={rows}
                keyOf={({ id }) => id}
                columns={[
                  { title: 'Posting', cell: ({ kind }) => <span className="font-medium">{words(kind)}</span> },
                  { title: 'Account', cell: ({ account }) => account },
                  { title: 'Debit', align: 'right', cell: debitOf },
                  { title: 'Credit', align: 'right', cell: creditOf },
                  { title: 'Whose', cell: ({ party }) => (/^[0-9a-f]{8}-/.test(party) ? <Person id={party} /> : party) },
                  { title: 'Happened', cell: ({ at }) => (at === null ? '' : time(at)) },
                ]}
                foot={[
                  'Together',
                  <Balanced key="balanced" by={sum(amounts)} />,
                  money({ amount: debits, currency }),
                  money({ amount: debits - sum(amounts), currency }),
                  '',
                  '',
                ]}
              />
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}
