import { type Caller, type EventLog, type Tx, uuidv7 } from '@plinth/kit';
import type { CasesRepository, Difference } from './cases.repository.ts';
import { caseOpened } from './contract.ts';

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
