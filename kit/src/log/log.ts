import type { AccessDoor, Caller } from '../caller.ts';
import type { Runner } from '../database/statement.ts';
import type { Tx } from '../database/transaction.ts';
import type { Event } from '../definitions.ts';
import type { Handler } from '../feature.ts';
import type { Page, PageRequest } from '../operation.ts';
import type { Fact, FactRecord, FollowedFact } from './fact.ts';
import type { HandledFact, LinkedFact, LinkQuery } from './links.ts';
import type { Proof } from './proof.ts';

export interface PublishDetail {
  /**
   * State before and after; only the fields that the event's `changes` allows are kept, and of those only what differs. A field
   * is compared when both states have it, or when one state is empty or absent: something was made, or is gone.
   */
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
  /** Why, in the caller's words. */
  readonly reason?: string;
  readonly outcome?: 'success' | 'refused' | 'failed';
  /** Default: the one that the call's path names. */
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
/** All given parts must hold. Times are ISO-8601. */
export interface FactQuery {
  readonly actor?: string;
  readonly subjectType?: string;
  readonly subjectId?: string;
  readonly organization?: string;
  /** An event's name, or `feature.*` for all of a feature. */
  readonly name?: string;
  /** Any of these names. */
  readonly names?: readonly string[];
  readonly requestId?: string;
  readonly outcome?: FactRecord['outcome'];
  /** From this time on. */
  readonly from?: string;
  /** Before this time. */
  readonly to?: string;
}
export interface LogStatistics {
  /** Facts that wait for their place in the log, counted to 10,000. */
  readonly waiting: number;
  /** Seconds the oldest of them waits. */
  readonly waitingSeconds: number;
  /** The newest position in the log. */
  readonly position: number;
  /** Positions that this node has not followed yet. */
  readonly behind: number;
  /** Positions behind the newest signed head. */
  readonly unsealed: number;
  /** Seconds that the oldest of them has had its place and no head. */
  readonly unsealedSeconds: number;
  /** Refusals of callers nobody knows, since start: a number, no facts. */
  readonly anonymousRefusals: number;
}

export interface ReadFrom {
  readonly after: number;
  /** The last position to look at: a query that finds little is no long statement then. */
  readonly upTo?: number;
  readonly limit: number;
}

export interface EventLog {
  /**
   * Writes one fact with the transaction, runs its `during` handlers in it, and after the commit wakes the sequencer and drops
   * the event's cache tags on this node.
   * @throws InvalidInput where payload, changes or reason hold what Postgres cannot store (NUL, half a surrogate pair; S68).
   */
  publish<P>(tx: Tx, caller: Caller, event: Event<P>, payload: NoInfer<P>, detail?: PublishDetail): Promise<void>;
  /** Records a refusal of a known caller, or against an existing account: buffered, repeats counted. Never throws, never waits. */
  refused(caller: Caller, refusal: Refusal): void;
  /** Facts, newest first, with everything the log holds of them: for readers with an audit permission only. The cursor is `[position]`. */
  search(query: FactQuery, page: PageRequest): Promise<Page<FactRecord>>;
  /** All that the log holds of it now, oldest first, a page in memory at a time: for exports. */
  scan(query: FactQuery): AsyncIterable<FactRecord>;
  /** Facts in the order of their places, from the one behind `after` on: for readers that keep a position of their own. Without personal data. */
  read(on: Runner, from: ReadFrom, query?: FactQuery): Promise<Fact<unknown>[]>;
  /** The newest position; 0 in an empty log. */
  head(on: Runner): Promise<number>;
  /** One fact, by position or id. */
  get(reference: number | string): Promise<FactRecord | undefined>;
  /** Facts that belong together, with what led to each: the newest so many, oldest first, without personal data. For the timeline. */
  linked(query: LinkQuery, limit: number): Promise<LinkedFact[]>;
  /** Which of these handlers have reacted to which of these facts (30 days). */
  handled(handlers: readonly string[], factIds: readonly string[], limit: number): Promise<HandledFact[]>;
  /** Names of the handlers that react to an event of this name, in this release. */
  reactions(event: string): readonly string[];
  /** Forgets the personal data of every fact about this user; the seal holds. Publish a fact that tells of it. @returns how many facts. */
  erasePersonal(tx: Tx, userId: string): Promise<number>;
  /** Calls `listener` for every new fact, in order, on this node. @returns how to end it. */
  onFact(listener: (fact: FollowedFact) => void): () => void;
  statistics(): Promise<LogStatistics>;
  readonly proof: Proof;
}

/** The log as the app runs it. */
export interface RunningLog extends EventLog {
  start(handlers: readonly Handler[], door: AccessDoor): Promise<void>;
  stop(): Promise<void>;
  /** Move what waits, and look for what is new, now. */
  wake(): void;
  /** The position up to which listeners of this node were told everything. */
  readonly position: number;
}
