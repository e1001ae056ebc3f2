import { Link } from '@tanstack/react-router';
import { buttonClass, Card, DataTable, Loaded, money, Notice, PageHead, pageOf, Section, useQuery } from '../../kit/index.ts';
import { Balanced, creditOf, debitOf, sum } from './parts.tsx';

/** What an account is, for who does not keep books every day. */
const MEANING: Readonly<Record<string, string>> = {
  customer: 'what payers owe us',
  clearing: 'what the provider holds for us',
  revenue: 'what was sold',
  fees: 'what the provider kept',
  refunds: 'what was given back',
  disputes: 'what banks took back',
};

export function Page() {
  const query = useQuery('get', '/api/v1/payments/ledger/balances');
  return (
    <>
      <PageHead
        title="Balances"
        lead="Each account, by currency. What is debited somewhere is credited elsewhere, so that together they are zero."
      >
        <Link {...pageOf('/payments/ledger')} className={buttonClass()}>
          Ledger
        </Link>
      </PageHead>
      <Loaded query={query} rows={8}>
        {({ data: balances }) => {
          const currencies = [...new Set(balances.map(({ currency }) => currency))].toSorted();
          if (currencies.length === 0)
            return (
              <Card className="mt-4">
                <Notice title="Nothing was booked yet" />
              </Card>
            );
          return currencies.map((currency) => {
            const rows = balances
              .filter((each) => each.currency === currency)
              .map(({ account, entries, balance }) => ({ account, entries, currency, amount: balance }));
            const debits = sum(rows.map(({ amount }) => Math.max(amount, 0)));
            const all = sum(rows.map(({ amount }) => amount));
            return (
              <Section key={currency} title={currency} actions={<Balanced by={all} />}>
                <Card className="overflow-hidden">
                  <DataTable
                    label={`Accounts in ${currency}`}
                    rows={rows}
                    keyOf={({ account }) => account}
                    columns={[
                      {
                        title: 'Account',
                        cell: ({ account }) => (
                          <>
                            <span className="mr-2 font-medium">{account}</span>
                            <span className="text-quiet max-sm:block max-sm:text-xs">{MEANING[account]}</span>
                          </>
                        ),
                      },
                      { title: 'Debit', align: 'right', cell: debitOf },
                      { title: 'Credit', align: 'right', cell: creditOf },
                      { title: 'Entries', align: 'right', cell: ({ entries }) => entries.toLocaleString() },
                    ]}
                    foot={[
                      'Together',
                      money({ amount: debits, currency }),
                      money({ amount: debits - all, currency }),
                      sum(rows.map(({ entries }) => entries)).toLocaleString(),
                    ]}
                  />
                </Card>
              </Section>
            );
          });
        }}
      </Loaded>
    </>
  );
}
