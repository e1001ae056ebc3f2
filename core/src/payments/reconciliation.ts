import { type Caller, type Database, type EventLog, type Jobs, type Logger, uuidv7 } from '@plinth/kit';
import type { CasesRepository, Difference, Told, Unlike } from './cases.repository.ts';
import type { CloseCase, OpenCase } from './cases.ts';
import { look, ProviderSilent, type Reconciliation, reconciled } from './contract.ts';
import type { Movement, Provider } from './provider.ts';
import type { Providers } from './providers/create.ts';
import type { PaymentsRepository } from './repository.ts';

interface Deps {
  readonly db: Database;
  readonly log: EventLog;
  readonly jobs: Jobs;
  readonly logger: Logger;
  readonly payments: PaymentsRepository;
  readonly cases: CasesRepository;
  readonly openCase: OpenCase;
  readonly closeCase: CloseCase;
  readonly providers: Providers;
}
const DAY_MS = 86_400_000;
/** What moved just now may be told of and not yet booked, or the other way. */
const SETTLED_MS = 60_000;
const AT_ONCE = 500;
const FIRST = '00000000-0000-0000-0000-000000000000';

/** A comparison under way. */
interface Run {
  readonly caller: Caller;
  readonly provider: Provider;
  readonly range: { readonly from: string; readonly to: string };
  readonly told: ReadonlyMap<string, Told>;
  /** Kind and subject of what differs. */
  readonly differing: Set<string>;
  /** Payments whose entries were held against them. */
  readonly compared: Set<string>;
}

/**
 * Three books side by side: what the provider says has moved, what is booked, and what the payments hold. Both sides on the
 * provider's clock. Each difference is a case, opened once, and closed when the two are seen to be equal; the provider is asked how
 * the payment stands, since what differs may only not have been heard.
 */
export class Reconciliations {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Every provider, also where one of them says nothing. @throws what the first of those threw */
  async all(caller: Caller): Promise<void> {
    const { providers, logger } = this.#deps;
    const failures: unknown[] = [];
    for (const { name } of providers.all)
      await this.run(caller, undefined, name).catch((error: unknown) => {
        logger.error({ err: error, provider: name }, 'a provider of payments could not be reconciled');
        failures.push(error);
      });
    if (failures.length > 0) throw failures[0];
  }
  /** @throws ProviderMissing; ProviderSilent where the report could not be had in full: half a comparison finds what is not so */
  async run(caller: Caller, since?: string, name?: string): Promise<Reconciliation> {
    const { db, log, cases, providers } = this.#deps;
    const provider = providers.get(name);
    const from = since ?? new Date(Date.now() - 7 * DAY_MS).toISOString();
    const to = new Date(Date.now() - (provider.settleSeconds > 0 ? SETTLED_MS : 0)).toISOString();
    const { told, movements } = await read(provider, { from, to });
    const run: Run = { caller, provider, range: { from, to }, told, differing: new Set(), compared: new Set() };
    await this.#againstLedger(run);
    await this.#missing(run);
    await this.#againstPayments(run);
    await this.#closeEqual(run);
    await this.#askForgotten(run);
    return db.transaction(async (tx) => {
      const [id, payments, differences] = [uuidv7(), run.compared.size, run.differing.size];
      const row = await cases.insertRun(tx, { id, provider: provider.name, from, to, movements, payments, differences });
      await log.publish(tx, caller, reconciled, { reconciliationId: id, provider: provider.name, differences });
      return row;
    });
  }

  async #againstLedger(run: Run): Promise<void> {
    const { db, cases } = this.#deps;
    const all = [...run.told.values()];
    for (let i = 0; i < all.length; i += AT_ONCE) {
      const unlike = await cases.unlike(db, run.provider.name, all.slice(i, i + AT_ONCE));
      await this.#open(run, unlike.map((each) => ofProvider(run.provider.name, each))); // prettier-ignore
    }
  }
  /** Booked, and not told of. */
  async #missing(run: Run): Promise<void> {
    const { db, cases } = this.#deps;
    const { provider, range } = run;
    const known = new Set([...run.told.values()].map(({ kind, reference }) => `${kind} ${reference}`));
    for (let after = FIRST; ;) {
      const rows = await cases.booked(db, provider.name, range, after, AT_ONCE);
      const missing = rows.filter(({ kind, reference }) => !known.has(`${kind} ${reference}`));
      await this.#open(
        run,
        missing.map(({ kind, reference, paymentId }) => ({
          kind: 'ledger-only',
          subject: subjectOf(provider.name, kind, reference),
          paymentId,
          details: { kind, reference },
        })),
      );
      if (rows.length < AT_ONCE) return;
      after = rows.at(-1)!.id;
    }
  }
  async #againstPayments(run: Run): Promise<void> {
    const { db, cases } = this.#deps;
    for (let after: [string, string] = [run.range.from, FIRST]; ;) {
      const rows = await cases.own(db, run.provider.name, after, AT_ONCE);
      for (const { id } of rows) run.compared.add(id);
      const unlike = rows.filter(({ differs }) => differs);
      await this.#open(
        run,
        unlike.map(({ id, differs: _differs, updatedAt: _updatedAt, ...details }) => ({
          kind: 'ledger',
          subject: id,
          paymentId: id,
          details,
        })),
      );
      if (rows.length < AT_ONCE) return;
      const last = rows.at(-1)!;
      after = [last.updatedAt, last.id];
    }
  }
  /** What was compared again, and does not differ. What is out of the range stays open: nobody has looked at it. */
  async #closeEqual({ caller, provider, told, differing, compared }: Run): Promise<void> {
    const { db, cases, closeCase } = this.#deps;
    const seen = new Set([...told.values()].map(({ kind, reference }) => subjectOf(provider.name, kind, reference)));
    for (let after = FIRST; ;) {
      const open = await cases.openOf(db, provider.name, after, AT_ONCE);
      const equal = open.filter(
        ({ kind, subject }) => (kind === 'ledger' ? compared : seen).has(subject) && !differing.has(`${kind} ${subject}`),
      );
      if (equal.length > 0)
        await db.transaction(async (tx) => {
          for (const { kind, subject } of equal) await closeCase(caller, tx, kind, subject, 'seen equal');
        });
      if (open.length < AT_ONCE) return;
      after = open.at(-1)!.id;
    }
  }
  /** Those that polling has given up on (S27). */
  async #askForgotten({ provider }: Run): Promise<void> {
    const { db, payments } = this.#deps;
    for (let after = FIRST; ;) {
      const ids = await payments.forgotten(db, provider.name, after, AT_ONCE);
      await this.#ask(ids);
      if (ids.length < AT_ONCE) return;
      after = ids.at(-1)!;
    }
  }

  async #open({ caller, differing }: Run, differences: readonly Difference[]): Promise<void> {
    if (differences.length === 0) return;
    for (const { kind, subject } of differences) differing.add(`${kind} ${subject}`);
    await this.#deps.db.transaction(async (tx) => {
      for (const difference of differences) await this.#deps.openCase(caller, tx, difference);
    });
    await this.#ask(differences.flatMap(({ paymentId }) => paymentId ?? []));
  }
  async #ask(paymentIds: readonly string[]): Promise<void> {
    const { db, jobs } = this.#deps;
    if (paymentIds.length === 0) return;
    await db.transaction(async (tx) => {
      for (const paymentId of new Set(paymentIds)) await jobs.enqueue(tx, look, { paymentId }, { key: paymentId });
    });
  }
}

/** The whole report, summed: what moved twice is twice as much. */
async function read(provider: Provider, range: Run['range']): Promise<{ told: Map<string, Told>; movements: number }> {
  const told = new Map<string, Told>();
  let movements = 0;
  try {
    for await (const page of provider.report(range))
      for (const { reference, amount, currency, paymentId, kind: moved } of page) {
        movements += 1;
        const kind = bookedAs(moved);
        const key = JSON.stringify([kind, reference, currency]);
        const before = told.get(key);
        told.set(key, { kind, reference, currency, paymentId: before?.paymentId ?? paymentId, amount: (before?.amount ?? 0) + amount });
      }
  } catch (cause) {
    throw new ProviderSilent({ provider: provider.name }, { cause });
  }
  return { told, movements };
}
const bookedAs = (kind: Movement['kind']): string => kind.replace(/^refund/, 'payout');
const subjectOf = (provider: string, kind: string, reference: string): string => `${provider}:${kind}:${reference}`;
const ofProvider = (provider: string, { kind, reference, paymentId, ...details }: Unlike): Difference => ({
  kind: details.booked === null ? 'provider-only' : 'amount',
  subject: subjectOf(provider, kind, reference),
  paymentId,
  details: { kind, reference, ...details },
});
