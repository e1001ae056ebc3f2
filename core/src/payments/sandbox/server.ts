import { timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { Book, type Pages, SandboxError } from './book.ts';
import { control, type Faults } from './control.ts';
import { Deliveries } from './deliveries.ts';
import { authenticatePage, checkoutPage } from './pages.ts';

const http = process.getBuiltinModule('node:http');

export interface SandboxOptions {
  /** On 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  readonly key: string;
  readonly webhookSecret: string;
  readonly webhookUrl: string | null;
  /** Where its book is kept over restarts; null: in memory. */
  readonly file: string | null;
}
export interface Sandbox {
  readonly url: string;
  stop(this: void): Promise<void>;
}
export interface Parts {
  readonly book: Book;
  readonly deliveries: Deliveries;
  readonly faults: Faults;
  /** What was asked of it lately: method, path, key. */
  readonly calls: string[];
}
/** What an answer is: JSON, a page, a redirection. */
type Reply = { status: number; body: unknown } | { page: string } | { to: string };
const BODY_LIMIT = 65_536;

/** A provider of payments that moves no money. @throws EADDRINUSE */
export async function startSandbox({ port, key, webhookSecret, webhookUrl, file }: SandboxOptions): Promise<Sandbox> {
  const deliveries = new Deliveries(webhookSecret, webhookUrl);
  let url = '';
  const book = new Book(
    (type, payment) => deliveries.announce(type, payment),
    (reference) => `${url}/checkout/${reference}`,
    read(file),
  );
  const parts: Parts = { book, deliveries, faults: [], calls: [] };
  // Kept before it is answered: a restart must not forget money.
  const keep = (): void => write(file, book);
  const server: Server = http.createServer((request, response) => {
    void serve(request, response, key, parts, keep).catch((error: unknown) => {
      const known = error instanceof SandboxError ? error : new SandboxError(500, 'sandbox_failed');
      send(response, { status: known.status, body: { error: known.code } });
    });
  });
  await new Promise<void>((listening, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', () => listening());
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    async stop() {
      deliveries.stop();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function serve(request: IncomingMessage, response: ServerResponse, key: string, parts: Parts, keep: () => void): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://sandbox');
  const body = request.method === 'GET' ? '' : await bodyOf(request);
  if (pathname.startsWith('/checkout/')) {
    const reply = checkout(parts.book, request.method, pathname, new URLSearchParams(body));
    if (request.method !== 'GET') keep();
    return send(response, reply);
  }
  if (!isKey(request.headers.authorization, key)) throw new SandboxError(401, 'key_invalid');
  const said = body === '' ? {} : parse(body);
  if (pathname.startsWith('/test/')) {
    const answer = await control(parts, request.method!, pathname, said);
    if (request.method !== 'GET') keep();
    return send(response, { status: 200, body: answer });
  }
  const idempotencyKey = request.headers['idempotency-key'] as string | undefined;
  parts.calls.push(`${request.method} ${pathname} ${idempotencyKey ?? ''}`);
  if (parts.calls.length > 10_000) parts.calls.shift();
  const fault = takeFault(parts.faults, `${request.method} ${pathname}`);
  if (fault?.when === 'before') return fail(request, response, fault.how);
  const reply = api(parts.book, request.method!, pathname, searchParams, said, idempotencyKey);
  if (request.method !== 'GET') keep();
  // It is done; the answer is what gets lost.
  if (fault) return fail(request, response, fault.how);
  send(response, reply);
}

function api(
  book: Book,
  method: string,
  path: string,
  query: URLSearchParams,
  said: Record<string, unknown>,
  key: string | undefined,
): Reply {
  const [, version, what, reference, action] = path.split('/');
  if (version !== 'v1') throw new SandboxError(404, 'unknown_path');
  const once = (run: () => unknown): Reply => book.once(key, [path, said], run);
  if (what === 'payments') {
    if (method === 'POST' && reference === undefined) return once(() => book.create(said));
    if (method === 'GET' && reference === undefined) {
      const found = book.byMerchant(query.get('paymentId') ?? '');
      return { status: 200, body: { payments: found ? [found] : [] } };
    }
    if (method === 'GET' && action === undefined) return { status: 200, body: book.get(reference!) };
    if (method === 'POST' && action === 'capture') return once(() => book.capture(reference!, said['amount']));
    if (method === 'POST' && action === 'cancel') return once(() => book.cancel(reference!));
    if (method === 'POST' && action === 'refunds') return once(() => book.refund(reference!, said));
  }
  if (method === 'GET' && what === 'report') {
    const limit = Math.min(Number(query.get('limit') ?? 100), 500);
    return { status: 200, body: book.report(query.get('from') ?? '', query.get('to') ?? '', query.get('after'), limit) };
  }
  throw new SandboxError(404, 'unknown_path');
}

function checkout(book: Book, method: string | undefined, path: string, form: URLSearchParams): Reply {
  const [, , reference, step] = path.split('/');
  let payment = book.find(reference!);
  if (method === 'POST') {
    payment =
      step === 'authenticate' ? book.authenticate(reference!, form.get('answer') === 'yes') : book.pay(reference!, form.get('token') ?? '');
    const goesOn = payment.state === 'requires_action' ? payment.url : payment.returnUrl;
    return { to: goesOn ?? `/checkout/${reference}` };
  }
  return { page: step === 'authenticate' ? authenticatePage(payment) : checkoutPage(payment) };
}

function send(response: ServerResponse, reply: Reply): void {
  if (response.headersSent) return;
  if ('to' in reply) response.writeHead(303, { location: reply.to }).end();
  else if ('page' in reply) {
    const headers = {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    };
    response.writeHead(200, headers).end(reply.page);
  } else response.writeHead(reply.status, { 'content-type': 'application/json' }).end(JSON.stringify(reply.body));
}
const ANSWERS = {
  error: { status: 500, body: { error: 'sandbox_fault' } },
  forbid: { status: 403, body: { error: 'key_revoked' } },
  busy: { status: 409, body: { error: 'idempotency_key_in_use' } },
};
/** The socket breaks, the answer never comes, or it is an answer that says nothing. */
function fail(request: IncomingMessage, response: ServerResponse, how: Faults[number]['how']): void {
  if (how === 'cut') request.socket.destroy();
  else if (how !== 'hang') send(response, ANSWERS[how]);
}
function takeFault(faults: Faults, call: string): Faults[number] | undefined {
  const i = faults.findIndex(({ on }) => new RegExp(on).test(call));
  if (i < 0) return undefined;
  const fault = faults[i]!;
  if (--fault.times <= 0) faults.splice(i, 1);
  return fault;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > BODY_LIMIT) throw new SandboxError(413, 'body_too_big');
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}
function parse(body: string): Record<string, unknown> {
  try {
    const said: unknown = JSON.parse(body);
    if (typeof said === 'object' && said !== null) return said as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw new SandboxError(400, 'body_invalid');
}
function isKey(header: string | undefined, key: string): boolean {
  const [given, wanted] = [Buffer.from(header ?? ''), Buffer.from(`Bearer ${key}`)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function read(file: string | null): Pages | undefined {
  if (file === null) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Pages;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
function write(file: string | null, book: Book): void {
  if (file === null) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(book.pages()), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
