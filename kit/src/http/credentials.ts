import type { IncomingMessage } from 'node:http';
import type { Credentials } from '../feature.ts';

/** A token in the header that cannot be one: two of them, no scheme, foreign characters, too long. */
export const malformed = Symbol('malformed credentials');

/** RFC 6750's b64token, with room for the largest token anyone signs. */
const TOKEN = /^[\w.~+/-]{1,8192}=*$/;

/** Node keeps one of some headers that come twice; only the raw lines tell. */
export function countHeader(rawHeaders: readonly string[], name: string): number {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2)
    if (rawHeaders[i]!.length === name.length && rawHeaders[i]!.toLowerCase() === name) count++;
  return count;
}

function bearer(header: string): string | null {
  const space = header.indexOf(' ');
  if (space !== 6 || header.slice(0, 6).toLowerCase() !== 'bearer') return null;
  const token = header.slice(7);
  return TOKEN.test(token) ? token : null;
}

/** The value of one cookie; undefined when absent. */
export function cookieOf(header: string, name: string): string | undefined {
  let at = header.indexOf(name);
  while (at !== -1) {
    const before = at === 0 ? ';' : header[at - 1];
    if ((before === ';' || before === ' ') && header[at + name.length] === '=') {
      const end = header.indexOf(';', at);
      return header.slice(at + name.length + 1, end === -1 ? undefined : end).trim();
    }
    at = header.indexOf(name, at + 1);
  }
  return undefined;
}

/**
 * Where a request proves who it is: `Authorization`, `X-Access-Token`, `X-API-Key`, the cookie, in this order. Never the query
 * string: addresses end up in logs. A header says on purpose who calls, so a bad one is an error; a bad cookie is only not valid.
 */
export function credentialsOf({ headers, rawHeaders }: IncomingMessage, cookie: string): Credentials | typeof malformed | null {
  const { authorization } = headers;
  if (authorization !== undefined) {
    const token = countHeader(rawHeaders, 'authorization') === 1 ? bearer(authorization) : null; // Node keeps the first of two and says nothing (B80)
    return token === null ? malformed : { from: 'authorization', token };
  }
  const access = headers['x-access-token'];
  if (access !== undefined) return typeof access === 'string' && TOKEN.test(access) ? { from: 'header', token: access } : malformed;
  const key = headers['x-api-key'];
  if (key !== undefined) return typeof key === 'string' && TOKEN.test(key) ? { from: 'key', token: key } : malformed;
  if (headers.cookie === undefined) return null;
  const value = cookieOf(headers.cookie, cookie);
  return value !== undefined && TOKEN.test(value) ? { from: 'cookie', token: value } : null;
}
