import { AsyncLocalStorage } from 'node:async_hooks';

/** What runs now: one request, one job run, one handler. Log lines and SQL read it; services take `caller` instead. */
export interface Running {
  readonly requestId: string;
  readonly operation: string;
  userId: string | null;
  /** True while a transaction of this run is open: using `db` beside it would take a second connection and can deadlock the pool. */
  inTransaction: boolean;
}
export const running = new AsyncLocalStorage<Running>();
