/** Every state of an order, and where it may go. The database holds the same table (`orders.moves`) and refuses everything else. */
export const TRANSITIONS = {
  awaiting_payment: ['paid', 'payment_failed', 'cancelled', 'expired'],
  // Its stock stays reserved until it expires: the buyer may pay again.
  payment_failed: ['awaiting_payment', 'paid', 'cancelled', 'expired'],
  // Cancelled: only what cost nothing.
  paid: ['fulfilled', 'partially_refunded', 'refunded', 'charged_back', 'cancelled'],
  fulfilled: ['partially_refunded', 'refunded', 'charged_back'],
  // Of goods that were sent or that were not: `fulfilledAt` says.
  partially_refunded: ['refunded', 'charged_back'],
  refunded: [],
  // Disputes took what had not gone back already.
  charged_back: [],
  cancelled: [],
  expired: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type OrderState = keyof typeof TRANSITIONS;
export const ORDER_STATES = Object.keys(TRANSITIONS) as [OrderState, ...OrderState[]];

/** Nothing was paid yet, and may still be. */
export const isUnpaid = (state: OrderState): boolean => state === 'awaiting_payment' || state === 'payment_failed';

/** It goes nowhere any more. */
export const hasEnded = (state: OrderState): boolean => TRANSITIONS[state].length === 0;

/** The state diagram of docs/guides/orders.md. */
export const mermaid = (): string =>
  [
    'stateDiagram-v2',
    '  [*] --> awaiting_payment',
    ...Object.entries(TRANSITIONS).flatMap(([from, to]) => to.map((each) => `  ${from} --> ${each}`)),
    ...ORDER_STATES.filter((state) => TRANSITIONS[state].length === 0).map((state) => `  ${state} --> [*]`),
  ].join('\n');
