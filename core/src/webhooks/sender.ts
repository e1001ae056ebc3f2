import {
  type Caller,
  causing,
  type Clock,
  type Database,
  type EventLog,
  type Jobs,
  type Logger,
  type Loop,
  type OutboundFetch,
  running,
  type Seal,
  startLoop,
  system,
  type Tx,
} from '@plinth/kit';
import { toldBy, USER_AGENT } from './body.ts';
import { clearEndpoints, endpointDisabled, notifyOwner } from './contract.ts';
import type { Attempted, Claimed, QueueRepository } from './queue.repository.ts';
import type { Because, EndpointsRepository } from './repository.ts';
import { DISABLED_AT, pauseAfter, retryAfterOf, retryIn, WARNED_AT } from './retries.ts';
import { open } from './secrets.ts';
import { signed } from './signing.ts';

const SENDER = 'webhooks.sender';
const EVERY_MS = 500;
/** Attempts under way on one node; those that are answered slowly, or not at all, soon stand in nobody's way (S47). */
const MOST = 50;
const SLOW_MS = 1000;
const MOST_SLOW = 450;
const TIMEOUT_MS = 15_000;
const RESPONSE_CHARS = 1024;
const ERROR_CHARS = 300;

interface Deps {
  readonly db: Database;
  readonly log: EventLog;
  readonly jobs: Jobs;
  readonly seal: Seal;
  readonly fetch: OutboundFetch;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly queue: QueueRepository;
  readonly endpoints: EndpointsRepository;
}
interface Answer extends Attempted {
  readonly retryAfter: number | null;
}

/** Makes the deliveries that are due, on every worker. */
export class Sender {
  readonly #deps: Deps;
  readonly #running = new Set<Promise<void>>();
  /** Of them, those that have just begun. */
  #fresh = 0;
  readonly #stopped = new AbortController();
  #loop: Loop | undefined;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  start(): void {
    this.#loop = startLoop({ name: 'webhooks.sender', everyMs: EVERY_MS, logger: this.#deps.logger, run: () => this.#take() });
  }
  wake(): void {
    this.#loop?.wake();
  }
  /** What is under way is broken off and given back: it costs no try. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#loop?.stop();
    await Promise.all(this.#running);
  }

  async #take(): Promise<boolean> {
    const free = (): number => Math.min(MOST - this.#fresh, MOST + MOST_SLOW - this.#running.size);
    if (free() === 0) return false; // the end of an attempt wakes us
    const claimed = await this.#deps.queue.claim(this.#deps.db, free());
    for (const delivery of claimed) this.#begin(delivery);
    return claimed.length > 0 && free() > 0;
  }
  #begin(delivery: Claimed): void {
    this.#fresh++;
    let fresh = true;
    const notFresh = (): void => {
      if (fresh) this.#fresh--;
      fresh = false;
      this.wake();
    };
    const slow = setTimeout(notFresh, SLOW_MS);
    const run = this.#deliver(delivery)
      .catch((err: unknown) => this.#deps.logger.error({ err, delivery: delivery.id }, 'a webhook delivery could not be settled'))
      .finally(() => {
        clearTimeout(slow);
        this.#running.delete(run);
        notFresh();
      });
    this.#running.add(run);
  }
  async #deliver(delivery: Claimed): Promise<void> {
    const { db, queue } = this.#deps;
    const { body, requestId } = await toldBy(this.#deps.log, delivery);
    const answer = body === null ? GONE_FROM_LOG : await this.#attempt(delivery, body);
    if (answer === null) return db.transaction((tx) => queue.release(tx, delivery));
    const ok = answer.status !== null && answer.status >= 200 && answer.status < 300;
    // What comes of it is traced to where the fact came from.
    const about = { requestId, operation: SENDER, userId: null, inTransaction: false };
    const following = <T>(work: () => Promise<T>): Promise<T> =>
      running.run(about, () => causing.run({ type: 'delivery', id: delivery.id }, work));
    await following(() =>
      db.transaction(async (tx) => {
        if (body === null) return queue.abandoned(tx, delivery, answer);
        if (ok) return queue.delivered(tx, delivery, answer);
        const seconds = answer.status === 410 ? null : retryIn(delivery.tries, answer.retryAfter);
        const endpoint = await queue.failed(tx, delivery, answer, seconds);
        if (!endpoint || endpoint.disabled) return;
        const { failures } = endpoint;
        const because = answer.status === 410 ? 'gone' : failures >= DISABLED_AT ? 'failing' : null;
        if (because) return this.#disable(tx, delivery, because, failures, requestId);
        queue.pause(tx, delivery.endpointId, pauseAfter(failures, answer.retryAfter));
        if (WARNED_AT.includes(failures))
          await this.#deps.jobs.enqueue(tx, notifyOwner, { endpointId: delivery.endpointId, because: 'warning', failures });
      }),
    );
  }
  async #disable(
    tx: Tx,
    { endpointId, organizationId }: Claimed,
    because: Exclude<Because, 'owner'>,
    failures: number,
    requestId: string,
  ): Promise<void> {
    const { endpoints, jobs, log } = this.#deps;
    const disabled = await endpoints.disable(tx, endpointId, because);
    if (disabled?.left) await jobs.enqueue(tx, clearEndpoints, {});
    const caller: Caller = system(SENDER, null, requestId);
    const detail = organizationId === null ? {} : { organization: organizationId };
    await log.publish(tx, caller, endpointDisabled, { endpointId, because, failures }, detail);
    await jobs.enqueue(tx, notifyOwner, { endpointId, because, failures });
  }

  /** null: we were stopped. */
  async #attempt({ messageId, url, endpointId, secret, previousSecret }: Claimed, body: string): Promise<Answer | null> {
    const { fetch, clock, seal } = this.#deps;
    const started = clock.monotonic();
    const took = (): number => Math.round(clock.monotonic() - started);
    try {
      const secrets = [secret, ...(previousSecret === null ? [] : [previousSecret])].map((sealed) => open(seal, sealed, endpointId));
      const message = { id: `msg_${messageId}`, timestamp: Math.floor(clock.now().getTime() / 1000), body };
      const reply = await fetch(url, {
        method: 'POST',
        headers: { ...signed(message, secrets), 'user-agent': USER_AGENT },
        body,
        signal: this.#stopped.signal,
        timeoutMs: TIMEOUT_MS,
        limitBytes: 4 * RESPONSE_CHARS,
        cut: true,
      });
      const retryAfter = reply.status === 429 || reply.status === 503 ? retryAfterOf(reply.headers.get('retry-after'), clock.now()) : null;
      return {
        milliseconds: took(),
        status: reply.status,
        error: null,
        response: printable(await reply.text(), RESPONSE_CHARS),
        retryAfter,
      };
    } catch (error) {
      if (this.#stopped.signal.aborted) return null;
      return { milliseconds: took(), status: null, error: reasonOf(error), response: null, retryAfter: null };
    }
  }
}

const GONE_FROM_LOG: Answer = { milliseconds: 0, status: null, error: 'the log has dropped the event', response: null, retryAfter: null };
/** What Postgres can hold of what strangers sent. */
const printable = (text: string, most: number): string => Array.from(text.replaceAll('\0', '').toWellFormed()).slice(0, most).join('');
/** What happened, for the endpoint's owner; never an address inside. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'failed';
  if (error.name === 'TimeoutError') return `no answer within ${TIMEOUT_MS / 1000} seconds`;
  const { code } = error as { code?: unknown };
  return printable(typeof code === 'string' ? code : error.message, ERROR_CHARS);
}
