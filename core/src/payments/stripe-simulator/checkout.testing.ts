import type { Account } from './account.testing.ts';
import { check, group, invalid, type Params, Refusal, text, whole } from './form.testing.ts';
import { type Intent, methodOf, newId, type Session } from './objects.testing.ts';

// Stripe's own pages: Checkout, and the bank's question.

export function createSession(account: Account, base: string, params: Params): Session {
  check(
    params,
    [
      'mode', 'client_reference_id', 'line_items.#.quantity', 'line_items.#.price_data.currency', 'line_items.#.price_data.unit_amount',
      'line_items.#.price_data.product_data.name', 'metadata.*', 'payment_intent_data.capture_method', 'payment_intent_data.metadata.*',
      'payment_intent_data.description', 'success_url', 'cancel_url',
    ],
    ['mode', 'line_items', 'success_url'],
  ); // prettier-ignore
  const [line] = params['line_items'] as Params[];
  const price = group(line!, 'price_data');
  const amount = whole(price, 'unit_amount')!;
  // As the intent will be judged.
  account.things.delete(account.newIntent({}, amount, text(price, 'currency')!, true).id);
  const id = newId('cs_test');
  const session: Session = {
    id, object: 'checkout.session', amount_total: amount * (whole(line!, 'quantity') ?? 1), cancel_url: text(params, 'cancel_url'),
    client_reference_id: text(params, 'client_reference_id'), created: account.now(), currency: text(price, 'currency')!, expires_at: account.now() + 86_400,
    livemode: false, metadata: group(params, 'metadata') as Record<string, string>, mode: 'payment', payment_intent: null, payment_status: 'unpaid',
    status: 'open', success_url: text(params, 'success_url'), url: `${base}/c/pay/${id}`,
  }; // prettier-ignore
  account.things.set(id, session);
  wanted.set(session, group(params, 'payment_intent_data'));
  return session;
}
/** What the intent is to be, which nobody makes before the payer begins to pay. */
const wanted = new WeakMap<Session, Params>();

/** The payer chooses. @returns where the page goes on; null where it stays, and says that the card was declined */
export function pay(account: Account, sessionId: string, method: string): string | null {
  const session = account.get<Session>('checkout.session', sessionId);
  if (session.status !== 'open' || !methodOf(method)) throw invalid('This page takes no payment', 'resource_missing');
  const intent = session.payment_intent
    ? account.get<Intent>('payment_intent', session.payment_intent)
    : account.newIntent({ capture_method: 'automatic_async', ...wanted.get(session) }, session.amount_total, session.currency);
  session.payment_intent = intent.id;
  try {
    account.confirm(intent, method, session.success_url!);
  } catch (error) {
    if (error instanceof Refusal && error.status === 402) return null;
    throw error;
  }
  return intent.next_action?.redirect_to_url.url ?? session.success_url;
}
/** The bank has asked. @returns where the payer goes back to */
export function answer(account: Account, intentId: string, passed: boolean): string {
  const intent = account.get<Intent>('payment_intent', intentId);
  const back = new URL(intent.next_action!.redirect_to_url.return_url);
  back.searchParams.set('payment_intent', intent.id);
  back.searchParams.set('payment_intent_client_secret', intent.client_secret);
  if (passed) account.approve(intent);
  else account.fail(intent, 'payment_intent_authentication_failure');
  return back.href;
}
/** Of an intent that went on: is its page done? */
export function completes(account: Account, intent: Intent): Session | null {
  const session = account.all<Session>('checkout.session').find(({ payment_intent: id, status }) => id === intent.id && status === 'open');
  if (!session || !['succeeded', 'requires_capture', 'processing'].includes(intent.status)) return null;
  Object.assign(session, { status: 'complete', payment_status: intent.status === 'succeeded' ? 'paid' : 'unpaid', url: null });
  return session;
}
export function expire(account: Account, sessionId: string, params: Params): Session {
  check(params, []);
  const session = account.get<Session>('checkout.session', sessionId);
  if (session.status !== 'open') throw invalid('Only Checkout Sessions with a status in ["open"] can be expired.');
  Object.assign(session, { status: 'expired', url: null });
  if (session.payment_intent) account.end(account.get<Intent>('payment_intent', session.payment_intent), 'abandoned');
  return session;
}
