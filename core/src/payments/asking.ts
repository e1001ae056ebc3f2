import { type Caller, type Database, type EventLog, type Jobs, type Logger, snooze, type Tx, uuidv7 } from '@plinth/kit';
import { type Action, type AttemptsRepository, type Held, LEASE_SECONDS } from './attempts.repository.ts';
import { act, actionRefused, paymentFailed, type Payment, refundFailed } from './contract.ts';
import { factOf, type Hearing } from './hearing.ts';
import { type Provider, ProviderRefused, type Snapshot, type StartOrder } from './provider.ts';
import type { Providers } from './providers/create.ts';
import type { RefundsRepository } from './refunds.repository.ts';
import type { PaymentsRepository } from './repository.ts';
import { isOpen } from './transitions.ts';

interface Deps {
  readonly db: Database;
  readonly log: EventLog;
  readonly jobs: Jobs;
  readonly logger: Logger;
  readonly payments: PaymentsRepository;
  readonly attempts: AttemptsRepository;
  readonly refunds: RefundsRepository;
  readonly providers: Providers;
  readonly hearing: Hearing;
}
/** What came of asking: `unknown` is asked about again by the job. */
export type Answer = 'done' | 'refused' | 'unknown' | 'busy';

/**
 * Asks providers to do things, each thing once. The row of what is asked is there before anybody is asked (S25), a lease with a fence
 * is held meanwhile (S7), and the provider's key is made of the payment and the action (S8). Where no answer came, the provider is
 * asked what it did before anything is asked of it again (S10).
 */
export class Asking {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Decided with `tx`, done by a job after it. @returns false where the same was decided before. */
  async decide(tx: Tx, paymentId: string, action: Action, request: Readonly<Record<string, unknown>>, afterSeconds = 0): Promise<boolean> {
    const attemptId = uuidv7();
    if (!(await this.#deps.attempts.insert(tx, { id: attemptId, paymentId, action, request }))) return false;
    await this.#deps.jobs.enqueue(tx, act, { attemptId }, { key: attemptId, after: afterSeconds });
    return true;
  }

  /** As the job: until it is known. */
  async run(caller: Caller, attemptId: string): Promise<void> {
    const answer = await this.ask(caller, attemptId);
    if (answer === 'unknown') throw snooze(5);
    if (answer === 'busy') throw snooze(LEASE_SECONDS);
  }

  /** Once. @returns `done` also where it was settled before. */
  async ask(caller: Caller, attemptId: string, signal?: AbortSignal): Promise<Answer> {
    const { db, attempts, payments, providers, logger } = this.#deps;
    const held = await db.transaction((tx) => attempts.take(tx, attemptId));
    if (!held) return (await this.#isSettled(attemptId)) ? 'done' : 'busy';
    const payment = (await payments.find(db, held.paymentId))!;
    try {
      signal?.throwIfAborted();
      // Of what the provider may be beginning with just now there is nothing to be asked yet.
      if (held.action !== 'start' && payment.reference === null) {
        if (isOpen(payment.state)) return await this.#leave(held, 'it is not known yet how it began');
        throw new ProviderRefused('never_begun');
      }
      const snapshot = await this.#outcome(providers.get(payment.provider), payment, held);
      if (snapshot === null) return await this.#leave(held, 'no word of it yet');
      await this.#settle(caller, held, payment, snapshot);
      return 'done';
    } catch (error) {
      if (error instanceof ProviderRefused) return this.#refused(caller, held, error.code);
      logger.warn({ err: error, payment: payment.id, action: held.action }, 'a provider did not answer: it is asked what it did');
      return this.#leave(held, (error as Error).message.slice(0, 300));
    }
  }

  /** @returns null: the provider knows nothing of it, and what was asked may still be under way. */
  async #outcome(provider: Provider, payment: Payment, held: Held): Promise<Snapshot | null> {
    if (held.asked) {
      const found = await provider.find({ paymentId: payment.id, reference: payment.reference });
      if (found && tookEffect(found, held)) return found;
      // Only now that it said no, and nothing can be under way, it is asked again, under the same key.
      if (held.age < provider.settleSeconds) return null;
      // It has forgotten our key, under which it would now do it twice. Told of it after all, a person sees it.
      if (held.age >= provider.keySeconds) throw new ProviderRefused('outcome_too_old');
    }
    return call(provider, payment, held);
  }

  async #settle(caller: Caller, held: Held, payment: Payment, snapshot: Snapshot): Promise<void> {
    const { db, attempts, hearing } = this.#deps;
    await db.transaction(async (tx) => {
      // The payment first: webhooks take their locks in this order too.
      await hearing.hear(caller, tx, payment.provider, snapshot);
      if (!(await attempts.settle(tx, held, 'done', null))) throw new Error('the lease passed to another');
    });
  }
  async #leave(held: Held, error: string): Promise<'unknown'> {
    const { db, attempts, jobs } = this.#deps;
    await db.transaction(async (tx) => {
      if (!(await attempts.settle(tx, held, 'unknown', error))) return;
      await jobs.enqueue(tx, act, { attemptId: held.id }, { key: held.id, after: 2 });
    });
    return 'unknown';
  }
  /** It said no: nothing moved, and what waited for it is let go. */
  async #refused(caller: Caller, held: Held, failure: string): Promise<'refused'> {
    const { db, attempts, payments, log } = this.#deps;
    const [action, refundId] = held.action.split(':') as ['start' | 'capture' | 'cancel' | 'refund', string | undefined];
    await db.transaction(async (tx) => {
      const before = (await payments.lock(tx, held.paymentId))!;
      if (!(await attempts.settle(tx, held, 'refused', failure.slice(0, 300)))) return;
      if (refundId) await this.#letGo(caller, tx, before, refundId, held.request['amount'] as number, failure);
      await log.publish(tx, caller, actionRefused, { ...factOf(before), action, failure });
      if (action !== 'start' || !isOpen(before.state)) return;
      const after = await payments.update(tx, { ...before, state: 'failed', failure, checkoutUrl: null, pollIn: null });
      await log.publish(tx, caller, paymentFailed, { ...factOf(after), from: before.state, to: 'failed', failure });
    });
    return 'refused';
  }
  async #letGo(caller: Caller, tx: Tx, payment: Payment, refundId: string, refund: number, failure: string): Promise<void> {
    const { refunds, log } = this.#deps;
    if ((await refunds.settle(tx, { id: refundId, from: 'pending', reference: null, state: 'failed', failure })) === 0) return;
    const { state, refunded } = payment;
    await log.publish(tx, caller, refundFailed, { ...factOf(payment), refundId, refund, from: state, to: state, refunded, failure });
  }
  async #isSettled(id: string): Promise<boolean> {
    return (await this.#deps.attempts.stateOf(this.#deps.db, id)) !== 'calling';
  }
}

function call(provider: Provider, payment: Payment, { action, key, request }: Held): Promise<Snapshot> {
  const known = { paymentId: payment.id, reference: payment.reference, amount: payment.amount, currency: payment.currency };
  if (action === 'start') {
    const { amount, currency, capture, description } = payment;
    const { method = null, returnUrl = null } = request as Partial<Pick<StartOrder, 'method' | 'returnUrl'>>;
    return provider.start({ paymentId: payment.id, amount, currency, capture, description, method, returnUrl }, key);
  }
  if (action === 'capture') return provider.capture(known, request['amount'] as number, key);
  if (action === 'cancel') return provider.cancel(known, key);
  return provider.refund(known, { refundId: refundOf(action), amount: request['amount'] as number }, key);
}
const refundOf = (action: `refund:${string}`): string => action.slice('refund:'.length);

/** Whether the provider did what was asked, by what it holds now. */
function tookEffect({ state, refunds }: Snapshot, { action }: Held): boolean {
  if (action === 'start') return true;
  if (action === 'capture') return state === 'captured';
  if (action === 'cancel') return state === 'canceled';
  return refunds.some(({ refundId }) => refundId === refundOf(action));
}
