import { check, group, invalid, metadataOf, type Params, Refusal, text, whole } from './form.testing.ts';
import {
  type Charge,
  type Dispute,
  type Intent,
  methodOf,
  type Movement,
  newId,
  type Refund,
  type Session,
  type Thing,
} from './objects.testing.ts';

/** Least amounts, of the currencies that tests pay in (docs.stripe.com/currencies#minimum-and-maximum-charge-amounts). */
const LEAST: Readonly<Record<string, number>> = { eur: 50, usd: 50, gbp: 30, jpy: 50, isk: 100, bhd: 200 };
const THREE_DIGITS = new Set(['bhd', 'jod', 'kwd', 'omr', 'tnd']);
const CANCELABLE = new Set(['requires_payment_method', 'requires_capture', 'requires_confirmation', 'requires_action', 'processing']);

/** How the account behaves where Stripe's depend on its settings, or on time. */
export interface Habits {
  /** The currency of the balance, and what one unit of any other is in it; null: each its own. */
  settles: { readonly currency: string; readonly rate: number } | null;
  /** Captures are booked when `book` is called only. */
  booksLate: boolean;
}
type Told = (type: string, thing: Thing) => void;

/** One account at Stripe: its state, and what Stripe lets become of it. */
export class Account {
  readonly things = new Map<string, Thing>();
  readonly movements: Movement[] = [];
  readonly habits: Habits = { settles: null, booksLate: false };
  readonly #tell: Told;
  readonly #base: () => string;
  /** Seconds by Stripe's clock. */
  readonly now: () => number;
  constructor(tell: Told, base: () => string, now: () => number) {
    this.#tell = tell;
    this.#base = base;
    this.now = now;
  }

  all<T extends Thing>(object: T['object']): T[] {
    return [...this.things.values()].filter((thing) => thing.object === object) as T[];
  }
  get<T extends Thing>(object: T['object'], id: string): T {
    const thing = this.things.get(id);
    if (thing?.object !== object) throw new Refusal(404, { message: `No such ${object}: '${id}'`, code: 'resource_missing', param: 'id' });
    return thing as T;
  }

  // ---- Payment intents

  createIntent(params: Params): Intent {
    check(
      params,
      [
        'amount', 'currency', 'capture_method', 'confirm', 'automatic_payment_methods.enabled', 'automatic_payment_methods.allow_redirects',
        'return_url', 'metadata.*', 'payment_method', 'confirmation_token', 'payment_method_data.type', 'payment_method_data.card.token', 'description',
      ],
      ['amount', 'currency'],
    ); // prettier-ignore
    const confirm = text(params, 'confirm') === 'true';
    const method = text(params, 'payment_method') ?? text(group(group(params, 'payment_method_data'), 'card'), 'token');
    if (confirm && text(params, 'return_url') === null && text(group(params, 'automatic_payment_methods'), 'allow_redirects') !== 'never')
      throw invalid('To confirm, you must provide a `return_url`', undefined, 'return_url');
    if (confirm && !methodOf(method ?? '')) throw invalid(`No such PaymentMethod: '${method}'`, 'resource_missing', 'payment_method');
    const intent = this.newIntent(params, whole(params, 'amount')!, text(params, 'currency')!);
    if (confirm) this.confirm(intent, method ?? '', text(params, 'return_url') ?? '');
    return intent;
  }
  /** @param quiet for a page, which makes its intent when somebody begins to pay */
  newIntent(params: Params, amount: number, currency: string, quiet = false): Intent {
    if (amount < (LEAST[currency] ?? 1)) throw invalid('Amount must be at least the minimum', 'amount_too_small', 'amount');
    if (amount > 99_999_999) throw invalid('Amount must be no more than the maximum', 'amount_too_large', 'amount');
    if (THREE_DIGITS.has(currency) && amount % 10 !== 0)
      throw invalid('Invalid amount: the last digit must be 0', 'parameter_invalid_integer', 'amount');
    const id = newId('pi');
    const intent: Intent = {
      id, object: 'payment_intent', amount, amount_capturable: 0, amount_received: 0, cancellation_reason: null,
      capture_method: text(params, 'capture_method') ?? 'automatic_async', client_secret: `${id}_secret_${newId('x').slice(2)}`, created: this.now(),
      currency, description: text(params, 'description'), last_payment_error: null, latest_charge: null, livemode: false, metadata: metadataOf(params),
      next_action: null, payment_method: null, status: 'requires_payment_method',
    }; // prettier-ignore
    this.things.set(id, intent);
    if (!quiet) this.#tell('payment_intent.created', intent);
    return intent;
  }
  /** @throws Refusal 402 with the intent, where the card is declined */
  confirm(intent: Intent, token: string, returnUrl: string): void {
    const method = methodOf(token)!;
    intent.payment_method = token;
    intent.last_payment_error = null;
    if (method.outcome === 'declines') this.#decline(intent, 'card_declined', method.decline);
    if (method.outcome === 'asks') {
      const url = `${this.#base()}/3ds/${intent.id}`;
      Object.assign(intent, {
        status: 'requires_action',
        next_action: { type: 'redirect_to_url', redirect_to_url: { url, return_url: returnUrl } },
      });
      this.#tell('payment_intent.requires_action', intent);
    } else if (method.outcome === 'processes') {
      intent.status = 'processing';
      this.#tell('payment_intent.processing', intent);
    } else this.approve(intent);
    if (method.outcome === 'disputes') this.dispute(intent.id);
  }
  #charge(intent: Intent, status: Charge['status'], failure: string | null): Charge {
    const charge: Charge = {
      id: newId('ch'), object: 'charge', amount: intent.amount, amount_captured: 0, amount_refunded: 0, balance_transaction: null, captured: false,
      created: this.now(), currency: intent.currency, disputed: false, failure_code: failure, metadata: { ...intent.metadata },
      paid: status === 'succeeded', payment_intent: intent.id, refunded: false, status,
    }; // prettier-ignore
    this.things.set(charge.id, charge);
    intent.latest_charge = charge.id;
    return charge;
  }
  fail(intent: Intent, code: string, decline?: string): Record<string, unknown> {
    const charge = this.#charge(intent, 'failed', code);
    const problem = {
      type: 'card_error',
      code,
      ...(decline && { decline_code: decline }),
      message: 'Your card was declined.',
      charge: charge.id,
    };
    Object.assign(intent, { status: 'requires_payment_method', next_action: null, payment_method: null, last_payment_error: problem });
    this.#tell('charge.failed', charge);
    this.#tell('payment_intent.payment_failed', intent);
    return problem;
  }
  #decline(intent: Intent, code: string, decline: string): never {
    const problem = this.fail(intent, code, decline);
    throw new Refusal(402, { ...problem, message: 'Your card was declined.', payment_intent: structuredClone(intent) });
  }
  approve(intent: Intent): void {
    const charge = this.#charge(intent, 'succeeded', null);
    intent.next_action = null;
    if (intent.capture_method === 'manual') {
      Object.assign(intent, { status: 'requires_capture', amount_capturable: intent.amount });
      this.#tell('payment_intent.amount_capturable_updated', intent);
    } else this.#take(intent, charge, intent.amount);
  }
  #take(intent: Intent, charge: Charge, amount: number): void {
    Object.assign(intent, { status: 'succeeded', amount_capturable: 0, amount_received: amount });
    Object.assign(charge, { captured: true, amount_captured: amount });
    if (!this.habits.booksLate && intent.capture_method !== 'automatic_async') this.book(charge);
    this.#tell('charge.succeeded', charge);
    this.#tell('payment_intent.succeeded', intent);
  }
  /** Money that was taken gets into the balance: with `automatic_async` some seconds later. */
  book(charge: Charge): void {
    charge.balance_transaction = this.move(
      charge,
      'charge',
      'charge',
      charge.amount_captured,
      Math.round(charge.amount_captured * 0.015) + 25,
    ).id;
    this.#tell('charge.updated', charge);
  }
  capture(id: string, params: Params): Intent {
    check(params, ['amount_to_capture']);
    const intent = this.get<Intent>('payment_intent', id);
    if (intent.status !== 'requires_capture') throw this.#unexpected(intent, 'captured');
    const amount = whole(params, 'amount_to_capture') ?? intent.amount_capturable;
    if (amount < 1 || amount > intent.amount_capturable)
      throw invalid('Amount to capture is not within what is capturable', 'amount_too_large', 'amount_to_capture');
    this.#take(intent, this.get<Charge>('charge', intent.latest_charge!), amount);
    return intent;
  }
  cancel(id: string, params: Params): Intent {
    check(params, ['cancellation_reason']);
    const intent = this.get<Intent>('payment_intent', id);
    if (this.all<Session>('checkout.session').some(({ payment_intent: of, status }) => of === id && status === 'open'))
      throw invalid('You cannot cancel this PaymentIntent: it belongs to a Checkout Session. Expire that.');
    if (!CANCELABLE.has(intent.status)) throw this.#unexpected(intent, 'canceled');
    return this.end(intent, 'requested_by_customer');
  }
  end(intent: Intent, reason: string): Intent {
    Object.assign(intent, { status: 'canceled', cancellation_reason: reason, amount_capturable: 0, next_action: null });
    this.#tell('payment_intent.canceled', intent);
    return intent;
  }
  #unexpected(intent: Intent, what: string): Refusal {
    const message = `This PaymentIntent could not be ${what} because it has a status of ${intent.status}.`;
    return new Refusal(400, { message, code: 'payment_intent_unexpected_state', payment_intent: structuredClone(intent) });
  }

  // ---- Refunds and disputes

  refund(params: Params): Refund {
    check(params, ['payment_intent', 'charge', 'amount', 'reason', 'metadata.*']);
    const intent = this.get<Intent>('payment_intent', text(params, 'payment_intent') ?? '');
    if (intent.status !== 'succeeded')
      throw invalid('This PaymentIntent does not have a successful charge to refund.', 'payment_intent_unexpected_state');
    const charge = this.get<Charge>('charge', intent.latest_charge!);
    const left = charge.amount_captured - charge.amount_refunded;
    const amount = whole(params, 'amount') ?? left;
    if (left === 0) throw invalid('Charge has already been refunded.', 'charge_already_refunded');
    if (charge.disputed) throw invalid('Charge has been charged back; cannot issue a refund.', 'charge_disputed');
    if (amount < 1) throw invalid('Invalid positive integer', 'parameter_invalid_integer', 'amount');
    if (amount > left) throw invalid('Refund amount is greater than unrefunded amount on charge', undefined, 'amount');
    const outcome = methodOf(intent.payment_method!)?.outcome;
    const refund: Refund = {
      id: newId('re'), object: 'refund', amount, balance_transaction: null, charge: charge.id, created: this.now(), currency: charge.currency,
      metadata: metadataOf(params), payment_intent: intent.id, reason: text(params, 'reason'), status: outcome === 'refund-waits' ? 'pending' : 'succeeded',
    }; // prettier-ignore
    this.things.set(refund.id, refund);
    charge.amount_refunded += amount;
    charge.refunded = charge.amount_refunded === charge.amount_captured;
    // It leaves the balance at once, also where it takes its time to arrive.
    refund.balance_transaction = this.move(refund, 'refund', 'refund', -amount, 0).id;
    this.#tell('refund.created', refund);
    this.#tell('charge.refunded', charge);
    return refund;
  }
  settleRefund(id: string): void {
    const refund = this.get<Refund>('refund', id);
    refund.status = 'succeeded';
    this.#tell('refund.updated', refund);
  }
  /** "The amount is returned to your balance": days later, as a rule. */
  failRefund(id: string, reason = 'expired_or_canceled_card'): void {
    const refund = this.get<Refund>('refund', id);
    const charge = this.get<Charge>('charge', refund.charge);
    const back = this.move(refund, 'refund_failure', 'refund_failure', refund.amount, 0);
    Object.assign(refund, { status: 'failed', failure_reason: reason, failure_balance_transaction: back.id });
    charge.amount_refunded -= refund.amount;
    charge.refunded = false;
    this.#tell('refund.failed', refund);
    this.#tell('refund.updated', refund);
  }
  /** @param inquiry no money is taken, unless it escalates */
  dispute(intentId: string, { amount, inquiry = false }: { amount?: number; inquiry?: boolean } = {}): Dispute {
    const charge = this.get<Charge>('charge', this.get<Intent>('payment_intent', intentId).latest_charge!);
    charge.disputed = true;
    const dispute: Dispute = {
      id: newId('du'), object: 'dispute', amount: amount ?? charge.amount_captured, balance_transactions: [], charge: charge.id, created: this.now(),
      currency: charge.currency, is_charge_refundable: inquiry, metadata: {}, payment_intent: intentId, reason: 'fraudulent',
      status: inquiry ? 'warning_needs_response' : 'needs_response',
    }; // prettier-ignore
    this.things.set(dispute.id, dispute);
    if (!inquiry) dispute.balance_transactions.push(this.move(dispute, 'adjustment', 'dispute', -dispute.amount, 1500));
    this.#tell('charge.dispute.created', dispute);
    if (!inquiry) this.#tell('charge.dispute.funds_withdrawn', dispute);
    return dispute;
  }
  closeDispute(id: string, status: 'won' | 'lost' | 'warning_closed'): void {
    const dispute = this.get<Dispute>('dispute', id);
    dispute.status = status;
    if (status === 'won') dispute.balance_transactions.push(this.move(dispute, 'adjustment', 'dispute_reversal', dispute.amount, 0));
    this.#tell('charge.dispute.closed', dispute);
    if (status === 'won') this.#tell('charge.dispute.funds_reinstated', dispute);
  }

  /** Into the balance, in its currency. */
  move(source: Charge | Refund | Dispute, type: string, category: string, amount: number, fee: number): Movement {
    const { settles } = this.habits;
    const rate = settles && settles.currency !== source.currency ? settles.rate : null;
    const [gross, kept] = [amount, fee].map((each) => Math.round(each * (rate ?? 1)));
    const movement: Movement = {
      id: newId('txn'), object: 'balance_transaction', amount: gross!, fee: kept!, net: gross! - kept!, currency: rate === null ? source.currency : settles!.currency,
      exchange_rate: rate, created: this.now(), type, reporting_category: category, source: source.id,
    }; // prettier-ignore
    this.things.set(movement.id, movement);
    this.movements.push(movement);
    return movement;
  }
}
