import { List, money, Person, SubjectLink, useHere } from '../../kit/index.ts';

export function Page() {
  const everybodys = useHere().allowed('payments.refund') !== undefined;
  return (
    <List
      of="/api/v1/payments"
      filters={['state', 'purposeType']}
      columns={[
        { name: 'amount', cell: money, text: money },
        { name: 'state' },
        {
          name: 'purpose',
          title: 'For',
          cell: ({ purpose, description }) => <SubjectLink of={purpose}>{description}</SubjectLink>,
          text: ({ description }) => description,
        },
        { name: 'payerId', title: 'Payer', hidden: !everybodys, cell: ({ payerId }) => <Person id={payerId} /> },
        { name: 'provider' },
        {
          name: 'reference',
          cell: ({ reference }) => <code className="text-xs">{reference ?? '–'}</code>,
          text: ({ reference }) => reference ?? '',
        },
        { name: 'createdAt', title: 'Made' },
        { name: 'refunded', hidden: true, align: 'right', cell: ({ refunded, currency }) => money({ amount: refunded, currency }) },
        { name: 'id', hidden: true },
      ]}
    />
  );
}
