import type Stripe from 'stripe';
import type { Movement } from '../provider.ts';
import { fromStripe } from './amounts.ts';
import { reading } from './client.ts';
import { feeOf, instant, movedBy, ours, PAYMENT } from './snapshot.ts';

// Stripe's balance, transaction by transaction. What is no payment of anybody, payouts to the bank and fees of the account, is none
// of the ledger's.

type Moved = Stripe.BalanceTransaction;
/** By `reporting_category`, which tells disputes and failed refunds apart where `type` says `adjustment` of both. */
const KINDS: Readonly<Record<string, Movement['kind']>> = {
  charge: 'capture',
  charge_failure: 'capture',
  refund: 'refund',
  refund_failure: 'refund-failed',
  dispute: 'dispute',
  dispute_reversal: 'dispute-won',
};

/** Everything from `from` up to before `to`, page by page. */
export async function* reportOf(
  stripe: Stripe,
  { from, to }: { readonly from: string; readonly to: string },
): AsyncGenerator<readonly Movement[]> {
  const [gte, lt] = [from, to].map((time) => Math.ceil(Date.parse(time) / 1000));
  for (let after: string | undefined; ;) {
    const page: Stripe.ApiList<Moved> = await reading(() =>
      stripe.balanceTransactions.list({
        created: { gte: gte!, lt: lt! },
        limit: 100,
        expand: ['data.source'],
        ...(after !== undefined && { starting_after: after }),
      }),
    );
    yield page.data.flatMap(movementsOf);
    if (!page.has_more) return;
    after = page.data.at(-1)!.id;
  }
}

function movementsOf(moved: Moved): Movement[] {
  const kind = KINDS[moved.reporting_category];
  if (kind === undefined) return [];
  const source = moved.source as Stripe.Charge | Stripe.Refund | Stripe.Dispute | null;
  // It is booked once it has succeeded.
  if (source?.object === 'refund' && (source.status === 'pending' || source.status === 'requires_action')) return [];
  const currency = (source?.currency ?? moved.currency).toUpperCase();
  const amount = amountOf(moved, source, currency);
  const about = {
    reference: source?.id ?? moved.id,
    paymentId: source ? ours(source.metadata, PAYMENT) : null,
    currency,
    at: instant(moved.created),
  };
  const fee = feeOf(feeSource(moved, source), Math.abs(amount));
  const movements: Movement[] = [{ ...about, kind, amount }];
  if (fee > 0) movements.push({ ...about, kind: kind === 'dispute' ? 'dispute-fee' : 'fee', amount: -fee });
  // Given back: rare, and for a person to see.
  else if (moved.fee < 0) movements.push({ ...about, kind: 'fee', amount: -moved.fee });
  return movements;
}
/** In the currency of the payment: what was charged, not what it became in that of the balance. */
function amountOf(moved: Moved, source: Stripe.Charge | Stripe.Refund | Stripe.Dispute | null, currency: string): number {
  if (!source || moved.currency === source.currency) return fromStripe(moved.amount, currency);
  return Math.sign(moved.amount) * fromStripe(source.object === 'charge' ? source.amount_captured : source.amount, currency);
}
/** Both sides of a reconciliation round the same numbers. */
const feeSource = (moved: Moved, source: Stripe.Charge | Stripe.Refund | Stripe.Dispute | null): Pick<Moved, 'fee' | 'amount'> =>
  source?.object === 'dispute' && moved.reporting_category === 'dispute' ? (movedBy(source, 'dispute') ?? moved) : moved;
