import {
  type AnyEvent,
  type Catalog,
  type Database,
  type EventLog,
  type HandledFact,
  isUuid,
  type Jobs,
  type LinkedFact,
  type LinkedJob,
  type Subject,
  type Visible,
} from '@plinth/kit';
import type { LinkedPaymentAttempt, PaymentsApi } from '../payments/index.ts';
import type { LinkedDelivery, LinkedDeliveryAttempt, LinkedReceipt, WebhooksApi } from '../webhooks/index.ts';

export interface Deps {
  readonly db: Database;
  readonly log: EventLog;
  readonly jobs: Jobs;
  readonly catalog: Catalog;
  readonly payments: PaymentsApi;
  readonly webhooks: WebhooksApi;
}
/** What the reader may read, each in its own place. */
export interface Reader {
  readonly facts: boolean;
  readonly jobs: boolean;
  /** Every payment, and what providers said. */
  readonly payments: boolean;
  readonly ownPayments: Visible;
  /** The server's own. */
  readonly webhooks: boolean;
  readonly organizationWebhooks: Visible;
}
export interface Origin {
  readonly type: string;
  readonly id: string;
}
/** All that belongs to one chain, as it is recorded. */
export interface Gathered {
  readonly origin: Origin;
  readonly facts: readonly LinkedFact[];
  readonly jobs: readonly LinkedJob[];
  readonly handled: readonly HandledFact[];
  readonly deliveries: readonly LinkedDelivery[];
  readonly tries: readonly LinkedDeliveryAttempt[];
  readonly receipts: readonly LinkedReceipt[];
  readonly attempts: readonly LinkedPaymentAttempt[];
  /** What is followed from request to request, by `keyOf`. Empty: the origin's request is all there is. */
  readonly followed: ReadonlySet<string>;
  readonly cut: boolean;
}
/** Where it begins: a request, or a thing; with what else was found on the way there. */
interface Seed {
  readonly origin: Origin;
  readonly requestIds: readonly string[];
  readonly subject?: Subject;
  /** The fact that it is, or tells of. */
  readonly factId?: string | undefined;
  readonly jobs?: readonly LinkedJob[];
  readonly deliveryIds?: readonly string[];
}

/** Of facts, of jobs and of deliveries, each time that they are asked for. */
const MOST = 500;
const MOST_REQUESTS = 200;
/** Of a delivery: the newest. */
const TRIES = 5;
const PAYMENT = 'payment';

export const keyOf = ([type, id]: Subject): string => `${type} ${id}`;
export const subjectOf = ({ subject }: LinkedFact): Subject | null => subject && [subject.type, subject.id];
/** What a fact is a step of. One of an older release may not be what the event's contract says today. */
export function threadOf(catalog: Catalog, { name, payload }: LinkedFact): Subject | null {
  const event: AnyEvent | undefined = catalog.events.get(name);
  if (!event?.thread) return null;
  try {
    const [type, id]: Subject = event.thread(payload);
    return typeof type === 'string' && typeof id === 'string' ? [type, id] : null;
  } catch {
    return null;
  }
}

/** Finds what belongs to a chain, in a number of statements that does not depend on how long that is. */
export class Gathering {
  readonly #deps: Deps;
  readonly #reader: Reader;
  readonly #facts = new Map<string, LinkedFact>();
  readonly #followed = new Map<string, Subject>();
  readonly #fetched = new Set<string>();
  readonly #requestIds = new Set<string>();
  #cut = false;
  constructor(deps: Deps, reader: Reader) {
    this.#deps = deps;
    this.#reader = reader;
  }

  /** @returns undefined: there is no such thing. */
  async of(asked: Origin): Promise<Gathered | undefined> {
    const seed = await (asked.type === 'id' ? this.#seedOfAny(asked.id) : this.#seedOf(asked));
    if (!seed) return undefined;
    const { subject, requestIds } = seed;
    await this.#add(subject ? { subjects: [subject] } : { requestIds });
    for (const id of requestIds) this.#requestIds.add(id);
    if (subject) this.#fetched.add(keyOf(subject));
    this.#follow(seed);
    // From the order to its payments, through the requests that both have steps in; and once more, for what was found there.
    await this.#hop();
    await this.#hop();
    return this.#whole(seed);
  }

  async #seedOf({ type, id }: Origin): Promise<Seed | undefined> {
    const { log, jobs, db, webhooks } = this.#deps;
    const origin = { type, id };
    if (type === 'request') return { origin, requestIds: [id] };
    // `subjectType` may be any of these too, and then nothing has looked at the id yet.
    if ((type === 'fact' || type === 'job' || type === 'delivery') && !isUuid(id)) return undefined;
    if (type === 'position' && !Number.isSafeInteger(Number(id))) return undefined;
    if (type === 'fact' || type === 'position') {
      const [fact] = await log.linked(type === 'fact' ? { ids: [id] } : { positions: [Number(id)] }, 1);
      return fact && { origin: { type: 'fact', id: fact.id }, requestIds: [fact.requestId], factId: fact.id };
    }
    if (type === 'job') {
      const [job] = await jobs.admin.linked({ ids: [id] }, 1);
      return job ? this.#seedOfJob(job) : this.#seedOfDead(id);
    }
    if (type === 'delivery') {
      const [delivery] = await webhooks.links.deliveries(db, { ids: [id], ...this.#deliveriesShown() }, 1);
      return delivery && this.#seedOfDelivery(delivery);
    }
    return { origin, requestIds: [], subject: [type, id] };
  }
  async #seedOfJob(job: LinkedJob): Promise<Seed> {
    const origin = { type: 'job', id: job.id };
    if (job.position === null) return { origin, requestIds: [job.requestId ?? job.id], jobs: [job] };
    const [fact] = await this.#deps.log.linked({ positions: [job.position] }, 1);
    return { origin, requestIds: fact ? [fact.requestId] : [], jobs: [job], factId: fact?.id };
  }
  async #seedOfDelivery({ id, position, messageId }: LinkedDelivery): Promise<Seed> {
    const [fact] = position === null ? [] : await this.#deps.log.linked({ ids: [messageId] }, 1);
    return { origin: { type: 'delivery', id }, requestIds: fact ? [fact.requestId] : [], deliveryIds: [id], factId: fact?.id };
  }
  /** An id says not what it is of. What has a row of its own comes first: a job of a schedule is also the id of what it did. */
  async #seedOfAny(id: string): Promise<Seed | undefined> {
    const { log, jobs, db, webhooks } = this.#deps;
    const ids = isUuid(id) ? [id] : [];
    const [facts, found, [delivery]] = await Promise.all([
      log.linked({ ids, requestIds: [id], subjectIds: [id] }, MOST),
      jobs.admin.linked({ ids, requestIds: [id] }, MOST),
      webhooks.links.deliveries(db, { ids, ...this.#deliveriesShown() }, 1),
    ]);
    const job = found.find((each) => each.id === id);
    if (job) return this.#seedOfJob(job);
    if (delivery) return this.#seedOfDelivery(delivery);
    const fact = facts.find((each) => each.id === id);
    if (fact) return { origin: { type: 'fact', id }, requestIds: [fact.requestId], factId: id };
    const subject = facts.find((each) => each.subject?.id === id)?.subject;
    if (subject) return { origin: subject, requestIds: [], subject: [subject.type, subject.id] };
    if (facts.length + found.length > 0) return { origin: { type: 'request', id }, requestIds: [id] };
    return isUuid(id) ? this.#seedOfDead(id) : undefined;
  }
  /** A dead letter outlives its job by months, and is found by its request. */
  async #seedOfDead(id: string): Promise<Seed | undefined> {
    const job = await this.#deps.jobs.admin.find(id);
    return job && { origin: { type: 'job', id }, requestIds: [job.requestId ?? id] };
  }

  async #add(query: Parameters<EventLog['linked']>[0]): Promise<void> {
    const found = await this.#deps.log.linked(query, MOST);
    if (found.length === MOST) this.#cut = true;
    for (const fact of found) this.#facts.set(fact.id, fact);
  }
  /**
   * What it is a step of: by its own facts, or else by those of its request. Where that is about many (a run that expires orders), it
   * belongs to the course of none of them.
   */
  #follow({ origin, subject, factId }: Seed): void {
    if (subject) this.#followed.set(keyOf(subject), subject);
    const all = [...this.#facts.values()];
    const own = all.filter(({ id, cause }) => id === factId || (cause !== null && cause.id === origin.id));
    for (const facts of [own, all]) {
      const threads = new Map(facts.flatMap((fact) => this.#threadEntry(fact)));
      if (threads.size === 1) for (const [key, thread] of threads) this.#followed.set(key, thread);
      if (threads.size > 0) return;
    }
  }
  #threadEntry(fact: LinkedFact): [string, Subject][] {
    const thread = threadOf(this.#deps.catalog, fact);
    return thread ? [[keyOf(thread), thread]] : [];
  }
  /** What has steps in the same course is followed too: the payment of an order. */
  #followSteps(): void {
    for (const fact of this.#facts.values()) {
      const [thread, subject] = [threadOf(this.#deps.catalog, fact), subjectOf(fact)];
      if (thread && subject && this.#followed.has(keyOf(thread))) this.#followed.set(keyOf(subject), subject);
    }
  }
  async #hop(): Promise<void> {
    this.#followSteps();
    const subjects = [...this.#followed].filter(([key]) => !this.#fetched.has(key));
    for (const [key] of subjects) this.#fetched.add(key);
    if (subjects.length > 0) await this.#add({ subjects: subjects.map(([, subject]) => subject) });
    const steps = [...this.#facts.values()].filter((fact) => isStep(this.#deps.catalog, fact, this.#followed));
    const requestIds = [...new Set(steps.map((fact) => fact.requestId))].filter((id) => !this.#requestIds.has(id));
    const room = MOST_REQUESTS - this.#requestIds.size;
    if (requestIds.length > room) this.#cut = true;
    const next = requestIds.slice(-Math.max(0, room));
    if (next.length === 0) return;
    for (const id of next) this.#requestIds.add(id);
    await this.#add({ requestIds: next });
    this.#followSteps();
  }

  async #whole({ origin, jobs: found = [], deliveryIds = [] }: Seed): Promise<Gathered> {
    const { log, jobs, db, webhooks, payments } = this.#deps;
    const facts = [...this.#facts.values()].sort((a, b) => a.position - b.position);
    const factIds = facts.map(({ id }) => id);
    const requestIds = [...this.#requestIds];
    const runs = facts.flatMap(({ name, position }) => log.reactions(name).map((handler) => ({ handler, position })));
    const causes = facts.flatMap(({ cause }) => (cause?.type === 'job' ? [cause.id] : []));
    const ids = [...new Set([...causes, ...requestIds.filter(isUuid), ...found.map(({ id }) => id)])];
    const paymentIds = [...this.#followed.values()].flatMap(([type, id]) => (type === PAYMENT && isUuid(id) ? [id] : []));
    const [linked, handled, deliveries, receipts, attempts] = await Promise.all([
      jobs.admin.linked({ ids, requestIds, runs }, MOST),
      log.handled([...new Set(runs.map(({ handler }) => handler))], factIds, MOST),
      webhooks.links.deliveries(db, { ids: deliveryIds, messageIds: factIds, ...this.#deliveriesShown() }, MOST),
      this.#reader.payments || this.#reader.webhooks ? webhooks.links.receipts(db, requestIds, MOST) : [],
      payments.attemptsOf(this.#reader.ownPayments, paymentIds, MOST),
    ]);
    const tries = await webhooks.links.attempts(db, deliveries.map(({ id }) => id), TRIES); // prettier-ignore
    const full = [linked, handled, deliveries, receipts, attempts].some(({ length }) => length >= MOST);
    const cut = this.#cut || full;
    return { origin, facts, jobs: linked, handled, deliveries, tries, receipts, attempts, followed: new Set(this.#followed.keys()), cut };
  }
  #deliveriesShown() {
    return { own: this.#reader.webhooks, visible: this.#reader.organizationWebhooks };
  }
}

/** Of what is followed. */
export function isStep(catalog: Catalog, fact: LinkedFact, followed: { has(key: string): boolean }): boolean {
  const [subject, thread] = [subjectOf(fact), threadOf(catalog, fact)];
  return (subject !== null && followed.has(keyOf(subject))) || (thread !== null && followed.has(keyOf(thread)));
}
