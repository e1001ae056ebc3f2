/** What a payer may pay with. There are no cards here, and so no numbers of cards. */
export interface Method {
  readonly token: string;
  readonly title: string;
  readonly outcome: 'approved' | 'declined' | 'authenticates' | 'processes' | 'disputed';
  readonly failure: string;
}
const method = (token: string, title: string, outcome: Method['outcome'], failure = ''): Method => ({ token, title, outcome, failure });
export const METHODS: readonly Method[] = [
  method('tok_visa', 'A card that pays', 'approved'),
  method('tok_3ds', 'A card whose bank asks first (3-D Secure)', 'authenticates'),
  method('tok_declined', 'A card that is declined', 'declined', 'card_declined'),
  method('tok_insufficient_funds', 'A card without the money', 'declined', 'insufficient_funds'),
  method('tok_expired', 'A card that has expired', 'declined', 'card_expired'),
  method('tok_processing', 'A transfer that takes its time', 'processes'),
  method('tok_disputed', 'A card whose holder disputes it at once', 'disputed'),
  method('tok_refund_refused', 'A card that takes no refunds', 'approved'),
];
export const methodOf = (token: string): Method | undefined => METHODS.find((each) => each.token === token);
