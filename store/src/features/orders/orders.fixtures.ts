import { defineFixtures, type Actor, type World } from '@plinth/kit/testing';
import { makeProduct } from '../products/products.fixtures.ts';
import { operations, type NewOrder, type Order } from './contract.ts';

type App = Pick<World, 'app'>;

/** An order that must succeed. */
export async function placeOrder({ app }: App, buyer: Pick<Actor, 'token'>, lines: NewOrder['lines']): Promise<Order> {
  const { status, text, json } = await app.call('POST', '/api/v1/orders', { token: buyer.token, body: { lines } });
  if (status !== 201) throw new Error(`an order was not placed: ${status} ${text}`);
  return (json as { data: Order }).data;
}
/** Lines with one product that nobody else has. @param amount of its price; nothing: the order is paid as soon as it is placed. */
const someLines = async (world: World, amount = 4900) => {
  const { id: productId } = await makeProduct(world.app, await world.as('admin'), { price: { amount, currency: 'EUR' } });
  return [{ productId, quantity: 2 }];
};
const mine = async (world: World, actor: Actor, amount?: number) => ({
  params: { orderId: (await placeOrder(world, actor, await someLines(world, amount))).id },
});

export const fixtures = defineFixtures(operations, {
  place: async (world) => ({ body: { lines: await someLines(world) } }),
  get: mine,
  timeline: mine,
  // A payment that the provider declines.
  payAgain: async (world, actor) => {
    const { id, paymentId } = await placeOrder(world, actor, await someLines(world));
    const path = `/api/v1/payments/${paymentId!}/start`;
    const { status, text } = await world.app.call('POST', path, { token: actor.token, body: { method: 'tok_declined' } });
    if (status >= 300) throw new Error(`the payment was not started: ${status} ${text}`);
    return { params: { orderId: id } };
  },
  cancel: mine,
  // Members of the generic tests may not: what counts is that there is one.
  fulfil: (world, actor) => mine(world, actor, 0),
});
