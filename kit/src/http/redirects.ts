import type { Config } from '../config.ts';
import { createOrigins } from './cors.ts';

// Where a browser may be sent on our word. What is allowed is written down by the owner; all else is an open redirect (B56, B57).

/** Spaces, controls and backslashes: browsers drop or turn them, so what was checked is not where they go. */
const TRICKS = /[\s\p{C}\\]/u;
/** `//host` in the clothes of a path, for whoever decodes it before reading it again. */
const DISGUISED = /^\/(?:\/|%2f|%5c|\.{1,2}\/\/|;)/i;
const LOOPBACK = /^http:\/\/(127\.0\.0\.1|\[::1\])(?::\d{1,5})?(\/[^?#]*)?$/;

/** Only what is spelled exactly as browsers write it back: no `https:evil`, no user names, no numbers as hosts, no capitals. */
function parse(text: string): URL | null {
  if (text.length > 2000 || TRICKS.test(text) || text.includes('#')) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  return url && (url.protocol === 'https:' || url.protocol === 'http:') && (text === url.href || `${text}/` === url.href) ? url : null;
}

/**
 * Where someone goes after they signed in: a path of this server, or a page of an origin that may call it anyway (CORS_ORIGINS).
 * @returns the whole URL; null for anything else. A fragment is ours to add, so it may bring none.
 */
export function createReturnTo({ baseUrl, corsOrigins }: Pick<Config, 'baseUrl' | 'corsOrigins'>): (text: string) => string | null {
  const origin = URL.canParse(baseUrl) ? new URL(baseUrl).origin : null;
  const origins = createOrigins([...corsOrigins, ...(origin === null ? [] : [origin])]);
  return (text) => {
    if (!text.startsWith('/')) {
      const url = parse(text);
      return url && origins.allows(url.origin) && !url.pathname.startsWith('//') ? url.href : null;
    }
    if (origin === null || DISGUISED.test(text)) return null;
    const url = parse(origin + text);
    return url?.origin === origin ? url.href : null;
  };
}

/**
 * Whether this is one of the owner's own redirect URIs: the very string, but for the port of a loopback address, which native
 * apps choose as they start (RFC 8252 §7.3).
 */
export function createRedirectUris(allowed: readonly string[]): (text: string) => boolean {
  const exact = new Set(allowed);
  const withoutPort = (text: string): string | null => {
    const [, host, path = '/'] = LOOPBACK.exec(text) ?? [];
    return host === undefined ? null : `${host}${path}`;
  };
  const loopback = new Set(allowed.map(withoutPort).filter((text) => text !== null));
  return (text) => {
    if (exact.has(text)) return true;
    const local = parse(text) && withoutPort(text);
    return typeof local === 'string' && loopback.has(local);
  };
}
