import { isIP, type LookupFunction } from 'node:net';
import type { Config } from '../config.ts';
import { running } from '../context.ts';
import { clientSpan } from '../telemetry/spans.ts';
import { createReachable } from './addresses.ts';
import { createResolve, type Resolve } from './resolve.ts';

// Not imported: see http/errors.ts.
const http = process.getBuiltinModule('node:http');
const https = process.getBuiltinModule('node:https');

export interface OutboundInit {
  readonly method?: string;
  readonly headers?: ConstructorParameters<typeof Headers>[0];
  readonly body?: string | URLSearchParams | Uint8Array | null;
  readonly signal?: AbortSignal | undefined;
  /** For everything together, a slow body too. Default 10,000. */
  readonly timeoutMs?: number;
  /** Bytes of the answer at most. Default 1 MiB. */
  readonly limitBytes?: number;
  /** A longer answer is cut there instead of refused. */
  readonly cut?: boolean;
}
/** Calls an address that users or other systems may have named. @throws OutboundRefused; whatever the network says */
export type OutboundFetch = (url: string | URL, init?: OutboundInit) => Promise<globalThis.Response>;

/** The call was not made, or its answer not taken. */
export class OutboundRefused extends Error {
  override readonly name = 'OutboundRefused';
}

export interface OutboundOptions {
  /** CIDRs of private networks that may be called, also without TLS. */
  readonly allow: readonly string[];
  /** Stands in for the resolver in tests. */
  readonly resolve?: Resolve;
}
const LOOPBACK = ['127.0.0.0/8', '::1/128'];

/** What a server may call on behalf of others. In development its own machine too. */
export const outboundOf = ({ production, outboundAllow }: Pick<Config, 'production' | 'outboundAllow'>): OutboundFetch =>
  traced(createOutbound({ allow: production ? outboundAllow : [...outboundAllow, ...LOOPBACK] }));

/** Each call is a span of the trace that it belongs to, and says which request it follows from. */
const traced =
  (call: OutboundFetch): OutboundFetch =>
  async (url, init = {}) =>
    clientSpan({ method: init.method ?? 'GET', url: String(url) }, (trace) => {
      const requestId = running.getStore()?.requestId;
      const headers = new Headers(init.headers);
      for (const [name, value] of Object.entries({ ...trace, ...(requestId && { 'x-request-id': requestId }) }))
        if (!headers.has(name)) headers.set(name, value);
      return call(url, { ...init, headers });
    });

/**
 * `fetch` for addresses that are not ours (B59): https only; no redirects; no private, loopback or link-local address, decided on
 * what is connected to, so that a name cannot change its mind in between; a bound on bytes and on time.
 */
export function createOutbound({ allow, resolve = createResolve() }: OutboundOptions): OutboundFetch {
  const reachable = createReachable(allow);
  const guard =
    (host: string, may: (address: string) => boolean): LookupFunction =>
    (_host, options, done) =>
      resolve(host, (error, found) => {
        const addresses = found.filter(({ address }) => may(address));
        if (error) done(error, '');
        // One bad address among good ones is no accident.
        else if (addresses.length === 0 || addresses.length < found.length)
          done(new OutboundRefused(`${host} leads to a private network`), '');
        else if (options.all) done(null, addresses);
        else done(null, addresses[0]!.address, addresses[0]!.family);
      });
  // Whoever calls bounds how many: one host that hangs would hold up others' addresses on it.
  const agents = { 'http:': new http.Agent({ keepAlive: false }), 'https:': new https.Agent({ keepAlive: false }) };

  return async (address, { method = 'GET', headers, body, signal, timeoutMs = 10_000, limitBytes = 1_048_576, cut = false } = {}) => {
    const url = new URL(address);
    const { protocol } = url;
    if (protocol !== 'https:' && protocol !== 'http:') throw new OutboundRefused(`${protocol} is not called`);
    if (url.username !== '' || url.password !== '') throw new OutboundRefused('a URL with a user name is not called');
    const may = protocol === 'https:' ? reachable.any : reachable.named;
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    // Sockets look up names only.
    if (isIP(host) && !may(host)) throw new OutboundRefused(`${host} is not called`);
    const within = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]);
    const content = body instanceof URLSearchParams ? body.toString() : (body ?? undefined);
    const sent = new Headers(headers);
    if (body instanceof URLSearchParams && !sent.has('content-type'))
      sent.set('content-type', 'application/x-www-form-urlencoded;charset=UTF-8');
    if (!sent.has('user-agent')) sent.set('user-agent', 'plinth');
    return new Promise((settle, fail) => {
      // Whatever becomes of the socket: nobody waits longer.
      within.addEventListener('abort', () => fail(within.reason as Error), { once: true });
      const request = (protocol === 'https:' ? https : http).request(url, {
        method,
        headers: Object.fromEntries(sent),
        agent: agents[protocol],
        lookup: guard(host, may),
        signal: within,
      });
      const refuse = (reason: string): void => {
        request.destroy();
        fail(new OutboundRefused(`${url.origin} ${reason}`));
      };
      request.on('error', fail);
      request.on('upgrade', (_answer, socket) => {
        socket.destroy(); // no longer the request's
        refuse('switches protocols');
      });
      request.on('response', (incoming) => {
        const status = incoming.statusCode!;
        // The parser lets any three digits through; `Response` would throw at these, where nobody catches it.
        if (status < 200 || status > 599) return refuse(`answers ${status}`);
        if (status >= 300 && status < 400 && status !== 304) return refuse('redirects, which is not followed');
        const parts: Buffer[] = [];
        let bytes = 0;
        incoming.on('data', (part: Buffer) => {
          bytes += part.length;
          if (bytes <= limitBytes) return void parts.push(part);
          if (!cut) return refuse(`answers more than ${limitBytes} bytes`);
          parts.push(part.subarray(0, part.length - (bytes - limitBytes)));
          answer();
          request.destroy();
        });
        incoming.on('error', fail);
        incoming.on('end', () => answer());
        const answer = (): void => {
          const answered = new Headers();
          for (const [name, values] of Object.entries(incoming.headersDistinct))
            for (const value of values ?? []) answered.append(name, value);
          const empty = status === 204 || status === 205 || status === 304;
          settle(new globalThis.Response(empty ? null : Buffer.concat(parts), { status, headers: answered }));
        };
      });
      request.end(content);
    });
  };
}
