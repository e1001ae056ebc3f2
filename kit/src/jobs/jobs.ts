import type { Caller } from '../caller.ts';
import type { Tx } from '../database/transaction.ts';
import type { Job } from '../definitions.ts';

export interface EnqueueOptions {
  /** Not before this time, or this many seconds from now. */
  readonly after?: Date | number;
  /** At most one waiting job of this name and key; a further enqueue is ignored while one waits. */
  readonly key?: string;
  /** Higher runs earlier. Default 0. */
  readonly priority?: number;
}
export interface JobRun {
  readonly id: string;
  /** From 1. */
  readonly attempt: number;
  readonly caller: Caller;
  /** Aborted when the run's time is over or the server shuts down. */
  readonly signal: AbortSignal;
}
export interface Jobs {
  /** The job exists exactly when the transaction commits. */
  enqueue<P>(tx: Tx, job: Job<P>, payload: NoInfer<P>, options?: EnqueueOptions): Promise<void>;
}
