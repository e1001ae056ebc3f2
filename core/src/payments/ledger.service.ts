import type { Caller, Database, EventLog, Page, PageRequest, Tx } from '@plinth/kit';
import type { CasesRepository } from './cases.repository.ts';
import { type Balance, type Case, caseClosed, CaseIsClosed, CaseNotFound, type Posting, type Reconciliation } from './contract.ts';
import type { LedgerRepository } from './ledger.repository.ts';

interface Deps {
  readonly db: Database;
  readonly log: EventLog;
  readonly ledger: LedgerRepository;
  readonly cases: CasesRepository;
}

/** Reads the ledger and what differs from it; a person says what is settled. */
export class Ledgers {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }
  list(paymentId: string | undefined, page: PageRequest): Promise<Page<Posting>> {
    return this.#deps.ledger.list(this.#deps.db, paymentId, page);
  }
  balances(): Promise<Balance[]> {
    return this.#deps.ledger.balances(this.#deps.db);
  }
  cases(state: 'open' | 'closed' | undefined, page: PageRequest): Promise<Page<Case>> {
    return this.#deps.cases.list(this.#deps.db, state, page);
  }
  async reconciliation(): Promise<{ latest: Reconciliation | null; openCases: number }> {
    const { db, cases } = this.#deps;
    return { latest: (await cases.latest(db)) ?? null, openCases: await cases.countOpen(db) };
  }
  async closeCase(caller: Caller, tx: Tx, caseId: string, reason: string): Promise<Case> {
    const { cases, log } = this.#deps;
    const found = await cases.lock(tx, caseId);
    if (!found) throw new CaseNotFound({ caseId });
    if (found.closedAt !== null) throw new CaseIsClosed({ caseId });
    const closed = await cases.close(tx, caseId, reason, caller.userId);
    await log.publish(tx, caller, caseClosed, { caseId, kind: closed.kind, paymentId: closed.paymentId }, { reason });
    return closed;
  }
}
