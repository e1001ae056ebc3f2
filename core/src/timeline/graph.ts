import type { Cause, Catalog, LinkedFact, LinkedJob } from '@plinth/kit';
import type { LinkedPaymentAttempt } from '../payments/index.ts';
import type { LinkedReceipt } from '../webhooks/index.ts';
import { type Gathered, isStep, type Reader } from './gather.ts';
import { attemptOf, distance, earliest, type Graph, idOfReceipt, micros, millis, type Node, PAYMENTS, plain } from './node.ts';
import { createPlaces, type Places } from './places.ts';

/** Makes steps of what was recorded, each with what led to it. */
export class Drawing {
  readonly #catalog: Catalog;
  readonly #reader: Reader;
  readonly #found: Gathered;
  readonly #places: Places;
  readonly #nodes = new Map<string, Node>();
  /** Those that are yet to be drawn too. */
  readonly #known: ReadonlySet<string>;
  readonly #factAt: ReadonlyMap<number, LinkedFact>;
  readonly #attemptAt = new Map<string, { readonly id: string; readonly at: string }>();
  constructor(catalog: Catalog, reader: Reader, found: Gathered) {
    this.#catalog = catalog;
    this.#reader = reader;
    this.#found = found;
    this.#places = createPlaces(catalog);
    this.#known = new Set([...found.facts.map(({ id }) => `fact:${id}`), ...found.deliveries.map(({ id }) => `webhook:${id}`)]);
    this.#factAt = new Map(found.facts.map((fact) => [fact.position, fact]));
  }

  draw(): Graph {
    // Jobs first: whatever follows from one asks for its runs.
    for (const job of this.#found.jobs) this.#job(job);
    for (const handled of this.#found.handled) this.#handled(handled);
    for (const receipt of this.#found.receipts) this.#receipt(receipt);
    for (const fact of this.#found.facts) this.#fact(fact);
    this.#deliveries();
    for (const attempt of this.#found.attempts) this.#attempt(attempt);
    // Now that all are there.
    for (const job of this.#found.jobs) this.#put({ ...this.#nodes.get(`job:${job.id}`)!, cause: this.#causeOfJob(job) });
    this.#outcomes();
    this.#answers();
    return this.#nodes;
  }

  #put(node: Node): void {
    this.#nodes.set(node.id, node);
  }

  // ---- Where things come from

  /** What the job led to at this time: its last run, or one before. */
  #ofJob(jobId: string, at: string): string | null {
    const attempt = this.#attemptAt.get(jobId);
    if (attempt && attempt.at <= micros(at)) return attempt.id;
    return this.#nodes.has(`job:${jobId}`) ? `job:${jobId}` : null;
  }
  #of({ type, id }: Cause, at: string): string | null {
    if (type === 'job') return this.#ofJob(id, at);
    const node = type === 'fact' ? `fact:${id}` : `webhook:${id}`;
    return this.#known.has(node) ? node : null;
  }
  /** The beginning of all that bears this id: a request, or the run of a schedule. */
  #root(requestId: string, at: string): string {
    const ofJob = this.#ofJob(requestId, at);
    if (ofJob !== null) return ofJob;
    const id = `request:${requestId}`;
    if (!this.#nodes.has(id)) this.#request(requestId);
    return id;
  }
  #request(requestId: string): void {
    const { facts, jobs, receipts } = this.#found;
    // Of what the reader may see only: neither the time nor the operation may tell of the rest.
    const ofIt = this.#reader.facts ? facts.filter((fact) => fact.requestId === requestId) : [];
    const itsJobs = this.#reader.jobs ? jobs.filter((job) => job.requestId === requestId) : [];
    const itsReceipts = receipts.filter((each) => each.requestId === requestId && this.#showsReceipt(each));
    const times = [...ofIt.map((fact) => fact.occurredAt), ...itsJobs.map((job) => job.createdAt), ...itsReceipts.map(({ at }) => at)];
    const direct = ofIt.find(({ job }) => job === null);
    const name = direct?.operation ?? itsJobs.find(({ operation }) => operation !== null)?.operation ?? null;
    const operation = this.#catalog.operations.find(({ id }) => id === name)?.operation;
    // Where its job is kept no longer, its facts still say which it was.
    const job = direct || name !== null ? null : (ofIt[0]?.job ?? null);
    this.#put({
      ...plain,
      id: `request:${requestId}`,
      kind: job === null ? 'request' : 'job',
      at: earliest(times) ?? '',
      title: operation?.summary ?? (job === null ? 'Request' : this.#titleOfJob(job)),
      name: name ?? job,
      detail: operation ? `${operation.method} ${operation.path}` : null,
      cause: null,
      reference: { type: 'request', id: requestId, path: null },
      visible: times.length > 0,
      many: job !== null,
    });
  }

  // ---- What there is

  #fact(fact: LinkedFact): void {
    const { id, name, occurredAt: at, position, cause, requestId, subject, outcome, job } = fact;
    const event = this.#catalog.events.get(name);
    const receipt = job === null && cause === null ? this.#found.receipts.find((each) => each.requestId === requestId) : undefined;
    this.#put({
      ...plain,
      id: `fact:${id}`,
      kind: 'fact',
      at,
      title: event?.title ?? name,
      name,
      state: outcome,
      cause: (cause && this.#of(cause, at)) ?? (receipt ? idOfReceipt(receipt) : this.#root(requestId, at)),
      reference: { type: 'audit-entry', id: String(position), path: `/audit/events/${position}` },
      subject: subject && this.#places.of(subject.type, subject.id),
      visible: this.#reader.facts,
      base: isStep(this.#catalog, fact, this.#found.followed),
    });
  }
  #job(job: LinkedJob): void {
    const { id, createdAt, startedAt, finishedAt, state, attempt, attempts, handler, mails } = job;
    const [name, at] = [handler ?? job.job, createdAt];
    const title = handler === null ? this.#titleOfJob(name) : `Reaction ${handler}`;
    const [reference, visible] = [{ type: 'job', id, path: `/jobs/${id}` }, this.#reader.jobs];
    const shared = { ...plain, reference, visible, name };
    const many = handler === null && job.requestId === null;
    const durationMs = millis(createdAt, finishedAt);
    this.#put({ ...shared, id: `job:${id}`, kind: 'job', at, title, state, durationMs, cause: null, many });
    let from = `job:${id}`;
    if (startedAt !== null) {
      from = `attempt:${id}:${attempt}`;
      this.#attemptAt.set(id, { id: from, at: startedAt });
      const run = attempts > 1 ? `Run ${attempt} of ${attempts} at most` : 'Run';
      const took = millis(startedAt, finishedAt);
      this.#put({ ...shared, id: from, kind: 'attempt', at: startedAt, title: run, state, durationMs: took, cause: `job:${id}` });
    }
    for (const [i, mail] of mails.entries()) {
      const said = (mail.template === null ? undefined : this.#catalog.mails.get(mail.template)?.title) ?? 'Mail';
      const sent = {
        ...shared,
        id: `mail:${id}:${i}`,
        kind: 'mail' as const,
        at: micros(mail.at),
        title: said,
        name: mail.template,
        state: 'sent',
      };
      this.#put({ ...sent, cause: from });
    }
  }
  #causeOfJob({ id, cause, handler, position, requestId, createdAt }: LinkedJob): string | null {
    if (handler !== null) {
      const fact = position === null ? undefined : this.#factAt.get(position);
      return fact ? `fact:${fact.id}` : null;
    }
    if (cause) return this.#of(cause, createdAt) ?? (requestId === null ? null : this.#root(requestId, createdAt));
    return requestId === null || requestId === id ? null : this.#root(requestId, createdAt);
  }
  /** The job is kept for an hour, that it was done for a month. */
  #handled({ handler, factId, at, jobId }: Gathered['handled'][number]): void {
    const id = `job:${jobId}`;
    if (this.#nodes.has(id)) return;
    const title = `Reaction ${handler}`;
    this.#put({
      ...plain,
      id,
      kind: 'job',
      at,
      title,
      name: handler,
      state: 'completed',
      cause: `fact:${factId}`,
      visible: this.#reader.jobs,
    });
  }
  #titleOfJob(name: string): string {
    return this.#catalog.jobs.get(name)?.title ?? name;
  }

  #showsReceipt({ source }: LinkedReceipt): boolean {
    return source.startsWith(PAYMENTS) ? this.#reader.payments : this.#reader.webhooks;
  }
  #receipt(receipt: LinkedReceipt): void {
    const { source, type, state, at, requestId } = receipt;
    const visible = this.#showsReceipt(receipt);
    const title = `${source.startsWith(PAYMENTS) ? source.slice(PAYMENTS.length) : source} sent a webhook`;
    const cause = this.#root(requestId, at);
    this.#put({ ...plain, id: idOfReceipt(receipt), kind: 'provider', at, title, name: type, state, detail: type, cause, visible });
  }
  #deliveries(): void {
    for (const { id, endpointId, organizationId, messageId, position, event, state, createdAt: at, endedAt } of this.#found.deliveries) {
      const within = organizationId === null ? '' : `/organizations/${organizationId}`;
      const path = `${within}/webhooks/endpoints/${endpointId}/deliveries/${id}`;
      const shared = { ...plain, reference: { type: 'webhook-delivery', id, path }, name: event, visible: true };
      const cause = position === null || !this.#nodes.has(`fact:${messageId}`) ? null : `fact:${messageId}`;
      const durationMs = millis(at, endedAt);
      this.#put({ ...shared, id: `webhook:${id}`, kind: 'webhook', at, title: `Webhook ${event}`, state, durationMs, cause });
      for (const attempt of this.#found.tries.filter(({ deliveryId }) => deliveryId === id)) {
        const answered = attempt.status !== null && attempt.status < 300 && attempt.status >= 200;
        this.#put({
          ...shared,
          id: `try:${id}:${attempt.number}`,
          kind: 'attempt',
          at: attempt.at,
          title: `Try ${attempt.number}`,
          state: answered ? 'delivered' : 'failed',
          detail: attempt.status === null ? attempt.error : `answered ${attempt.status}`,
          durationMs: attempt.milliseconds,
          cause: `webhook:${id}`,
        });
      }
    }
  }

  // ---- Providers of payments

  #attempt(attempt: LinkedPaymentAttempt): void {
    const { id, paymentId, provider, action, state, error, createdAt, askedAt, settledAt } = attempt;
    const [what, ofRefund] = action.split(':') as [string, string | undefined];
    this.#put({
      ...plain,
      id: `provider:${id}`,
      kind: 'provider',
      at: askedAt ?? createdAt,
      title: `${provider} asked to ${what}`,
      name: action,
      state,
      detail: error ?? (ofRefund === undefined ? null : `refund ${ofRefund}`),
      durationMs: millis(askedAt, settledAt),
      cause: this.#causeOfAttempt(attempt, what),
      reference: { type: 'payment', id: paymentId, path: `/payments/${paymentId}` },
      subject: this.#places.of('payment', paymentId),
      visible: true,
      base: true,
    });
  }
  /** The job that asked, where one did; else the fact that it was asked for, which was written before it. */
  #causeOfAttempt({ id, paymentId, createdAt, askedAt }: LinkedPaymentAttempt, what: string): string | null {
    const asker = this.#found.jobs.find(
      ({ job, payload, startedAt }) =>
        job === 'payments.act' && startedAt !== null && attemptOf(payload) === id && askedAt !== null && startedAt <= askedAt,
    );
    if (asker) return this.#ofJob(asker.id, askedAt!);
    const asked = this.#found.facts
      .filter(({ name, subject }) => name === `payments.${what}-asked` && subject?.id === paymentId)
      .toSorted((a, b) => distance(a.occurredAt, createdAt) - distance(b.occurredAt, createdAt))[0];
    return asked ? `fact:${asked.id}` : null;
  }
  /** What a provider answered is told in the request, or by the job, that asked it. */
  #outcomes(): void {
    const settled = this.#found.attempts
      .filter(({ settledAt }) => settledAt !== null)
      .toSorted((a, b) => (a.settledAt! < b.settledAt! ? -1 : 1));
    for (const { id, paymentId, settledAt } of settled) {
      const asker = this.#requestOf(this.#nodes.get(`provider:${id}`)?.cause ?? null);
      for (const fact of this.#found.facts) {
        const answers = fact.requestId === asker && fact.subject?.id === paymentId && fact.occurredAt >= settledAt!;
        if (answers && fact.cause?.type !== 'fact' && !fact.name.endsWith('-asked'))
          this.#nodes.get(`fact:${fact.id}`)!.cause = `provider:${id}`;
      }
    }
  }
  #requestOf(cause: string | null): string | null {
    const fact = this.#found.facts.find(({ id }) => cause === `fact:${id}`);
    if (fact) return fact.requestId;
    const job = this.#found.jobs.find(({ id }) => cause === `job:${id}` || cause?.startsWith(`attempt:${id}:`));
    return job ? (job.requestId ?? job.id) : null;
  }
  /** A webhook of a provider comes of what it was asked for last before, for the same payment. */
  #answers(): void {
    for (const { source, requestId } of this.#found.receipts) {
      const request = this.#nodes.get(`request:${requestId}`);
      if (!request || !source.startsWith(PAYMENTS)) continue;
      const told = new Set(this.#found.facts.flatMap((fact) => (fact.requestId === requestId && fact.subject ? [fact.subject.id] : [])));
      const before = this.#found.attempts
        .filter(({ paymentId, askedAt }) => told.has(paymentId) && askedAt !== null && askedAt <= request.at)
        .toSorted((a, b) => (a.askedAt! < b.askedAt! ? 1 : -1))[0];
      if (before) request.cause = `provider:${before.id}`;
    }
  }
}
