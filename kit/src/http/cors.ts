import type { FastifyReply } from 'fastify';

/** Which origins browsers may call from. */
export interface Origins {
  allows(origin: string): boolean;
  /** Learned late: a server on a free port knows its own address only once it listens. */
  readonly add: (origin: string) => void;
}

/** `https://*.example.com` is one label deep and never `example.com` itself; everything else is compared whole (B120). */
export function createOrigins(configured: readonly string[]): Origins {
  const exact = new Set<string>();
  const wildcards: RegExp[] = [];
  const add = (origin: string): void => {
    const text = origin.toLowerCase();
    if (text.includes('*'))
      wildcards.push(new RegExp(`^${text.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace('*', '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?')}$`));
    else exact.add(text);
  };
  configured.forEach(add);
  return {
    add,
    allows(origin) {
      const text = origin.toLowerCase();
      return text !== 'null' && (exact.has(text) || wildcards.some((pattern) => pattern.test(text)));
    },
  };
}

const EXPOSED =
  'etag, location, retry-after, ratelimit, ratelimit-policy, x-request-id, x-decision-id, idempotent-replayed, www-authenticate';
const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const HEADERS = 'authorization, content-type, idempotency-key, if-match, last-event-id, x-access-token, x-api-key, x-request-id';

/** What a cross-origin reply says; set before anything can fail, so that errors carry it too. */
export function allowOrigin(reply: FastifyReply, origin: string): void {
  reply.header('access-control-allow-origin', origin);
  reply.header('access-control-allow-credentials', 'true');
  reply.header('access-control-expose-headers', EXPOSED);
  // The reply is meant for another origin; without this a page under COEP could not read it.
  reply.header('cross-origin-resource-policy', 'cross-origin');
}

/** Answers a preflight for any address: it says nothing about which addresses exist. */
export function answerPreflight(reply: FastifyReply, allowed: boolean): void {
  reply.header('vary', 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers');
  if (allowed) {
    reply.header('access-control-allow-methods', METHODS);
    reply.header('access-control-allow-headers', HEADERS);
    reply.header('access-control-max-age', '600');
  }
  reply.code(204).send();
}
