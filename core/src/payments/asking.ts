import { type Caller, type Database, type EventLog, type Jobs, type Logger, type Tx, uuidv7 } from '@plinth/kit';
import { type Action, type AttemptsRepository, type Held, LEASE_SECONDS } from './attempts.repository.ts';
import type { CloseCase, OpenCase } from './cases.ts';
import { act, actionRefused, paymentFailed, type Payment, refundFailed } from './contract.ts';
import type { Hearing } from './hearing.ts';
import { type Provider, ProviderRefused, type Snapshot, type StartOrder } from './provider.ts';
import type { Providers } from './providers/create.ts';
import type { RefundsRepository } from './refunds.repository.ts';
import type { PaymentsRepository } from './repository.ts';
import { isOpen } from './transitions.ts';
import { factOf } from './writing.ts';

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
  readonly openCase: OpenCase;
  readonly closeCase: CloseCase;
}
/** Without word of it for so long, a person looks too. */
const CASE_AFTER_SECONDS = 3600;
/**
 * Two seconds, four, eight … five minutes: a provider that is away is not asked ever more. Servers that die count as asking does, so
 * while little time has passed it is asked soon all the same.
 */
const askAgainIn = (fence: number, age: number): number => Math.min(2 ** Math.min(fence, 9), Math.max(15, Math.ceil(age / 8)), 300);
/** A job that has not asked so long after it should have died. */
const OVERDUE_SECONDS = 60;
const OVERDUE_AT_ONCE = 100;
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
    if (!(await this.#deps.attempts.insert(tx, { id: attemptId, paymentId, action, request }, afterSeconds))) return false;
    await this.#deps.jobs.enqueue(tx, act, { attemptId }, { key: attemptId, after: afterSeconds });
    return true;
  }

  /** As the job: what is not known then is asked about by the next. */
  async run(caller: Caller, attemptId: string): Promise<void> {
    const answer = await this.ask(caller, attemptId);
    if (answer === 'busy') await this.#deps.db.transaction((tx) => this.#askAgain(tx, attemptId, LEASE_SECONDS));
  }
  /** Whose job has died: it gets another. */
  async revive(): Promise<void> {
    const { db, attempts } = this.#deps;
    let found: number;
    do {
      found = await db.transaction(async (tx) => {
        const ids = await attempts.overdue(tx, OVERDUE_SECONDS, OVERDUE_AT_ONCE);
        for (const id of ids) await this.#askAgain(tx, id, 0);
        return ids.length;
      });
    } while (found === OVERDUE_AT_ONCE);
  }
  /** One waiting job an attempt, however many ask for it. */
  async #askAgain(tx: Tx, attemptId: string, afterSeconds: number): Promise<void> {
    await this.#deps.jobs.enqueue(tx, act, { attemptId }, { key: attemptId, after: afterSeconds });
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
        if (isOpen(payment.state)) return await this.#leave(caller, held, 'start_not_known_yet');
        throw new ProviderRefused('never_begun');
      }
      const snapshot = await this.#outcome(providers.get(payment.provider), payment, held);
      if (snapshot === null) return await this.#leave(caller, held, 'not_known_there_yet');
      await this.#settle(caller, held, payment, snapshot);
      return 'done';
    } catch (error) {
      if (error instanceof ProviderRefused) return this.#refused(caller, held, error.code);
      logger.warn({ err: error, payment: payment.id, action: held.action }, 'a provider did not answer: it is asked what it did');
      return this.#leave(caller, held, 'no_answer');
    }
  }

  /** @returns null: the provider knows nothing of it, and what was asked may still be under way. */
  async #outcome(provider: Provider, payment: Payment, held: Held): Promise<Snapshot | null> {
    if (held.asked) {
      const found = await this.#look(provider, payment);
      if (found && tookEffect(found, held)) return found;
      // Only now that it said no, and no call of ours can be under way, it is asked again, under the same key.
      if (held.quiet < provider.settleSeconds) return null;
      // It has forgotten our key, under which it would now do it twice. Told of it after all, a person sees it.
      if (held.age >= provider.keySeconds) throw new ProviderRefused('outcome_too_old');
      if (!(await this.#deps.attempts.calling(this.#deps.db, held))) throw new Error('the lease passed to another');
    }
    return call(provider, payment, held);
  }

  /** That we may not look says nothing about what was done. */
  async #look(provider: Provider, { id: paymentId, reference }: Payment): Promise<Snapshot | null> {
    try {
      return await provider.find({ paymentId, reference });
    } catch (error) {
      throw new Error('the provider did not say what it did', { cause: error });
    }
  }

  async #settle(caller: Caller, held: Held, payment: Payment, snapshot: Snapshot): Promise<void> {
    const { db, attempts, hearing } = this.#deps;
    await db.transaction(async (tx) => {
      // The payment first: webhooks take their locks in this order too.
      await hearing.hear(caller, tx, payment.provider, snapshot, 'asked');
      if (!(await attempts.settle(tx, held, { state: 'done', error: null, askIn: 0 }))) throw new Error('the lease passed to another');
      await this.#known(caller, tx, held);
    });
  }
  /** @param error a machine's word: the payer reads it. */
  async #leave(caller: Caller, held: Held, error: string): Promise<'unknown'> {
    const { db, attempts, openCase } = this.#deps;
    const { id, fence, key, action, paymentId, age } = held;
    const askIn = askAgainIn(fence, age);
    await db.transaction(async (tx) => {
      if (!(await attempts.settle(tx, held, { state: 'unknown', error, askIn }))) return;
      await this.#askAgain(tx, id, askIn);
      if (age >= CASE_AFTER_SECONDS)
        await openCase(caller, tx, { kind: 'unknown', subject: key, paymentId, details: { action, error, seconds: age } });
    });
    return 'unknown';
  }
  async #known(caller: Caller, tx: Tx, { key, age }: Held): Promise<void> {
    if (age >= CASE_AFTER_SECONDS) await this.#deps.closeCase(caller, tx, 'unknown', key, 'the provider said what it did');
  }
  /** It said no: nothing moved, and what waited for it is let go. */
  async #refused(caller: Caller, held: Held, failure: string): Promise<'refused'> {
    const { db, attempts, payments, log } = this.#deps;
    const [action, refundId] = held.action.split(':') as ['start' | 'capture' | 'cancel' | 'refund', string | undefined];
    await db.transaction(async (tx) => {
      const before = (await payments.lock(tx, held.paymentId))!;
      if (!(await attempts.settle(tx, held, { state: 'refused', error: failure.slice(0, 300), askIn: 0 }))) return;
      await this.#known(caller, tx, held);
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
