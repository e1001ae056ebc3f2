import type { Caller, Tx } from '@plinth/kit';
import type { OpenCase } from './cases.ts';
import type { Payment, PaymentFact } from './contract.ts';
import type { LedgerRepository } from './ledger.repository.ts';
import type { NewPosting } from './ledger.ts';
import { MOST_POLLS, type PaymentRow, type PaymentsRepository } from './repository.ts';
import type { PaymentState } from './transitions.ts';

interface Deps {
  readonly payments: PaymentsRepository;
  readonly ledger: LedgerRepository;
  readonly openCase: OpenCase;
}
/** A payment while it is heard of. */
export type Heard = PaymentRow & {
  /** Seconds until the provider is asked again; null: it is not waited for. */
  readonly pollIn: number | null;
};
/** Seconds until a payment that is waited for is asked about; then ever more rarely. */
const POLL_IN = 60;
/** @returns null once it is left to reconciliation. */
export const pollAgainIn = (polls: number): number | null =>
  polls >= MOST_POLLS ? null : Math.min(POLL_IN * 2 ** Math.min(polls, 6), 3600);

export const factOf = ({ id: paymentId, purpose, provider, reference, amount, currency }: Payment): PaymentFact => ({
  paymentId,
  purpose,
  provider,
  reference,
  amount,
  currency,
});
export const partiesOf = ({ payerId, provider }: Payment) => ({ payer: payerId ?? 'nobody', provider });
export const stateAfter = (captured: number, refunded: number): PaymentState =>
  refunded === 0 ? 'captured' : refunded < captured ? 'partially_refunded' : 'refunded';

/** What hearing writes: a step, what is booked, what a person must see. */
export class Writing {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }
  async step(tx: Tx, before: Heard, state: PaymentState): Promise<Heard> {
    return { ...before, ...(await this.#deps.payments.update(tx, { ...before, state })) };
  }
  post(tx: Tx, { id, currency }: Payment, postings: readonly NewPosting[]): void {
    for (const posting of postings) this.#deps.ledger.post(tx, id, currency, posting);
  }
  /** @param what differs, within the payment. */
  differ(
    caller: Caller,
    tx: Tx,
    { id }: Payment,
    kind: 'mismatch' | 'state',
    what: string,
    details: Record<string, unknown>,
  ): Promise<void> {
    return this.#deps.openCase(caller, tx, { kind, subject: `${id}:${what}`, paymentId: id, details });
  }
}
