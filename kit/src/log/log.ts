import type { Caller } from '../caller.ts';
import type { Tx } from '../database/transaction.ts';
import type { Event } from '../definitions.ts';

export interface PublishDetail {
  /** State before and after; only the fields that the event's `changes` allows are kept, and of those only what differs. */
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
  /** Why, in the caller's words. */
  readonly reason?: string;
  readonly outcome?: 'success' | 'refused' | 'failed';
  readonly organization?: string;
  /** Whose personal data the fact holds (address, user agent, `personal()` fields). Default: the acting user. */
  readonly about?: string;
}
export interface Refusal {
  readonly code: string;
  readonly reason: string;
  /** The existing account it was tried against, when the caller is nobody. */
  readonly account?: string;
}

export interface EventLog {
  /** Writes one fact with the transaction, runs its `during` handlers in it, and wakes the sequencer after the commit. */
  publish<P>(tx: Tx, caller: Caller, event: Event<P>, payload: NoInfer<P>, detail?: PublishDetail): Promise<void>;
  /** Records a refusal of a known caller, or against an existing account: buffered, repeats counted. Never throws, never waits. */
  refused(caller: Caller, refusal: Refusal): void;
}
