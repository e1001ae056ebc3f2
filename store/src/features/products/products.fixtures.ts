import { uuidv7 } from '@plinth/kit';
import { defineFixtures, type Actor, type World } from '@plinth/kit/testing';
import { operations, type NewProduct, type Product } from './contract.ts';

/** A product that nobody else has: SKUs are unique. */
export const newProduct = (over: Partial<NewProduct> = {}): NewProduct => ({
  sku: `T-${uuidv7()}`.toUpperCase(),
  name: 'Kettle',
  description: 'Boils a litre in two minutes.',
  category: 'kitchen',
  price: { amount: 4900, currency: 'EUR' },
  stock: 10,
  ...over,
});

export async function makeProduct(app: World['app'], actor: Actor, over: Partial<NewProduct> = {}): Promise<Product> {
  const reply = await app.call('POST', '/api/v1/products', { token: actor.token, body: newProduct(over) });
  if (reply.status !== 201) throw new Error(`a product was not created: ${reply.status} ${reply.text}`);
  return (reply.json as { data: Product }).data;
}

const some = async ({ app }: World, actor: Actor) => ({ productId: (await makeProduct(app, actor)).id });

export const fixtures = defineFixtures(operations, {
  get: async (world, actor) => ({ params: await some(world, actor) }),
  create: () => ({ body: newProduct() }),
  update: async (world, actor) => ({ params: await some(world, actor), body: { name: 'Kettle, red' }, headers: { 'if-match': '"1"' } }),
  changeStock: async (world, actor) => ({ params: await some(world, actor), body: { delta: -3, reason: 'Sold at the fair' } }),
  delete: async (world, actor) => ({ params: await some(world, actor) }),
});
