import { expectTypeOf, test } from 'vitest';
import { createClient, type ErrorCode, ifMatch, type ItemOf, type paths, type Problem, unwrap } from './index.ts';

// What does not compile for a caller. The compiler is the test: `npm run check` runs it.

const client = createClient({ baseUrl: 'http://localhost:3000' });
const _uses = async (): Promise<void> => {
  const { data, error } = await client.PATCH('/api/v1/products/{productId}', {
    params: { path: { productId: 'x' }, header: ifMatch({ version: 3 }) },
    body: { name: 'Cup' },
  });
  expectTypeOf(data?.data.price.amount).toEqualTypeOf<number | undefined>();
  if (error) {
    expectTypeOf(error).toExtend<Problem>();
    switch (error.code) {
      case 'PRODUCT_CHANGED':
      case 'SKU_TAKEN':
      case 'UNREACHABLE':
        return;
      // @ts-expect-error -- the operation cannot answer this
      case 'ORDER_NOT_FOUND':
        return;
    }
  }
  // @ts-expect-error -- there is no such address
  await client.GET('/api/v1/produkts');
  // @ts-expect-error -- the price is missing
  await client.POST('/api/v1/products', { body: { sku: 'A-1', name: 'Mug', category: 'kitchen', stock: 1 } });
  // @ts-expect-error -- the path names a product
  await client.GET('/api/v1/products/{productId}');
  // @ts-expect-error -- a list without a cursor
  client.pages('/api/v1/access/assignments');
  for await (const product of client.pages('/api/v1/products', { params: { query: { category: 'kitchen' } } }))
    expectTypeOf(product.sku).toEqualTypeOf<string>();
  for await (const user of client.pages('/api/v1/users')) expectTypeOf(user.email).toEqualTypeOf<string>();
  for await (const { role } of client.numberedPages('/api/v1/access/assignments')) expectTypeOf(role).toEqualTypeOf<string>();
  expectTypeOf(unwrap(await client.GET('/api/v1/products/categories'))).toExtend<{ category: string; products: number }[]>();
};

test('errors are those of the operation, with those of every operation and of the client', () => {
  type Codes = ErrorCode<'products.update'>;
  expectTypeOf<'PRODUCT_CHANGED' | 'SKU_TAKEN' | 'FORBIDDEN' | 'UNREACHABLE'>().toExtend<Codes>();
  expectTypeOf<Codes>().not.toEqualTypeOf<string>();
  expectTypeOf<'ORDER_NOT_FOUND'>().not.toExtend<Codes>();
  expectTypeOf<ItemOf<paths, '/api/v1/products'>>().toHaveProperty('sku');
});
