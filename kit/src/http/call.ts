import { fastifyCookie } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../caller.ts';
import type { Tx } from '../database/transaction.ts';
import { MalformedRequest, PreconditionFailed } from '../errors.ts';
import type { Credentials } from '../feature.ts';
import type { Cookie, PageRequest } from '../operation.ts';
import { malformed } from './credentials.ts';
import { signalOf } from './exchange.ts';
import type { Lease } from './idempotency.ts';
import { cursorBinding } from './paging.ts';

export interface CallInput {
  readonly caller: Caller;
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly headers: unknown;
  readonly paging: PageRequest | undefined;
  readonly ifMatch: number | null | undefined;
}

/** What a handler is given. Signal and cookies cost something, so they are made when first asked for. */
export class HttpCall implements CallInput {
  readonly caller: Caller;
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly headers: unknown;
  readonly paging: PageRequest | undefined;
  readonly ifMatch: number | null | undefined;
  /** Another one when the transaction is retried. */
  tx: Tx | undefined = undefined;
  lease: Lease | null | undefined = undefined;
  readonly #request: FastifyRequest;
  readonly #reply: FastifyReply;
  readonly #shutdown: AbortSignal;
  #signal: AbortSignal | undefined;
  constructor(input: CallInput, request: FastifyRequest, reply: FastifyReply, shutdown: AbortSignal) {
    this.caller = input.caller;
    this.params = input.params;
    this.query = input.query;
    this.body = input.body;
    this.headers = input.headers;
    this.paging = input.paging;
    this.ifMatch = input.ifMatch;
    this.#request = request;
    this.#reply = reply;
    this.#shutdown = shutdown;
  }
  get signal(): AbortSignal {
    return (this.#signal ??= signalOf(this.#request, this.#reply, this.#shutdown));
  }
  /** What a cursor of this call's reply is bound to. */
  boundTo(): string {
    return cursorBinding(this.#request, this.caller);
  }
  get credentials(): Credentials | null {
    const { credentials } = this.#request.exchange!;
    return credentials === malformed ? null : credentials;
  }
  get cookies(): Readonly<Record<string, string | undefined>> {
    const header = this.#request.raw.headers.cookie;
    return header === undefined ? {} : fastifyCookie.parse(header);
  }
}

/** HttpOnly always, Secure where there is TLS: a cookie that scripts can read is no place for anything of ours (B15). */
export function writeCookie({ name, value, maxAgeSeconds, path = '/', sameSite = 'lax' }: Cookie, secure: boolean): string {
  const maxAge = value === null ? 0 : maxAgeSeconds;
  return fastifyCookie.serialize(name, value ?? '', {
    path,
    httpOnly: true,
    secure: secure || name.startsWith('__'),
    sameSite,
    ...(maxAge === undefined ? {} : { maxAge }),
  });
}

const ETAG = /^\s*(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"\s*$/;
const VERSION = /^\s*"(\d{1,15})"\s*$/;

/**
 * The version that `If-Match` asks for (RFC 9110 §13.1.1); null when the header is absent or `*`.
 * @throws MalformedRequest when it is no list of entity tags; PreconditionFailed when none of them could ever match:
 * weak ones, others' ones. Several at once cannot be handed on as one version, so they fail too: reading again mends it.
 */
export function ifMatchOf(header: string | undefined): number | null {
  if (header === undefined || header.trim() === '*') return null;
  const version = VERSION.exec(header);
  if (version) return Number(version[1]);
  if (header.length > 1000 || !header.split(',').every((tag) => ETAG.test(tag))) throw new MalformedRequest({ reason: 'If-Match' });
  throw new PreconditionFailed();
}
