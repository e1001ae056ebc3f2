/** The right to finish one idempotent execution whose operation opens its own transactions. */
export interface Lease {
  readonly id: string;
  /** Grows each time the claim changes hands: a late holder cannot finish. */
  readonly fence: number;
}
