import { List, useQuery } from '@plinth/console/ui';
import { Available } from './stock.tsx';

export function Page() {
  const { data } = useQuery('get', '/api/v1/products/categories');
  return (
    <List
      of="/api/v1/products"
      choices={data && { category: data.data.map(({ category }) => category) }}
      columns={[
        { name: 'name' },
        { name: 'price', align: 'right' },
        { name: 'available', align: 'right', cell: (product) => <Available {...product} />, text: ({ available }) => String(available) },
        { name: 'stock', align: 'right' },
        { name: 'category' },
        { name: 'sku', title: 'SKU' },
        { name: 'updatedAt', title: 'Changed' },
        { name: 'createdAt', title: 'Made', hidden: true },
        { name: 'id', hidden: true },
      ]}
    />
  );
}
