import type { AccessDoor, Caller } from '../caller.ts';
import type { Tx } from '../database/transaction.ts';
import type { Job } from '../definitions.ts';
import type { Handler } from '../feature.ts';
import type { JobAdmin } from './admin.ts';
import type { HandlerRun } from './insert.ts';

export interface EnqueueOptions {
  /** Not before this time, or this many seconds from now. */
  readonly after?: Date | number;
  /**
   * At most one waiting job of this name and key: while one waits, it takes the newer payload, the earlier time and the higher
   * priority, and starts only after this transaction has committed. One that runs already is followed by one more run.
   */
  readonly key?: string;
  /** Shares the limit `perGroup` of its job. */
  readonly group?: string;
  /** Higher runs earlier. Default 0. */
  readonly priority?: number;
}
export interface JobRun {
  readonly id: string;
  /** From 1. */
  readonly attempt: number;
  readonly caller: Caller;
  /** Aborted when the run's time is over, the job is cancelled or lost to another worker, or the server shuts down. */
  readonly signal: AbortSignal;
  /** The time of the schedule that this run is for. */
  readonly scheduledFor: Date | null;
  /** Shows how far it is to those who look; written at most once a second, and gone with the run. */
  readonly progress: (value: Readonly<Record<string, unknown>>) => void;
}
export interface Jobs {
  /**
   * The job exists exactly when the transaction commits.
   * @returns its id; with a key it may have joined one that waits.
   * @throws InvalidInput where the payload holds what Postgres cannot store (NUL, half a surrogate pair).
   */
  enqueue<P>(tx: Tx, job: Job<P>, payload: NoInfer<P>, options?: EnqueueOptions): Promise<string>;
  readonly admin: JobAdmin;
}

/** The queue as the app runs it. `start` belongs to workers; enqueueing needs no start. */
export interface JobQueue extends Jobs {
  start(handlers: readonly Handler[], door: AccessDoor): Promise<void>;
  /** Stops fetching, waits for what runs, then gives the rest back without using up an attempt. */
  stop(): Promise<void>;
  /** For the log: runs of handlers, in bulk, with the transaction that gave the facts their place. */
  enqueueHandlers(tx: Tx, runs: readonly HandlerRun[]): void;
  /** For the log: who does those runs. Before `start`. */
  onHandlerRun(run: (handler: string, position: number) => Promise<void>): void;
  /** Look for work now, on this node. */
  wake(): void;
}
