import { List, Person, useHere } from '@plinth/console/ui';

export function Page() {
  const everybodys = useHere().allowed('orders.fulfil') !== undefined;
  return (
    <List
      of="/api/v1/orders"
      filters={['state', 'number']}
      creates={false}
      columns={[
        { name: 'number' },
        { name: 'state' },
        { name: 'total', align: 'right' },
        { name: 'userId', title: 'Customer', hidden: !everybodys, cell: ({ userId }) => <Person id={userId} /> },
        {
          name: 'items',
          align: 'right',
          cell: ({ lines }) => units(lines),
          text: ({ lines }) => `${units(lines)}`,
        },
        { name: 'placedAt', title: 'Placed' },
        { name: 'paidAt', title: 'Paid', hidden: true },
        { name: 'fulfilledAt', title: 'Fulfilled', hidden: true },
        { name: 'id', hidden: true },
      ]}
    />
  );
}
const units = (lines: readonly { readonly quantity: number }[]): number => lines.reduce((sum, { quantity }) => sum + quantity, 0);
