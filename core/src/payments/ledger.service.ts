import { type Caller, type Database, type EventLog, type Page, type PageRequest, type Tx, uuidv7 } from '@plinth/kit';
import type { CasesRepository, Unlike } from './cases.repository.ts';
import type { OpenCase } from './cases.ts';
import {
  type Balance,
  type Case,
  caseClosed,
  CaseIsClosed,
  CaseNotFound,
  type Posting,
  ProviderSilent,
  type Reconciliation,
  reconciled,
} from './contract.ts';
import type { LedgerRepository } from './ledger.repository.ts';
import type { Movement } from './provider.ts';
import type { Providers } from './providers/create.ts';

interface Deps {
  readonly db: Database;
  readonly log: EventLog;
  readonly ledger: LedgerRepository;
  readonly cases: CasesRepository;
  readonly openCase: OpenCase;
  readonly providers: Providers;
}
const DAY_MS = 86_400_000;
/** What moved just now may be told of and not yet booked, or the other way. */
const SETTLED_MS = 60_000;
const AT_ONCE = 500;
const FIRST = '00000000-0000-0000-0000-000000000000';

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

  /**
   * Three books side by side: what the provider says has moved, what is booked, and what the payments hold. Both sides on the
   * provider's clock. Each difference is a case; opened once, and seen again while it lasts.
   * @throws ProviderMissing; ProviderSilent where the report could not be had in full: half a comparison finds what is not so
   */
  async reconcile(caller: Caller, since?: string, name?: string): Promise<Reconciliation> {
    const { db, log, cases, providers } = this.#deps;
    const provider = providers.get(name);
    const from = since ?? new Date(Date.now() - 7 * DAY_MS).toISOString();
    const to = new Date(Date.now() - (provider.settleSeconds > 0 ? SETTLED_MS : 0)).toISOString();
    const told = new Set<string>();
    let [movements, differences, payments] = [0, 0, 0];
    try {
      for await (const page of provider.report({ from, to })) {
        movements += page.length;
        for (const movement of page) told.add(`${bookedAs(movement)} ${movement.reference}`);
        const unlike = await cases.unlike(db, provider.name, page);
        differences += unlike.length;
        if (unlike.length > 0) await this.#open(caller, unlike.map(ofProvider));
      }
    } catch (cause) {
      throw new ProviderSilent({ provider: provider.name }, { cause });
    }
    for (let after = FIRST; ;) {
      const rows = await cases.booked(db, provider.name, { from, to }, after, AT_ONCE);
      const missing = rows.filter(({ kind, reference }) => !told.has(`${kind} ${reference}`));
      differences += missing.length;
      await this.#open(
        caller,
        missing.map(({ kind, reference, paymentId }) => ({
          kind: 'ledger-only' as const,
          subject: `${kind}:${reference}`,
          paymentId,
          details: { kind, reference },
        })),
      );
      if (rows.length < AT_ONCE) break;
      after = rows.at(-1)!.id;
    }
    for (let after = FIRST; ;) {
      const rows = await cases.own(db, provider.name, from, after, AT_ONCE);
      payments += rows.length;
      const unlike = rows.filter(({ differs }) => differs);
      differences += unlike.length;
      await this.#open(
        caller,
        unlike.map(({ id, differs: _differs, ...details }) => ({ kind: 'ledger' as const, subject: id, paymentId: id, details })),
      );
      if (rows.length < AT_ONCE) break;
      after = rows.at(-1)!.id;
    }
    return db.transaction(async (tx) => {
      const id = uuidv7();
      const run = await cases.insertRun(tx, { id, provider: provider.name, from, to, movements, payments, differences });
      await log.publish(tx, caller, reconciled, { reconciliationId: id, provider: provider.name, differences });
      return run;
    });
  }
  async #open(caller: Caller, differences: readonly Parameters<OpenCase>[2][]): Promise<void> {
    if (differences.length === 0) return;
    await this.#deps.db.transaction(async (tx) => {
      for (const difference of differences) await this.#deps.openCase(caller, tx, difference);
    });
  }
}

const bookedAs = ({ kind }: Pick<Movement, 'kind'>): string => kind.replace(/^refund/, 'payout');
const ofProvider = ({ kind, reference, paymentId, ...details }: Unlike) => ({
  kind: details.booked === null ? ('provider-only' as const) : ('amount' as const),
  subject: `${bookedAs({ kind: kind as Movement['kind'] })}:${reference}`,
  paymentId,
  details: { kind, reference, ...details },
});
