import { List, money } from '../../kit/index.ts';

export const Page = () => (
  <List
    of="/api/v1/payments/disputes"
    hrefOf={({ paymentId }) => `/payments/${paymentId}`}
    empty="Nobody has disputed a payment"
    columns={[
      { name: 'amount', cell: money, text: money },
      { name: 'state' },
      { name: 'reason' },
      {
        name: 'fee',
        align: 'right',
        cell: ({ fee, currency }) => money({ amount: fee, currency }),
        text: ({ fee, currency }) => money({ amount: fee, currency }),
      },
      { name: 'reference', cell: ({ reference }) => <code className="text-xs">{reference}</code> },
      { name: 'openedAt', title: 'Opened' },
      { name: 'closedAt', title: 'Decided' },
    ]}
  />
);
