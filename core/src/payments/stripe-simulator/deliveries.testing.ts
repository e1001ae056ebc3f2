import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** How badly webhooks are delivered. */
export interface DeliveryHabits {
  url: string | null;
  copies: number;
  /** Milliseconds. */
  delay: number;
  /** Held back until this many are there; then the newest goes first. */
  hold: number;
  lose: boolean;
}
export interface Sent {
  readonly id: string;
  readonly type: string;
  readonly body: string;
}

/**
 * By the letter of docs.stripe.com/webhooks#verify-manually, not by code of ours: HMAC-SHA256 with the secret as it is written, over
 * the timestamp, a dot and the body, in hexadecimal; one `v1` for each secret while one is being rolled, and a `v0` to be ignored.
 */
export function sign(body: string, secrets: readonly string[], at = Date.now()): string {
  const timestamp = Math.floor(at / 1000);
  const signatures = secrets.map((secret) => `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`, 'utf8').digest('hex')}`);
  return [`t=${timestamp}`, ...signatures, `v0=${'6'.repeat(64)}`].join(',');
}

export class StripeDeliveries {
  readonly habits: DeliveryHabits = { url: null, copies: 1, delay: 0, hold: 1, lose: false };
  readonly sent: Sent[] = [];
  readonly #secrets: readonly string[];
  readonly #enabled: ReadonlySet<string>;
  readonly #stopped = new AbortController();
  #held: Sent[] = [];
  constructor(secrets: readonly string[], enabled: ReadonlySet<string>) {
    this.#secrets = secrets;
    this.#enabled = enabled;
  }
  announce(event: { readonly id: string; readonly type: string }): void {
    // An endpoint gets what it is registered for.
    if (!this.#enabled.has(event.type)) return;
    const message = { id: event.id, type: event.type, body: JSON.stringify(event, null, 2) };
    this.sent.push(message);
    if (this.habits.lose || this.habits.url === null) return;
    this.#held.push(message);
    if (this.#held.length < this.habits.hold) return;
    const messages = this.#held.splice(0);
    if (this.habits.hold > 1) messages.reverse();
    void this.#deliver(messages.flatMap((each) => Array.from({ length: this.habits.copies }, () => each)));
  }
  async send({ body }: Pick<Sent, 'body'>, { secrets = this.#secrets, at = Date.now(), url = this.habits.url } = {}): Promise<number> {
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'stripe-signature': sign(body, secrets, at),
      'user-agent': 'Stripe/1.0',
    };
    return (await fetch(url!, { method: 'POST', headers, body, signal: this.#stopped.signal })).status;
  }
  stop(): void {
    this.#stopped.abort();
  }
  async #deliver(messages: readonly Sent[]): Promise<void> {
    if (this.habits.delay > 0) await sleep(this.habits.delay, undefined, { ref: false });
    for (const message of messages)
      for (let attempt = 0; attempt < 5 && !this.#stopped.signal.aborted; attempt++) {
        const status = await this.send(message).catch(() => 0);
        if (status >= 200 && status < 300) break;
        await sleep(500 * 2 ** attempt, undefined, { ref: false });
      }
  }
}
