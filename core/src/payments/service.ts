import {
  type Caller,
  type Database,
  type EventLog,
  type Jobs,
  type Page,
  type PageRequest,
  type Runner,
  type Tx,
  uuidv7,
  type Visible,
} from '@plinth/kit';
import type { Asking } from './asking.ts';
import type { AttemptsRepository } from './attempts.repository.ts';
import type { OpenCase } from './cases.ts';
import {
  ActionUnderWay,
  cancelAsked,
  captureAsked,
  CaptureTooMuch,
  type Dispute,
  look,
  MethodNotTaken,
  type NewRefund,
  NotThatNow,
  type Payment,
  paymentCanceled,
  paymentCreated,
  PaymentNotFound,
  type PaymentQuery,
  type Refund,
  refundAsked,
  ReturnUrlRefused,
  type Start,
  startAsked,
  type Timeline,
} from './contract.ts';
import type { Hearing } from './hearing.ts';
import { type LinkedAttempt, linkedAttempts } from './links.repository.ts';
import { Amount, Currency } from './money.ts';
import type { Providers } from './providers/create.ts';
import type { RefundsRepository } from './refunds.repository.ts';
import type { PaymentRow, PaymentsRepository } from './repository.ts';
import { isOpen } from './transitions.ts';
import { factOf } from './writing.ts';

interface Deps {
  readonly db: Database;
  readonly log: EventLog;
  readonly jobs: Jobs;
  readonly payments: PaymentsRepository;
  readonly attempts: AttemptsRepository;
  readonly refunds: RefundsRepository;
  readonly providers: Providers;
  readonly asking: Asking;
  readonly hearing: Hearing;
  readonly openCase: OpenCase;
  /** Where the payer may be sent back to; null: not there. */
  readonly returnTo: (text: string) => string | null;
}
export interface PaymentOrder {
  /** Minor units. The server's own price: nothing that a client said (S14). */
  readonly amount: number;
  readonly currency: string;
  /** What is paid for: `{ type: 'order', id }`. It is in every fact of the payment. */
  readonly purpose: Payment['purpose'];
  /** The user who pays and sees the payment as their own; null: nobody who is known. */
  readonly payer: string | null;
  readonly description: string;
  /** `manual`: authorised only, until `capture`. Default `automatic`. */
  readonly capture?: Payment['capture'];
  /** Default: the one that is configured first. */
  readonly provider?: string;
}
export interface Started {
  readonly payment: Payment;
  /** false: the provider did not answer. It is asked what it did; there is nothing to repeat. */
  readonly known: boolean;
}
const POLLED_AT_ONCE = 100;
/** A start whose answer was lost with its process is looked after by the job that was enqueued with it. */
const START_WATCHED_AFTER = 35;

export class PaymentsService {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Commits with what it is for. No provider hears of it before `start`. @throws ProviderMissing */
  async create(caller: Caller, tx: Tx, order: PaymentOrder): Promise<Payment> {
    const { payments, providers, log } = this.#deps;
    const provider = providers.get(order.provider);
    const payment = await payments.insert(tx, {
      id: uuidv7(),
      purposeType: order.purpose.type,
      purposeId: order.purpose.id,
      payerId: order.payer,
      description: order.description,
      provider: provider.name,
      currency: Currency.parse(order.currency),
      amount: Amount.parse(order.amount),
      capture: order.capture ?? 'automatic',
    });
    await log.publish(tx, caller, paymentCreated, factOf(payment));
    return payment;
  }

  /**
   * Begins at the provider, once however often it is asked; opens its own transactions, since it calls out: never inside another.
   * @param visible of an operation under a rule about rows; absent: any payment, for features that have decided themselves.
   * @throws PaymentNotFound, NotThatNow, MethodNotTaken, ReturnUrlRefused
   */
  async start(caller: Caller, paymentId: string, { method, returnUrl: given }: Start, visible?: Visible): Promise<Started> {
    // The provider's page sends payers there on our word: anywhere else is phishing with our name.
    const returnUrl = given === undefined ? undefined : this.#deps.returnTo(given);
    if (returnUrl === null) throw new ReturnUrlRefused({ paymentId });
    const { db, attempts, asking, providers, log } = this.#deps;
    const begun = await db.transaction(async (tx) => {
      const payment = await this.#lock(tx, paymentId, visible);
      if (payment.state === 'created') {
        if (method !== undefined && !providers.get(payment.provider).takesMethods) throw new MethodNotTaken({ paymentId });
        const request = { ...(method !== undefined && { method }), ...(returnUrl !== undefined && { returnUrl }) };
        if (await asking.decide(tx, paymentId, 'start', request, START_WATCHED_AFTER))
          await log.publish(tx, caller, startAsked, factOf(payment));
      } else if (!isOpen(payment.state)) throw new NotThatNow({ paymentId, state: payment.state });
      const attempt = await attempts.current(tx, paymentId, 'start');
      return attempt?.state === 'pending' ? attempt.id : null;
    });
    const answer = begun === null ? null : await asking.ask(caller, begun);
    const payment = (await this.#deps.payments.find(db, paymentId))!;
    return { payment, known: payment.state !== 'created' || answer === 'done' };
  }

  /** @param amount absent: all. @throws PaymentNotFound, NotThatNow, CaptureTooMuch, ActionUnderWay */
  async capture(caller: Caller, tx: Tx, paymentId: string, amount?: number, visible?: Visible): Promise<Payment> {
    const payment = await this.#lock(tx, paymentId, visible);
    if (payment.state !== 'authorized') throw new NotThatNow({ paymentId, state: payment.state });
    const capture = amount ?? payment.amount;
    if (capture > payment.amount) throw new CaptureTooMuch({ paymentId, amount });
    await this.#alone(tx, payment);
    if (!(await this.#deps.asking.decide(tx, paymentId, 'capture', { amount: capture }))) throw new ActionUnderWay({ paymentId });
    await this.#deps.log.publish(tx, caller, captureAsked, { ...factOf(payment), capture });
    return shownOf(payment);
  }
  /** What no provider has heard of ends here; the rest when the provider says so. @throws PaymentNotFound, NotThatNow, ActionUnderWay */
  async cancel(caller: Caller, tx: Tx, paymentId: string, visible?: Visible): Promise<Payment> {
    const { attempts, asking, log, payments } = this.#deps;
    const payment = await this.#lock(tx, paymentId, visible);
    if (!isOpen(payment.state) && payment.state !== 'authorized') throw new NotThatNow({ paymentId, state: payment.state });
    await log.publish(tx, caller, cancelAsked, factOf(payment));
    if (payment.state === 'created') attempts.withdraw(tx, paymentId);
    if (payment.state === 'created' && (await attempts.openOf(tx, paymentId)).length === 0) {
      const after = await payments.update(tx, { ...payment, state: 'canceled', pollIn: null });
      await log.publish(tx, caller, paymentCanceled, { ...factOf(after), from: payment.state, to: 'canceled' });
      return after;
    }
    await this.#alone(tx, payment);
    if (!(await asking.decide(tx, paymentId, 'cancel', {}))) throw new ActionUnderWay({ paymentId });
    return shownOf(payment);
  }
  /** @throws PaymentNotFound, NotThatNow; the database RefundTooMuch */
  async refund(caller: Caller, tx: Tx, paymentId: string, { amount, reason }: NewRefund, visible?: Visible): Promise<Refund> {
    const { refunds, asking, log } = this.#deps;
    const payment = await this.#lock(tx, paymentId, visible);
    if (payment.captured === 0) throw new NotThatNow({ paymentId, state: payment.state });
    const left = payment.captured - payment.refunding - payment.disputed;
    if (amount === undefined && left <= 0) throw new NotThatNow({ paymentId, state: payment.state });
    const refund = await refunds.insert(tx, { id: uuidv7(), paymentId, reference: null, amount: amount ?? left, reason });
    await asking.decide(tx, paymentId, `refund:${refund.id}`, { amount: refund.amount });
    await log.publish(tx, caller, refundAsked, { ...factOf(payment), refundId: refund.id, refund: refund.amount }, { reason });
    return refund;
  }

  /**
   * For features: money of a payment is where it should not be, and a person must see it. While such a case is open, none is added.
   * @param what differs, within the payment.
   */
  raise(caller: Caller, tx: Tx, paymentId: string, what: string, details: Readonly<Record<string, unknown>>): Promise<void> {
    return this.#deps.openCase(caller, tx, { kind: 'state', subject: `${paymentId}:${what}`, paymentId, details: { ...details } });
  }

  // ---- Reading

  list(visible: Visible, query: PaymentQuery, page: PageRequest): Promise<Page<Payment>> {
    return this.#deps.payments.list(this.#deps.db, visible, query, page);
  }
  async get(paymentId: string, visible: Visible): Promise<Payment> {
    const payment = await this.#deps.payments.findVisible(this.#deps.db, visible, paymentId);
    if (!payment) throw new PaymentNotFound({ paymentId });
    return payment;
  }
  async timeline(paymentId: string, visible: Visible): Promise<Timeline> {
    await this.get(paymentId, visible);
    return this.#deps.payments.timeline(this.#deps.db, paymentId);
  }
  /** What providers were asked for, of many payments at once: for the timeline. */
  attemptsOf(visible: Visible, paymentIds: readonly string[], limit: number): Promise<LinkedAttempt[]> {
    return linkedAttempts(this.#deps.db, visible, paymentIds, limit);
  }
  async listRefunds(paymentId: string, visible: Visible): Promise<Refund[]> {
    await this.get(paymentId, visible);
    return this.#deps.refunds.list(this.#deps.db, paymentId);
  }
  listDisputes(state: Dispute['state'] | undefined, page: PageRequest): Promise<Page<Dispute>> {
    return this.#deps.refunds.disputes(this.#deps.db, state, page);
  }
  find(on: Runner, paymentId: string): Promise<Payment | undefined> {
    return this.#deps.payments.find(on, paymentId);
  }
  ofPurpose(on: Runner, type: string, id: string): Promise<Payment[]> {
    return this.#deps.payments.ofPurpose(on, type, id);
  }

  // ---- Jobs

  /** Asks how those stand that nobody told of: webhooks are lost, and payers close tabs (S27). */
  async poll(): Promise<void> {
    const { db, payments, jobs, asking } = this.#deps;
    await asking.revive();
    let found: number;
    do {
      found = await db.transaction(async (tx) => {
        const ids = await payments.due(tx, POLLED_AT_ONCE);
        for (const paymentId of ids) await jobs.enqueue(tx, look, { paymentId }, { key: paymentId });
        return ids.length;
      });
    } while (found === POLLED_AT_ONCE);
  }
  async look(caller: Caller, paymentId: string): Promise<void> {
    const { db, payments, providers, hearing } = this.#deps;
    const payment = await payments.find(db, paymentId);
    if (!payment) return;
    const snapshot = await providers.get(payment.provider).find({ paymentId, reference: payment.reference });
    if (snapshot) await db.transaction((tx) => hearing.hear(caller, tx, payment.provider, snapshot, 'asked'));
  }

  /** What is nobody's here is let be: others may use the same account. */
  async trace(caller: Caller, provider: string, reference: string): Promise<void> {
    const { db, providers, hearing } = this.#deps;
    const snapshot = await providers.get(provider).find({ paymentId: null, reference });
    if (snapshot) await db.transaction((tx) => hearing.hear(caller, tx, provider, snapshot, 'asked'));
  }

  async #lock(tx: Tx, paymentId: string, visible: Visible | undefined): Promise<PaymentRow> {
    const { payments } = this.#deps;
    const payment = await (visible ? payments.lockVisible(tx, visible, paymentId) : payments.lock(tx, paymentId));
    if (!payment) throw new PaymentNotFound({ paymentId });
    return payment;
  }
  /** Capture and cancellation do not go together: what is under way comes to its end first. */
  async #alone(tx: Tx, { id }: Payment): Promise<void> {
    const open = await this.#deps.attempts.openOf(tx, id);
    if (open.some(({ action }) => action !== 'start')) throw new ActionUnderWay({ paymentId: id });
  }
}

const shownOf = ({ seenAt: _seenAt, polls: _polls, ...payment }: PaymentRow): Payment => payment;
