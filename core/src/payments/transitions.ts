/** P1: every state, and where it may go. The database holds the same table (`payments.moves`) and refuses everything else. */
export const TRANSITIONS = {
  created: ['requires_action', 'processing', 'authorized', 'captured', 'failed', 'canceled'],
  requires_action: ['processing', 'authorized', 'captured', 'failed', 'canceled'],
  processing: ['requires_action', 'authorized', 'captured', 'failed', 'canceled'],
  authorized: ['captured', 'failed', 'canceled'],
  captured: ['partially_refunded', 'refunded', 'disputed'],
  // Fewer are refunded again where a refund that was given has failed.
  partially_refunded: ['captured', 'refunded', 'disputed'],
  refunded: ['captured', 'partially_refunded', 'disputed'],
  // Won: back to where it was.
  disputed: ['captured', 'partially_refunded', 'refunded'],
  failed: [],
  canceled: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type PaymentState = keyof typeof TRANSITIONS;
export const PAYMENT_STATES = Object.keys(TRANSITIONS) as [PaymentState, ...PaymentState[]];

export const mayMove = (from: PaymentState, to: PaymentState): boolean => (TRANSITIONS[from] as readonly string[]).includes(to);
/** The provider has nothing more to say before money has moved. */
export const isOpen = (state: PaymentState): boolean => ['created', 'requires_action', 'processing'].includes(state);

const FORWARD: readonly PaymentState[] = ['created', 'requires_action', 'processing', 'authorized', 'captured'];
/** On the way to money that came in. What has ended, or follows it, is neither before nor behind. */
export const isBefore = (a: PaymentState, b: PaymentState): boolean => FORWARD.includes(a) && FORWARD.indexOf(a) < FORWARD.indexOf(b);

/** The state diagram of docs/guides/payments.md. */
export const mermaid = (): string =>
  [
    'stateDiagram-v2',
    '  [*] --> created',
    ...Object.entries(TRANSITIONS).flatMap(([from, to]) => to.map((each) => `  ${from} --> ${each}`)),
    ...PAYMENT_STATES.filter((state) => TRANSITIONS[state].length === 0).map((state) => `  ${state} --> [*]`),
  ].join('\n');
