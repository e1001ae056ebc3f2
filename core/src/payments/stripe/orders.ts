import type Stripe from 'stripe';
import type { StartOrder } from '../provider.ts';
import { toStripe } from './amounts.ts';
import { CHECKOUT, PAYMENT } from './snapshot.ts';

// What is asked for when a payment begins. The same order makes the same request to the letter: under one key Stripe takes no other.

/** Money is taken, and booked, before the answer: Stripe's default since 2024, `automatic_async`, books some seconds later. */
const captureOf = ({ capture }: StartOrder): 'automatic' | 'manual' => capture;

/** Its own page, where the payer chooses how to pay. */
export const sessionOf = (order: StartOrder, home: string): Stripe.Checkout.SessionCreateParams => ({
  mode: 'payment',
  client_reference_id: order.paymentId,
  line_items: [
    {
      quantity: 1,
      price_data: {
        currency: order.currency.toLowerCase(),
        unit_amount: toStripe(order.amount, order.currency),
        product_data: { name: order.description.trim().slice(0, 250) || 'Payment' },
      },
    },
  ],
  metadata: { [PAYMENT]: order.paymentId },
  payment_intent_data: {
    capture_method: captureOf(order),
    metadata: { [PAYMENT]: order.paymentId, [CHECKOUT]: 'yes' },
    ...described(order),
  },
  success_url: order.returnUrl ?? home,
  cancel_url: order.returnUrl ?? home,
});

/** With a token: paid at once, or after the bank's question, which has a page of its own. */
export const intentOf = (order: StartOrder, method: string, home: string): Stripe.PaymentIntentCreateParams => ({
  amount: toStripe(order.amount, order.currency),
  currency: order.currency.toLowerCase(),
  capture_method: captureOf(order),
  confirm: true,
  automatic_payment_methods: { enabled: true },
  return_url: order.returnUrl ?? home,
  metadata: { [PAYMENT]: order.paymentId },
  ...methodOf(method),
  ...described(order),
});
/** Made by Stripe's own code in the browser: `pm_…`, `ctoken_…`, or the older `tok_…`. */
function methodOf(method: string): Partial<Stripe.PaymentIntentCreateParams> {
  if (method.startsWith('ctoken_')) return { confirmation_token: method };
  if (method.startsWith('tok_')) return { payment_method_data: { type: 'card', card: { token: method } } as never };
  return { payment_method: method };
}
/** An empty text would be refused. */
const described = ({ description }: StartOrder): { description?: string } =>
  description.trim() === '' ? {} : { description: description.trim() };
