interface Order {
  readonly state: string;
  readonly paymentId: string | null;
  readonly fulfilledAt: string | null;
  readonly disputes: number;
}
type Act = 'fulfil' | 'payAgain' | 'cancel';

/** Why something cannot be done with an order as it is; absent: it can. The server decides; this says it before one asks. */
export function whyNot({ state, paymentId, fulfilledAt, disputes }: Order): Readonly<Partial<Record<Act, string>>> {
  const unpaid = state === 'awaiting_payment' || state === 'payment_failed';
  const sendable = state === 'paid' || state === 'partially_refunded';
  const free = state === 'paid' && paymentId === null;
  return {
    ...(fulfilledAt !== null
      ? { fulfil: 'Fulfil: it was sent already.' }
      : !sendable
        ? { fulfil: unpaid ? 'Fulfil: it is not paid yet.' : 'Fulfil: the order has ended.' }
        : disputes > 0 && { fulfil: 'Fulfil: its payment is disputed; it is not sent until that is decided.' }),
    ...(state !== 'payment_failed' && { payAgain: 'Pay again: only after a payment that failed.' }),
    ...(!unpaid &&
      !free && {
        cancel: sendable || fulfilledAt !== null ? 'Cancel: it is paid; refund its payment instead.' : 'Cancel: the order has ended.',
      }),
  };
}
