import { type Caller, type Clock, type Database, type Logger, type Tx } from '@plinth/kit';
import type { IncomingHttpHeaders } from 'node:http';
import { SignatureRefused, WebhookUnreadable } from './contract.ts';
import type { IncomingRepository } from './incoming.repository.ts';
import { keyOf, matches } from './signing.ts';

export interface IncomingEvent {
  /** The sender's own id of the event: every copy bears it. */
  readonly id: string;
  readonly type: string;
  /** When it happened, by the sender's clock; ISO-8601. null: they do not say. */
  readonly occurredAt: string | null;
  readonly data: unknown;
}
/** `early`: it speaks of something that we do not have yet; it is kept and tried again (S24). */
export type Outcome = 'done' | 'early';
/** Somebody who sends us webhooks. */
export interface Source {
  /** `feature.sender`: `payments.stripe`. */
  readonly name: string;
  /** Judges the raw bytes, before anything is made of them (S18). @throws SignatureRefused */
  verify(body: Buffer, headers: IncomingHttpHeaders): Promise<void> | void;
  /** What they say, once it is believed. Whatever it throws is `WebhookUnreadable`. */
  read(body: string, headers: IncomingHttpHeaders): IncomingEvent;
  /**
   * In one transaction with the mark that it was done: once in effect, however often it is sent. Events arrive in any order, and
   * late: compare `occurredAt` in the statement that changes the row, or ask the sender what holds now (S21-S23).
   */
  handle(tx: Tx, event: IncomingEvent, caller: Caller): Promise<Outcome>;
}

interface Deps {
  readonly db: Database;
  readonly logger: Logger;
  readonly incoming: IncomingRepository;
}
const MOST_ID = 255;
/** Over about a day. */
const MOST_TRIES = 30;
const KEPT_DAYS = 90;
const SWEPT_AT_ONCE = 1000;

/** Webhooks that others send us. */
export class Incoming {
  readonly #deps: Deps;
  readonly #sources = new Map<string, Source>();
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** At setup: on every node, so that what is kept can be tried again on any. */
  declare(source: Source): void {
    if (this.#sources.has(source.name)) throw new Error(`two sources of webhooks are named '${source.name}'`);
    this.#sources.set(source.name, source);
  }
  /**
   * What an operation with a `raw` body and `tx: 'own'` does with it. Answer 2xx when it returns, whatever it returns; when it
   * throws, nothing was kept, and the sender sends again.
   * @throws SignatureRefused, WebhookUnreadable; whatever `handle` throws
   */
  async receive(caller: Caller, source: Source, body: Buffer, headers: IncomingHttpHeaders): Promise<Outcome | 'duplicate'> {
    await source.verify(body, headers);
    const event = readBy(source, body, headers);
    const { db, incoming } = this.#deps;
    return db.transaction(async (tx) => {
      if (!(await incoming.take(tx, source.name, event, caller.origin.requestId))) return 'duplicate';
      return this.#do(tx, source, event, caller);
    });
  }
  /** Tries what came too early again, one after the other. */
  async retry(caller: Caller): Promise<void> {
    const { db, incoming, logger } = this.#deps;
    const sources = [...this.#sources.keys()];
    for (;;) {
      const tried = await db.transaction(async (tx) => {
        const kept = await incoming.due(tx, sources);
        if (!kept) return false;
        const source = this.#sources.get(kept.source)!;
        try {
          await tx.savepoint(() => this.#do(tx, source, JSON.parse(kept.event!) as IncomingEvent, caller));
        } catch (err) {
          logger.warn({ err, source: kept.source, webhook: kept.id }, 'a webhook that was kept failed again');
          await this.#later(tx, kept.source, kept.id);
        }
        return true;
      });
      if (!tried) return;
    }
  }
  async sweep(): Promise<void> {
    while ((await this.#deps.incoming.sweep(this.#deps.db, KEPT_DAYS, SWEPT_AT_ONCE)) === SWEPT_AT_ONCE);
  }

  async #do(tx: Tx, source: Source, event: IncomingEvent, caller: Caller): Promise<Outcome> {
    const outcome = await source.handle(tx, event, caller);
    if (outcome === 'done') this.#deps.incoming.done(tx, source.name, event.id);
    else await this.#later(tx, source.name, event.id);
    return outcome;
  }
  async #later(tx: Tx, source: string, id: string): Promise<void> {
    if (await this.#deps.incoming.later(tx, source, id, MOST_TRIES))
      this.#deps.logger.error(
        { source, webhook: id },
        'a webhook was given up: it still speaks of something that is not here; sent again, it is tried again',
      );
  }
}

function readBy(source: Source, body: Buffer, headers: IncomingHttpHeaders): IncomingEvent {
  try {
    const event = source.read(body.toString(), headers);
    if (event.id.length === 0 || event.id.length > MOST_ID) throw new Error(`an event has an id of 1 to ${MOST_ID} characters`);
    // The sender would send it again, for ever.
    if (/\0/.test(event.id + event.type) || !(event.id + event.type).isWellFormed()) throw new Error('Postgres cannot hold its id or type');
    return event;
  } catch (cause) {
    throw new WebhookUnreadable({ source: source.name }, { cause });
  }
}

/** Seconds that the sender's clock may be off, or a delivery under way (S19). */
const TOLERANCE = 300;
/** Bytes; Standard Webhooks says 24 to 64. */
const LEAST_KEY = 24;
/**
 * Verifies Standard Webhooks. @param secrets `whsec_…`; several while one is being replaced.
 * @returns for `Source.verify`. @throws at once, where a secret is none: by an empty one everybody can sign.
 */
export function standardWebhooks(secrets: readonly string[], clock: Pick<Clock, 'now'>): Source['verify'] {
  const weak = secrets.some((secret) => keyOf(secret).length < LEAST_KEY);
  if (secrets.length === 0 || weak) throw new Error(`a secret of webhooks has ${LEAST_KEY} bytes at least, in base64: whsec_…`);
  return (body, headers) => {
    const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => headers[name]);
    if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string' || !/^\d{1,12}$/.test(timestamp))
      throw new SignatureRefused({ reason: 'headers' });
    if (Math.abs(clock.now().getTime() / 1000 - Number(timestamp)) > TOLERANCE)
      throw new SignatureRefused({ reason: 'too old, or from the future' });
    const message = { id, timestamp: Number(timestamp), body };
    if (!secrets.some((secret) => matches(secret, message, signatures))) throw new SignatureRefused({ reason: 'signature' });
  };
}
