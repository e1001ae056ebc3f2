import {
  Card, Figure, List, Loaded, money, NameValues, OperationButton, PageHead, type PageProps, Person, Tabs, time, useHere, useQuery, Value,
} from '@plinth/console/ui'; // prettier-ignore
import { Available, ChangeStock } from './stock.tsx';

export function Page({ params: { productId = '' } }: PageProps) {
  const { allowed } = useHere();
  const query = useQuery('get', '/api/v1/products/{productId}', { params: { path: { productId } } });
  return (
    <Loaded query={query} rows={12}>
      {({ data: product }) => (
        <>
          <PageHead title={product.name} lead={`${product.sku} · ${product.category}`}>
            <ChangeStock product={product} />
            <OperationButton operation="products.update" params={{ productId }} current={product}>
              Change
            </OperationButton>
            <OperationButton operation="products.delete" params={{ productId }} current={product} listPath="/products">
              Delete
            </OperationButton>
          </PageHead>
          <div className="mt-4 grid grid-cols-2 gap-3 lg:grid-cols-4">
            <Figure name="Price">{money(product.price)}</Figure>
            <Figure name="In stock">{product.stock.toLocaleString()}</Figure>
            <Figure name="Held by orders">{(product.stock - product.available).toLocaleString()}</Figure>
            <Figure name="Available">
              <Available {...product} />
            </Figure>
          </div>
          <Tabs
            label="Parts of this product"
            tabs={[
              {
                id: 'about',
                title: 'About',
                children: (
                  <Card>
                    <NameValues
                      of={[
                        ['Description', product.description === '' ? <Value value={null} /> : product.description],
                        ['SKU', product.sku],
                        ['Category', product.category],
                        ['Made', time(product.createdAt)],
                        ['Changed', time(product.updatedAt)],
                        ['Id', <Value key="id" value={product.id} />],
                      ]}
                    />
                  </Card>
                ),
              },
              allowed('orders.list') && { id: 'orders', title: 'Orders', children: <Orders productId={productId} /> },
              allowed('audit.search') && { id: 'history', title: 'History', children: <History productId={productId} /> },
            ]}
          />
        </>
      )}
    </Loaded>
  );
}

const Orders = ({ productId }: { productId: string }) => (
  <List
    of="/api/v1/orders"
    fixed={{ productId }}
    within
    title="Orders with it"
    filters={['state']}
    empty="Nobody has ordered it yet"
    columns={[
      { name: 'number' },
      { name: 'state' },
      {
        name: 'units',
        align: 'right',
        cell: ({ lines }) => unitsOf(productId, lines),
        text: ({ lines }) => `${unitsOf(productId, lines)}`,
      },
      { name: 'total', align: 'right' },
      { name: 'placedAt', title: 'Placed' },
    ]}
  />
);
const unitsOf = (productId: string, lines: readonly { productId: string; quantity: number }[]): number =>
  lines.filter((line) => line.productId === productId).reduce((sum, { quantity }) => sum + quantity, 0);

const History = ({ productId }: { productId: string }) => (
  <List
    of="/api/v1/audit/events"
    fixed={{ subjectType: 'product', subjectId: productId }}
    within
    title="What was done with it"
    filters={[]}
    empty="Nothing was done with it yet"
    columns={[
      { name: 'what.title', title: 'What' },
      { name: 'who.actor', title: 'Who', cell: ({ who }) => <Person id={who.actor} /> },
      { name: 'changes', title: 'Before → after', cell: ({ what }) => <Changes of={what.changes} /> },
      { name: 'why.reason', title: 'Why' },
      { name: 'when' },
    ]}
  />
);
const Changes = ({ of }: { of: Readonly<Record<string, { before?: unknown; after?: unknown }>> | null }) => (
  <>
    {Object.entries(of ?? {}).map(([name, { before, after }]) => (
      <div key={name} className="truncate">
        <span className="text-quiet">{name}</span>{' '}
        {before != null && (
          <>
            <Value value={before} /> →{' '}
          </>
        )}
        <Value value={after} />
      </div>
    ))}
  </>
);
