import { type Caller, type EventLog, type Tx, uuidv7 } from '@plinth/kit';
import type { CloseCase } from './cases.ts';
import { type Dispute, disputeClosed, paymentDisputed, paymentRefunded, type Refund, refundFailed } from './contract.ts';
import { onDispute, onDisputeWon, onRefund, onRefundFailed } from './ledger.ts';
import type { DisputeSnapshot, RefundSnapshot, Snapshot } from './provider.ts';
import type { RefundsRepository } from './refunds.repository.ts';
import { factOf, type Heard, partiesOf, pollAgainIn, stateAfter, type Writing } from './writing.ts';

interface Deps {
  readonly log: EventLog;
  readonly refunds: RefundsRepository;
  readonly writing: Writing;
  readonly closeCase: CloseCase;
}
const byHand = 'made at the provider';
const sumOf = (some: readonly { amount: number; state: string }[]): number =>
  some.reduce((sum, { amount, state }) => (state === 'failed' ? sum : sum + amount), 0);

/** Hears what follows a capture: refunds and disputes, ours and those made at the provider. */
export class AfterCapture {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** What has gone again at the provider counts before anybody hears of the capture: they might give it back once more. */
  async gone(tx: Tx, { id: paymentId, captured }: Heard, { refunds: refunded, disputes }: Snapshot): Promise<void> {
    const { refunds } = this.#deps;
    let left = captured;
    for (const { state, reference, amount } of refunded) {
      if (state === 'failed' || amount > left) continue;
      left -= amount;
      await refunds.insert(tx, { id: uuidv7(), paymentId, reference, amount, reason: byHand });
    }
    for (const { reference, amount, fee, reason, at: openedAt } of disputes)
      await refunds.insertDispute(tx, { id: uuidv7(), paymentId, reference, amount, fee, reason, openedAt });
  }

  async refunds(caller: Caller, tx: Tx, payment: Heard, { refunds: said }: Snapshot): Promise<Heard> {
    if (said.length === 0) return payment;
    const { refunds, writing } = this.#deps;
    const known = await refunds.list(tx, payment.id);
    let row = payment;
    for (const each of said) {
      let local = known.find(({ id, reference }) => id === each.refundId || reference === each.reference);
      const left = row.captured - sumOf(known);
      if (!local) {
        if (each.state === 'failed' && each.returnedAt === null) continue;
        // No room for it beside ours that wait: those the provider will refuse, and then this one is heard.
        if (each.amount > left) {
          await this.#differs(caller, tx, row, each, { refunding: sumOf(known), captured: row.captured });
          row = await writing.step(tx, { ...row, pollIn: pollAgainIn(row.polls) }, row.state);
          continue;
        }
        local = await this.#madeThere(caller, tx, row, each);
        known.push(local);
      }
      const { state, amount } = local;
      if (state === each.state && state !== 'pending') continue;
      if (state === 'succeeded' && each.state === 'pending') continue;
      // Given after all, though it was held for refused: nobody had told us of it.
      const after = state === 'failed' && local.reference === null && each.state === 'succeeded' && amount <= left;
      // A refund that was given may fail; nothing else that is settled moves.
      if (amount !== each.amount || (state === 'failed' && !after)) {
        await this.#differs(caller, tx, row, each, { amount, state });
        continue;
      }
      row = await this.#settle(caller, tx, row, local, each);
      known.splice(known.indexOf(local), 1, { ...local, state: each.state, reference: each.reference });
      // It may have been given twice by now.
      if (after) await writing.differ(caller, tx, row, 'state', each.reference, { refundId: local.id, from: state, to: each.state });
    }
    return row;
  }
  /** By hand, at the provider: what is back with the payer counts like any other. */
  async #madeThere(caller: Caller, tx: Tx, { id: paymentId }: Heard, { reference, amount }: RefundSnapshot): Promise<Refund> {
    const local = await this.#deps.refunds.insert(tx, { id: uuidv7(), paymentId, reference, amount, reason: byHand });
    await this.#deps.closeCase(caller, tx, 'mismatch', `${paymentId}:${reference}`, 'there was room for it');
    return local;
  }
  #differs(
    caller: Caller,
    tx: Tx,
    row: Heard,
    { reference, amount, state }: RefundSnapshot | DisputeSnapshot,
    held: object,
  ): Promise<void> {
    return this.#deps.writing.differ(caller, tx, row, 'mismatch', reference, { said: { amount, state }, held });
  }
  async #settle(caller: Caller, tx: Tx, before: Heard, local: Refund, said: RefundSnapshot): Promise<Heard> {
    const { refunds, log, writing } = this.#deps;
    const { id: refundId } = local;
    await refunds.settle(tx, { id: refundId, from: local.state, reference: said.reference, state: said.state, failure: said.failure });
    if (said.state === 'pending') return before;
    const refund = { refundId, refund: said.amount };
    if (said.state === 'failed') return this.#fail(caller, tx, before, local, said);
    const refunded = before.refunded + said.amount;
    // A dispute covers it until that is decided.
    const to = before.state === 'disputed' ? 'disputed' : stateAfter(before.captured, refunded);
    const after = await writing.step(tx, before, to);
    writing.post(tx, after, onRefund(partiesOf(after), said.reference, said.at, said.amount));
    await log.publish(tx, caller, paymentRefunded, { ...factOf(after), ...refund, from: before.state, to, refunded });
    return after;
  }
  /** What had been given is ours again, and may be given back once more. */
  async #fail(caller: Caller, tx: Tx, before: Heard, local: Refund, said: RefundSnapshot): Promise<Heard> {
    const { log, writing } = this.#deps;
    const given = local.state === 'succeeded';
    const refunded = before.refunded - (given ? said.amount : 0);
    const to = !given || before.state === 'disputed' ? before.state : stateAfter(before.captured, refunded);
    const after = given ? await writing.step(tx, before, to) : before;
    const [parties, { reference, at, amount }] = [partiesOf(before), said];
    // Money that left and came back is booked both ways, also where nobody heard of the first.
    if (!given && said.returnedAt !== null) writing.post(tx, before, onRefund(parties, reference, at, amount));
    if (given || said.returnedAt !== null) writing.post(tx, before, onRefundFailed(parties, reference, said.returnedAt ?? at, amount));
    const fact = { ...factOf(before), refundId: local.id, refund: amount, from: before.state, to, refunded };
    await log.publish(tx, caller, refundFailed, { ...fact, failure: said.failure });
    return after;
  }

  /** @param fresh captured just now: their rows are there (`gone`), and nobody was told. */
  async disputes(caller: Caller, tx: Tx, payment: Heard, { disputes: said }: Snapshot, fresh: boolean): Promise<void> {
    if (said.length === 0) return;
    const known = new Map((await this.#deps.refunds.disputesOf(tx, payment.id)).map((each) => [each.reference, each]));
    let row = payment;
    // All that are new come first: none is closed as if it were the only one.
    for (const each of said) {
      const local = known.get(each.reference);
      if (local && !fresh) continue;
      const opened = local ?? (await this.#disputed(tx, row, each));
      known.set(each.reference, opened);
      row = await this.#open(caller, tx, row, opened, each);
    }
    for (const each of said) {
      const local = known.get(each.reference)!;
      if (local.amount !== each.amount) {
        await this.#differs(caller, tx, row, each, { amount: local.amount, state: local.state });
        continue;
      }
      if (local.state !== 'open' || each.state === 'open') continue;
      known.set(each.reference, { ...local, state: each.state });
      // Back to where it was once every one is won; lost, the money is gone: it stays disputed.
      const over = [...known.values()].every(({ state }) => state === 'won');
      row = await this.#close(caller, tx, row, local.id, each, over);
    }
  }
  #disputed(tx: Tx, { id: paymentId }: Heard, { reference, amount, fee, reason, at: openedAt }: DisputeSnapshot): Promise<Dispute> {
    return this.#deps.refunds.insertDispute(tx, { id: uuidv7(), paymentId, reference, amount, fee, reason, openedAt });
  }
  async #open(caller: Caller, tx: Tx, before: Heard, { id: disputeId }: Dispute, said: DisputeSnapshot): Promise<Heard> {
    const { log, writing } = this.#deps;
    const { reference, amount: disputed, fee, reason, at } = said;
    const after = await writing.step(tx, before, 'disputed');
    writing.post(tx, after, onDispute(partiesOf(after), reference, at, disputed, fee));
    await log.publish(tx, caller, paymentDisputed, { ...factOf(after), disputeId, disputed, reason, from: before.state, to: 'disputed' });
    return after;
  }
  async #close(caller: Caller, tx: Tx, before: Heard, disputeId: string, said: DisputeSnapshot, over: boolean): Promise<Heard> {
    const { refunds, log, writing } = this.#deps;
    const outcome = said.state === 'won' ? 'won' : 'lost';
    await refunds.closeDispute(tx, disputeId, outcome, said.closedAt);
    const to = over ? stateAfter(before.captured, before.refunded) : before.state;
    const after = await writing.step(tx, before, to);
    const { amount: disputed, reason, reference, closedAt, at } = said;
    if (outcome === 'won') writing.post(tx, after, onDisputeWon(partiesOf(after), reference, closedAt ?? at, disputed));
    await log.publish(tx, caller, disputeClosed, { ...factOf(after), disputeId, disputed, reason, from: before.state, to, outcome });
    return after;
  }
}
