import { NotFound, respond, type Caller, type FactQuery, type FactRecord, type Kit, type Page, type PageRequest } from '@plinth/kit';
import { auditEntryRead, auditExported, auditSearched } from './contract.ts';
import { type Format, written } from './formats.ts';
import type { Entry, Filters } from './shapes.ts';

/** Reads the log through the kit, which owns it. Each read is a fact, committed before anything is shown (B148). */
export class AuditService {
  readonly #kit: Pick<Kit, 'db' | 'log' | 'catalog'>;
  readonly #origins: boolean;
  /** @param origins whether addresses and programs of people are shown. */
  constructor(kit: Pick<Kit, 'db' | 'log' | 'catalog'>, { origins }: { readonly origins: boolean }) {
    this.#kit = kit;
    this.#origins = origins;
  }

  async search(caller: Caller, filters: Filters, page: PageRequest): Promise<Page<Entry>> {
    const { db, log } = this.#kit;
    const asked = { filters, page: page.by === 'page' ? page.page : null, limit: page.limit };
    await db.transaction((tx) => log.publish(tx, caller, auditSearched, asked));
    const found = await log.search(filters as FactQuery, page);
    return { ...found, items: found.items.map((fact) => this.#entry(fact)) };
  }

  async get(caller: Caller, position: number): Promise<Entry> {
    const { db, log } = this.#kit;
    await db.transaction((tx) => log.publish(tx, caller, auditEntryRead, { position }));
    const fact = await log.get(position);
    if (!fact) throw new NotFound({ position });
    return this.#entry(fact);
  }

  /** A file of what the filters find, oldest first, that flows as fast as it is taken. */
  async export(caller: Caller, format: Format, filters: Filters) {
    const { db, log } = this.#kit;
    await db.transaction((tx) => log.publish(tx, caller, auditExported, { format, filters }));
    const entry = (fact: FactRecord): Entry => this.#entry(fact);
    const entries = async function* (): AsyncGenerator<Entry> {
      for await (const fact of log.scan(filters as FactQuery)) yield entry(fact);
    };
    return respond(written(entries(), format), { headers: { 'content-disposition': `attachment; filename="audit.${format}"` } });
  }

  /** The newest thousand things that this user did. */
  async of(userId: string): Promise<Entry[]> {
    const { items } = await this.#kit.log.search({ actor: userId }, { by: 'cursor', after: null, limit: 1000 });
    return items.map((fact) => this.#entry(fact));
  }

  #entry(fact: FactRecord): Entry {
    const { position, id, actor, impersonator, session, key, job, organization, name, subject, payload, changes } = fact;
    const { occurredAt, address, userAgent, operation, requestId, traceId, outcome, reason, decisionId, erased } = fact;
    return {
      position,
      id,
      who: { actor, impersonator, session, key, job, organization },
      // An event whose feature is gone has no title any more.
      what: { name, title: this.#kit.catalog.events.get(name)?.title ?? name, subject, payload, changes },
      when: occurredAt,
      where: { ...(this.#origins ? { address, userAgent } : { address: null, userAgent: null }), operation, requestId, traceId },
      why: { outcome, reason, decisionId },
      erased,
    };
  }
}
