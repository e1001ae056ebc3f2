import type { Operation } from '../operation.ts';

/** Where an operation is mounted. */
export const urlOf = ({ path, at }: Pick<Operation, 'path' | 'at'>): string => (at === 'root' ? path : `/api/v1${path}`);

/** Bytes of a request target at most (B119). */
export const URL_LIMIT = 8192;

const SUSPECT = /[%;\\#]|\/[./]/;
/** Encoded separators, dots, NUL, query and fragment marks; a fragment; dot segments, empty segments, path parameters (B115). */
const REFUSED = /%(?:2f|5c|00|2e|3f|23)|;|#|\\|\/\/|\/\.{1,2}(?:\/|$)/i;

/** The path of a request target, without its query. */
export function pathOf(url: string): string {
  const mark = url.indexOf('?');
  return mark === -1 ? url : url.slice(0, mark);
}

/**
 * Whether a path means one thing only. One that proxies, routers and handlers could read differently is refused before it
 * counts for anything, so that access is decided on what is served.
 */
export const isPlainPath = (path: string): boolean => path.charCodeAt(0) === 47 && (!SUSPECT.test(path) || !REFUSED.test(path));
