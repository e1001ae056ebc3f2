import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Account } from './account.testing.ts';
import { answer, completes, createSession, expire, pay } from './checkout.testing.ts';
import { StripeDeliveries } from './deliveries.testing.ts';
import { invalid, type Params, parseForm, Refusal } from './form.testing.ts';
import { type Intent, newId, type Session, type Thing } from './objects.testing.ts';
import { expanded, list, pathsOf } from './reading.testing.ts';

export const STRIPE_KEY = 'sk_test_plinthplinthplinth';
export const STRIPE_SECRET = 'whsec_plinthplinthplinthplinth';
/** Its clock is behind ours: what must not depend on ours would be found. */
const BEHIND_SECONDS = 100;

export interface Fault {
  /** Of `POST /v1/refunds`. */
  readonly on: RegExp;
  /** Before it was done, or after. */
  readonly when: 'before' | 'after';
  readonly how: 'cut' | 'hang' | 'error' | 'limit' | 'garbage' | 'invalid';
  times?: number;
}
interface Kept {
  readonly fingerprint: string;
  readonly status: number;
  readonly body: string;
}
/**
 * Stripe, as far as it is documented: its HTTP, forms, states, refusals, idempotency, balance, pages and webhooks, with a state of its
 * own. It shares nothing with the code that speaks to it.
 */
export class StripeSimulator {
  readonly account: Account;
  readonly deliveries: StripeDeliveries;
  readonly faults: Fault[] = [];
  /** What was asked of it: method, path, key. */
  readonly calls: string[] = [];
  /** Seconds that its search is behind, and milliseconds that each call takes. */
  searchLag = 60;
  latency = 0;
  url = '';
  key = STRIPE_KEY;
  readonly #keys = new Map<string, Kept>();
  readonly #running = new Set<string>();
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  constructor(enabled: readonly string[], secrets: readonly string[] = [STRIPE_SECRET]) {
    this.deliveries = new StripeDeliveries(secrets, new Set(enabled));
    const now = () => Math.floor(Date.now() / 1000) - BEHIND_SECONDS;
    this.account = new Account(
      (type, thing) => this.#tell(type, thing),
      () => this.url,
      now,
    );
  }
  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }
  async stop(): Promise<void> {
    this.deliveries.stop();
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
  asked(key: string): number {
    return this.calls.filter((call) => call.startsWith('POST') && call.endsWith(` ${key}`)).length;
  }

  /** Of itself after a day, or because somebody asked for it. */
  expire(sessionId: string, params: Params = {}): Session {
    const session = expire(this.account, sessionId, params);
    this.#tell('checkout.session.expired', session);
    return session;
  }

  #tell(type: string, thing: Thing): void {
    const created = this.account.now();
    const event = (name: string, object: Thing) =>
      this.deliveries.announce({
        id: newId('evt'), object: 'event', api_version: '2026-10-28.endive', created, data: { object: structuredClone(object) }, livemode: false,
        pending_webhooks: 1, request: { id: newId('req'), idempotency_key: null }, type: name,
      } as { id: string; type: string }); // prettier-ignore
    event(type, thing);
    const session = thing.object === 'payment_intent' ? completes(this.account, thing) : null;
    if (session) event('checkout.session.completed', session);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, 'http://stripe');
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    const body = Buffer.concat(parts).toString();
    if (/^\/(c\/pay|3ds)\//.test(url.pathname)) return this.#page(url.pathname, new URLSearchParams(body), response);
    const key = request.headers['idempotency-key'] as string | undefined;
    const call = `${request.method} ${url.pathname}`;
    this.calls.push(`${call} ${key ?? ''}`);
    if (key !== undefined && this.#running.has(key))
      return send(response, 409, {
        error: { type: 'idempotency_error', code: 'idempotency_key_in_use', message: 'Another request is running' },
      });
    if (this.latency > 0) {
      this.#running.add(key ?? '');
      await sleep(this.latency);
      this.#running.delete(key ?? '');
    }
    const fault = this.#fault(call);
    if (fault?.how === 'limit')
      return send(response, 429, { error: { type: 'invalid_request_error', code: 'rate_limit', message: 'Too many requests' } });
    if (fault?.when === 'before') return fail(request, response, fault.how);
    const kept = this.#once(request, url, body, key, fault?.how === 'error');
    if (fault) return fail(request, response, fault.how);
    response.setHeader('idempotent-replayed', String(kept.replayed));
    response.writeHead(kept.status, this.#headers()).end(kept.body);
  }
  /** "We save the status code and body of the first request for any key, after execution begins, including 500 errors." */
  #once(request: IncomingMessage, url: URL, body: string, key: string | undefined, broken: boolean): Kept & { replayed: boolean } {
    const fingerprint = createHash('sha256').update(`${url.pathname}\n${body}`).digest('hex');
    const keyed = request.method === 'POST' && key !== undefined;
    const answered = (status: number, answer: unknown): Kept => ({ fingerprint, status, body: JSON.stringify(answer) });
    if (!isKey(request.headers.authorization, this.key))
      return {
        ...answered(401, { error: { type: 'invalid_request_error', message: 'Invalid API Key provided: sk_test_****' } }),
        replayed: false,
      };
    if (keyed && key.length > 255)
      return { ...answered(400, { error: invalid('Idempotency keys are at most 255 characters').error }), replayed: false };
    const before = keyed ? this.#keys.get(key) : undefined;
    if (before && before.fingerprint !== fingerprint)
      return {
        ...answered(400, { error: { type: 'idempotency_error', message: 'Keys can only be used with the same parameters' } }),
        replayed: false,
      };
    if (before) return { ...before, replayed: true };
    let kept: Kept;
    let began = true;
    try {
      const params = parseForm(request.method === 'GET' ? url.search.slice(1) : body);
      kept = answered(200, expanded(this.account, this.#do(request.method!, url.pathname, params), pathsOf(params)));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      kept = answered(error.status, { error: error.error });
      // What is no valid request has not begun.
      began = !['parameter_unknown', 'parameter_missing', 'parameter_invalid_empty'].includes(String(error.error['code']));
    }
    if (broken) kept = answered(500, { error: { type: 'api_error', message: 'An unknown error occurred' } });
    if (keyed && began) this.#keys.set(key, kept);
    return { ...kept, replayed: false };
  }
  #do(method: string, path: string, params: Params): unknown {
    const { account } = this;
    const [, , ...names] = path.split('/');
    const [id, action] = names[0] === 'checkout' ? names.slice(2) : names.slice(1);
    const what = [names[0], ...(action ? [action] : [])].join(' ');
    if (method === 'GET') {
      if (id === undefined || id === 'search') return list(account, path, params, this.searchLag);
      return account.get(names[0] === 'checkout' ? 'checkout.session' : 'payment_intent', id);
    }
    if (id === undefined && what === 'payment_intents') return account.createIntent(params);
    if (id === undefined && what === 'refunds') return account.refund(params);
    if (id === undefined && what === 'checkout') return createSession(account, this.url, params);
    if (what === 'payment_intents capture') return account.capture(id!, params);
    if (what === 'payment_intents cancel') return account.cancel(id!, params);
    if (what === 'checkout expire') return this.expire(id!, params);
    throw invalid(`Unrecognized request URL (${method}: ${path})`);
  }
  /** What the payer sees: no part of the API. */
  #page(path: string, form: URLSearchParams, response: ServerResponse): void {
    const id = path.split('/').at(-1)!;
    try {
      const to = path.startsWith('/3ds/')
        ? answer(this.account, id, form.get('answer') === 'yes')
        : pay(this.account, id, form.get('method') ?? '');
      if (to === null) response.writeHead(200).end('Your card was declined.');
      else response.writeHead(303, { location: to }).end();
    } catch (error) {
      response.writeHead(400).end((error as Error).message);
    }
  }
  #headers(): Record<string, string> {
    return {
      'content-type': 'application/json',
      'request-id': newId('req'),
      'stripe-version': '2026-10-28.endive',
      date: new Date(this.account.now() * 1000).toUTCString(),
    };
  }
  #fault(call: string): Fault | undefined {
    const fault = this.faults.find(({ on }) => on.test(call));
    if (!fault) return undefined;
    fault.times = (fault.times ?? 1) - 1;
    if (fault.times <= 0) this.faults.splice(this.faults.indexOf(fault), 1);
    return fault;
  }
}

const isKey = (header: string | undefined, key: string): boolean => {
  const [given, wanted] = [Buffer.from(header ?? ''), Buffer.from(`Bearer ${key}`)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
};
const send = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': newId('req') }).end(JSON.stringify(body));
};
function fail(request: IncomingMessage, response: ServerResponse, how: Fault['how']): void {
  if (how === 'cut') request.socket.destroy();
  else if (how === 'error') send(response, 500, { error: { type: 'api_error', message: 'An unknown error occurred' } });
  else if (how === 'invalid') send(response, 400, { error: invalid('That is no request', 'parameter_unknown', 'expand').error });
  else if (how === 'garbage') response.writeHead(502, { 'content-type': 'text/html' }).end('<html>Bad Gateway</html>');
}
export type { Intent, Session };
