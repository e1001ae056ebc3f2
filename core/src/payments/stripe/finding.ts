import type Stripe from 'stripe';
import { ProviderRefused, type Snapshot } from '../provider.ts';
import { asking, reading } from './client.ts';
import { CHECKOUT, type Holding, ours, PAYMENT, snapshotOf } from './snapshot.ts';

/** Intents that are looked through for one of ours, newest first; older ones are in the index. */
const LISTED = 1000;
/** Seconds that Stripe's clock and ours may differ. */
const CLOCKS = 300;

/** Reads what Stripe holds of a payment, now. */
export class Finding {
  readonly #stripe: Stripe;
  constructor(stripe: Stripe) {
    this.#stripe = stripe;
  }

  /** What was just named. Stripe's answer to an action may be one that it kept, of hours ago: so it is read anew. */
  async look(reference: string): Promise<Snapshot> {
    const snapshot = await this.byReference(reference);
    if (!snapshot) throw new Error(`Stripe knows nothing of ${reference}, which it just named`);
    return snapshot;
  }
  /** @param reference of a session (`cs_…`) or of a payment intent (`pi_…`). @returns null: of none, or none of ours */
  async byReference(reference: string): Promise<Snapshot | null> {
    const { checkout, paymentIntents } = this.#stripe;
    if (reference.startsWith('cs_')) {
      const expand = ['payment_intent.latest_charge.balance_transaction'];
      const session = await unlessMissing(() => checkout.sessions.retrieve(reference, { expand }));
      return session && this.#gather(session, (session.payment_intent ?? null) as Stripe.PaymentIntent | null, answeredAt(session));
    }
    const intent = await unlessMissing(() => paymentIntents.retrieve(reference, { expand: ['latest_charge.balance_transaction'] }));
    if (!intent) return null;
    if (intent.metadata[CHECKOUT] === undefined) return this.#gather(null, intent, answeredAt(intent));
    // Of its page: known by the session.
    const { data } = await reading(() => checkout.sessions.list({ payment_intent: reference, limit: 1 }));
    return data[0] ? this.byReference(data[0].id) : null;
  }
  /**
   * Where no answer named it. Lists are exact, and newest first; the index that is searched is up to a minute behind, and knows all.
   * Sessions are not looked for: one whose address nobody was told cannot be paid, and is had again under its key.
   */
  async byPayment(paymentId: string): Promise<Snapshot | null> {
    const { paymentIntents } = this.#stripe;
    const isIt = ({ metadata }: Stripe.PaymentIntent): boolean => metadata[PAYMENT] === paymentId && metadata[CHECKOUT] === undefined;
    const found: Stripe.PaymentIntent[] = [];
    let seen = 0;
    await reading(() =>
      paymentIntents.list({ created: { gte: Math.max(0, bornAt(paymentId) - CLOCKS) }, limit: 100 }).autoPagingEach((intent) => {
        if (isIt(intent)) found.push(intent);
        return found.length === 0 && ++seen < LISTED;
      }),
    );
    if (seen >= LISTED) found.push(...(await this.#search(paymentId)).filter(isIt));
    return found[0] ? this.look(found[0].id) : null;
  }

  async #search(paymentId: string): Promise<Stripe.PaymentIntent[]> {
    const query = `metadata['${PAYMENT}']:'${paymentId}'`;
    try {
      return (await asking(() => this.#stripe.paymentIntents.search({ query, limit: 10 }))).data;
    } catch (error) {
      // Accounts in India have no search: what the list says has to do.
      if (error instanceof ProviderRefused) return [];
      throw error;
    }
  }
  async #gather(session: Holding['session'], intent: Holding['intent'], at: string): Promise<Snapshot | null> {
    // Before money has come there is nothing to follow it.
    if (intent?.status !== 'succeeded' || ours(intent.metadata, PAYMENT) === null)
      return snapshotOf({ session, intent, refunds: [], disputes: [], at });
    const { refunds, disputes } = this.#stripe;
    const of = { payment_intent: intent.id, limit: 100 };
    const [given, disputed] = await reading(() =>
      Promise.all([
        refunds
          .list({ ...of, expand: ['data.balance_transaction', 'data.failure_balance_transaction'] })
          .autoPagingToArray({ limit: 1000 }),
        disputes.list(of).autoPagingToArray({ limit: 1000 }),
      ]),
    );
    return snapshotOf({ session, intent, refunds: given, disputes: disputed, at });
  }
}

/** When Stripe answered, by its clock: who read earlier knows less, on whichever node. */
function answeredAt({ lastResponse }: { readonly lastResponse: unknown }): string {
  const date = Date.parse((lastResponse as globalThis.Response).headers.get('date') ?? '');
  return new Date(Number.isNaN(date) ? Date.now() : date).toISOString();
}
const unlessMissing = <T>(call: () => Promise<T>): Promise<T | null> =>
  reading(async () => {
    try {
      return await call();
    } catch (error) {
      if ((error as { code?: unknown }).code === 'resource_missing') return null;
      throw error;
    }
  });
/** Seconds: the ids of payments begin with when they were made (UUID version 7). Of others nothing is known. */
const bornAt = (id: string): number => (id[14] === '7' ? Math.floor(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) / 1000) : 0);
