import { createHash, randomUUID } from 'node:crypto';
import { exponentOf } from '../money.ts';
import type { Movement, Snapshot } from '../provider.ts';
import { type Method, methodOf } from './methods.ts';

// What the sandbox holds: its own truth about payments and money that moved, with rules of its own. It shares no state with the
// server and believes nothing it says beyond what a provider would.

export class SandboxError extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string) {
    super(code);
    this.status = status;
    this.code = code;
  }
}
type Mutable<T> = { -readonly [K in keyof T]: T[K] };
export interface Held extends Omit<Mutable<Snapshot>, 'refunds' | 'disputes'> {
  readonly capture: 'automatic' | 'manual';
  readonly description: string;
  readonly returnUrl: string | null;
  method: string | null;
  refunds: Mutable<Snapshot['refunds'][number]>[];
  disputes: Mutable<Snapshot['disputes'][number]>[];
}
export interface Booked extends Movement {
  readonly id: string;
}
interface Kept {
  readonly fingerprint: string;
  readonly status: number;
  readonly body: unknown;
}
/** All of it, as it is kept in a file. */
export interface Pages {
  payments: Held[];
  movements: Booked[];
  keys: [string, Kept][];
}
export type Happened = (type: string, payment: Held) => void;

const id = (kind: string): string => `${kind}_${randomUUID().replaceAll('-', '')}`;
const isAmount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;
const isText = (value: unknown, most: number): value is string => typeof value === 'string' && value.length > 0 && value.length <= most;

export class Book {
  readonly #payments = new Map<string, Held>();
  readonly #byMerchant = new Map<string, string>();
  readonly #movements: Booked[] = [];
  readonly #keys = new Map<string, Kept>();
  readonly #happened: Happened;
  readonly #checkoutUrl: (reference: string) => string;
  constructor(happened: Happened, checkoutUrl: (reference: string) => string, pages?: Pages) {
    this.#happened = happened;
    this.#checkoutUrl = checkoutUrl;
    for (const payment of pages?.payments ?? []) this.#keep(payment);
    this.#movements.push(...(pages?.movements ?? []));
    for (const [key, kept] of pages?.keys ?? []) this.#keys.set(key, kept);
  }
  pages(): Pages {
    return { payments: [...this.#payments.values()], movements: [...this.#movements], keys: [...this.#keys] };
  }

  /** Answers the first answer to every repetition of a key; another request under it is refused. */
  once(key: string | undefined, request: unknown, run: () => unknown): { status: number; body: unknown } {
    if (!isText(key, 255)) throw new SandboxError(400, 'idempotency_key_required');
    const fingerprint = createHash('sha256').update(JSON.stringify(request)).digest('base64url');
    const kept = this.#keys.get(key);
    if (kept && kept.fingerprint !== fingerprint) throw new SandboxError(409, 'idempotency_key_reused');
    if (kept) return kept;
    let answer: { status: number; body: unknown };
    try {
      answer = { status: 200, body: structuredClone(run()) };
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error;
      answer = { status: error.status, body: { error: error.code } };
    }
    this.#keys.set(key, { fingerprint, ...answer });
    return answer;
  }

  create(said: Readonly<Record<string, unknown>>): Snapshot {
    const { paymentId, amount, currency, capture = 'automatic', description = '', method = null, returnUrl = null } = said;
    if (!isText(paymentId, 100)) throw new SandboxError(422, 'payment_id_invalid');
    if (this.#byMerchant.has(paymentId)) throw new SandboxError(409, 'payment_id_taken');
    if (!isAmount(amount)) throw new SandboxError(422, 'amount_invalid');
    try {
      exponentOf(String(currency));
    } catch {
      throw new SandboxError(422, 'currency_invalid');
    }
    if (capture !== 'automatic' && capture !== 'manual') throw new SandboxError(422, 'capture_invalid');
    const chosen = typeof method === 'string' ? methodOf(method) : undefined;
    if (method !== null && !chosen) throw new SandboxError(422, 'method_unknown');
    const reference = id('pay');
    const payment: Held = {
      paymentId, reference, state: 'requires_action', amount, currency: String(currency), captured: 0, capturedAt: null, fee: 0, failure: null,
      url: this.#checkoutUrl(reference), refunds: [], disputes: [], at: now(), capture, description: String(description).slice(0, 500),
      returnUrl: typeof returnUrl === 'string' ? returnUrl : null, method: null,
    }; // prettier-ignore
    this.#keep(payment);
    if (chosen) this.#choose(payment, chosen);
    else this.#happened('payment.requires_action', payment);
    return snapshotOf(payment);
  }
  find(reference: string): Held {
    const payment = this.#payments.get(reference);
    if (!payment) throw new SandboxError(404, 'payment_unknown');
    return payment;
  }
  get(reference: string): Snapshot {
    return snapshotOf(this.find(reference));
  }
  byMerchant(paymentId: string): Snapshot | null {
    const reference = this.#byMerchant.get(paymentId);
    return reference === undefined ? null : this.get(reference);
  }

  /** On the page, the payer chooses how. */
  pay(reference: string, token: string): Held {
    const payment = this.find(reference);
    const method = methodOf(token);
    if (!method) throw new SandboxError(422, 'method_unknown');
    if (payment.state !== 'requires_action' || payment.method !== null) throw new SandboxError(409, 'not_payable');
    this.#choose(payment, method);
    return payment;
  }
  /** The second step, at the bank of the payer. */
  authenticate(reference: string, passed: boolean): Held {
    const payment = this.find(reference);
    if (payment.state !== 'requires_action' || payment.method === null) throw new SandboxError(409, 'not_authenticating');
    if (passed) this.#approve(payment);
    else this.#fail(payment, 'authentication_failed');
    return payment;
  }
  /** What `tok_processing` waits for. */
  finish(reference: string, failure: string | null): Held {
    const payment = this.find(reference);
    if (payment.state !== 'processing') throw new SandboxError(409, 'not_processing');
    if (failure === null) this.#approve(payment);
    else this.#fail(payment, failure);
    return payment;
  }
  capture(reference: string, amount: unknown): Snapshot {
    const payment = this.find(reference);
    if (payment.state !== 'authorized') throw new SandboxError(422, 'not_authorized');
    if (!isAmount(amount) || amount > payment.amount) throw new SandboxError(422, 'amount_invalid');
    this.#capture(payment, amount);
    return snapshotOf(payment);
  }
  cancel(reference: string): Snapshot {
    const payment = this.find(reference);
    if (!['requires_action', 'authorized'].includes(payment.state)) throw new SandboxError(422, 'not_cancelable');
    this.#change(payment, { state: 'canceled', url: null }, 'payment.canceled');
    return snapshotOf(payment);
  }
  refund(reference: string, said: Readonly<Record<string, unknown>>): Snapshot {
    const payment = this.find(reference);
    const { refundId = null, amount } = said;
    if (payment.state !== 'captured') throw new SandboxError(422, 'not_captured');
    const given = payment.refunds.filter(({ state }) => state !== 'failed').reduce((sum, refund) => sum + refund.amount, 0);
    const disputed = payment.disputes.filter(({ state }) => state !== 'won').reduce((sum, dispute) => sum + dispute.amount, 0);
    if (!isAmount(amount) || given + amount > payment.captured) throw new SandboxError(422, 'refund_too_much');
    if (disputed > 0 && given + disputed + amount > payment.captured) throw new SandboxError(422, 'refund_disputed');
    if (payment.method === 'tok_refund_refused') throw new SandboxError(422, 'refund_refused');
    const at = now();
    const refund = {
      refundId: refundId as string | null,
      reference: id('ref'),
      amount,
      state: 'succeeded' as const,
      failure: null,
      at,
      returnedAt: null,
    };
    payment.refunds.push(refund);
    this.#book('refund', refund.reference, payment, -amount, at);
    this.#change(payment, {}, 'refund.succeeded', at);
    return snapshotOf(payment);
  }
  /** Days later: the account that it went to is closed. */
  failRefund(reference: string, failure: string): Held {
    const payment = [...this.#payments.values()].find(({ refunds }) => refunds.some((each) => each.reference === reference));
    const refund = payment?.refunds.find((each) => each.reference === reference);
    if (!payment || refund?.state !== 'succeeded') throw new SandboxError(409, 'not_refunded');
    const at = now();
    Object.assign(refund, { state: 'failed', failure, returnedAt: at });
    this.#book('refund-failed', reference, payment, refund.amount, at);
    this.#change(payment, {}, 'refund.failed', at);
    return payment;
  }
  dispute(reference: string, reason = 'fraudulent'): Held {
    const payment = this.find(reference);
    if (payment.state !== 'captured') throw new SandboxError(422, 'not_captured');
    const refunded = payment.refunds.filter(({ state }) => state === 'succeeded').reduce((sum, refund) => sum + refund.amount, 0);
    const at = now();
    const fee = 15 * 10 ** exponentOf(payment.currency);
    const dispute = {
      reference: id('dsp'),
      amount: payment.captured - refunded || payment.captured,
      fee,
      reason,
      state: 'open' as const,
      at,
      closedAt: null,
    };
    payment.disputes.push(dispute);
    this.#book('dispute', dispute.reference, payment, -dispute.amount, at);
    this.#book('dispute-fee', dispute.reference, payment, -fee, at);
    this.#change(payment, {}, 'dispute.opened', at);
    return payment;
  }
  closeDispute(reference: string, outcome: unknown): Held {
    const payment = [...this.#payments.values()].find(({ disputes }) => disputes.some((each) => each.reference === reference));
    const dispute = payment?.disputes.find((each) => each.reference === reference);
    if (!payment || dispute?.state !== 'open') throw new SandboxError(409, 'not_open');
    if (outcome !== 'won' && outcome !== 'lost') throw new SandboxError(422, 'outcome_invalid');
    const at = now();
    dispute.state = outcome;
    dispute.closedAt = at;
    if (outcome === 'won') this.#book('dispute-won', dispute.reference, payment, dispute.amount, at);
    this.#change(payment, {}, 'dispute.closed', at);
    return payment;
  }
  report(from: string, to: string, after: string | null, limit: number): { movements: Booked[]; next: string | null } {
    const [low, high] = [Date.parse(from), Date.parse(to)];
    const all = this.#movements.filter(({ at }) => Date.parse(at) >= low && Date.parse(at) < high);
    const start = after === null ? 0 : all.findIndex((each) => each.id === after) + 1;
    const movements = all.slice(start, start + limit);
    return { movements, next: start + limit < all.length ? movements.at(-1)!.id : null };
  }
  /** Money that moved and nobody asked for: what reconciliation is there to find. */
  slip(movement: Omit<Booked, 'id'>): void {
    this.#movements.push({ ...movement, id: id('mov') });
  }

  #keep(payment: Held): void {
    this.#payments.set(payment.reference, payment);
    this.#byMerchant.set(payment.paymentId, payment.reference);
  }
  #choose(payment: Held, method: Method): void {
    payment.method = method.token;
    if (method.outcome === 'declined') this.#fail(payment, method.failure);
    else if (method.outcome === 'authenticates')
      this.#change(payment, { url: `${this.#checkoutUrl(payment.reference)}/authenticate` }, 'payment.requires_action');
    else if (method.outcome === 'processes') this.#change(payment, { state: 'processing', url: null }, 'payment.processing');
    else this.#approve(payment);
  }
  #approve(payment: Held): void {
    if (payment.capture === 'automatic') this.#capture(payment, payment.amount);
    else this.#change(payment, { state: 'authorized', url: null }, 'payment.authorized');
  }
  #capture(payment: Held, captured: number): void {
    const at = now();
    // 1.5 %, half up: what a provider keeps is its own affair, and known from it only.
    const fee = Math.floor((captured * 15 + 500) / 1000);
    this.#book('capture', payment.reference, payment, captured, at);
    if (fee > 0) this.#book('fee', payment.reference, payment, -fee, at);
    this.#change(payment, { state: 'captured', captured, capturedAt: at, fee, url: null }, 'payment.captured', at);
    // As soon as there is something to dispute.
    if (payment.method !== null && methodOf(payment.method)?.outcome === 'disputed') this.dispute(payment.reference);
  }
  #fail(payment: Held, failure: string): void {
    this.#change(payment, { state: 'failed', failure, url: null }, 'payment.failed');
  }
  #change(payment: Held, to: Partial<Held>, type: string, at = now()): void {
    Object.assign(payment, to, { at });
    this.#happened(type, payment);
  }
  #book(kind: Movement['kind'], reference: string, { paymentId, currency }: Held, amount: number, at: string): void {
    this.#movements.push({ id: id('mov'), kind, reference, paymentId, amount, currency, at });
  }
}

let last = 0;
/** No two changes at one time, so that their order can be told. */
function now(): string {
  last = Math.max(Date.now(), last + 1);
  return new Date(last).toISOString();
}
export const snapshotOf = ({
  paymentId,
  reference,
  state,
  amount,
  currency,
  captured,
  capturedAt,
  fee,
  failure,
  url,
  refunds,
  disputes,
  at,
}: Held): Snapshot =>
  // prettier-ignore
  structuredClone({ paymentId, reference, state, amount, currency, captured, capturedAt, fee, failure, url, refunds, disputes, at });
