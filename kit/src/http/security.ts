import type { FastifyInstance } from 'fastify';
import type { Config } from '../config.ts';

/** The cookie that carries the access token. `__Host-` binds it to this very host, and needs https (B15). */
export const accessCookie = (config: Pick<Config, 'baseUrl'>): string =>
  config.baseUrl.startsWith('https://') ? '__Host-plinth_access' : 'plinth_access';

/**
 * What OWASP's REST cheat sheet asks of an API that never answers HTML: one fixed object, set in one hook. `no-store` is the
 * default, since most replies follow from who asks (B14); `vary` stands always, or a shared cache would mix origins up (B120).
 */
export const jsonHeaders = (config: Pick<Config, 'baseUrl'>): Readonly<Record<string, string>> =>
  Object.freeze({
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    vary: 'Origin',
    ...(config.baseUrl.startsWith('https://') ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
  });

/** A page of our own: scripts and styles from this server only, no frames around it. */
const PAGE_POLICY =
  "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** Makes a scope serve HTML: its routes answer with the policy of a page instead of that of JSON. @param policy another CSP, where a page needs one. */
export function page(scope: FastifyInstance, policy = PAGE_POLICY): void {
  scope.addHook('onRequest', (_request, reply, done) => {
    reply.header('content-security-policy', policy).header('cross-origin-opener-policy', 'same-origin');
    done();
  });
}
