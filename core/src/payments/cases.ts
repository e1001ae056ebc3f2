import { type Caller, type EventLog, type Tx, uuidv7 } from '@plinth/kit';
import type { CasesRepository, Difference } from './cases.repository.ts';
import { caseClosed, caseOpened } from './contract.ts';

interface Deps {
  readonly log: EventLog;
  readonly cases: CasesRepository;
}
export type OpenCase = (caller: Caller, tx: Tx, difference: Difference) => Promise<void>;
/** A difference that nobody has seen yet becomes a case, and a fact. */
export const createOpenCase =
  ({ log, cases }: Deps): OpenCase =>
  async (caller, tx, difference) => {
    const { id, opened } = await cases.open(tx, uuidv7(), difference);
    const { kind, paymentId } = difference;
    if (opened) await log.publish(tx, caller, caseOpened, { caseId: id, kind, paymentId });
  };

export type CloseCase = (caller: Caller, tx: Tx, kind: Difference['kind'], subject: string, reason: string) => Promise<void>;
/** What is no longer so needs nobody to look. Without such a case it does nothing. */
export const createCloseCase =
  ({ log, cases }: Deps): CloseCase =>
  async (caller, tx, kind, subject, reason) => {
    const closed = await cases.closeOf(tx, kind, subject, reason);
    if (closed) await log.publish(tx, caller, caseClosed, { caseId: closed.id, kind, paymentId: closed.paymentId }, { reason });
  };
