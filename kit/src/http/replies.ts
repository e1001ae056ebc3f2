import { z } from 'zod';
import { AppError } from '../definitions.ts';
import type { CatalogOperation } from '../feature.ts';
import type { Kit } from '../kit.ts';
import { Response, type Cookie, type Page, type PageRequest, type Redirection, type ReplyKind } from '../operation.ts';
import { compilePick, type Pick } from './writer.ts';

/** A finished reply of text: what is sent, and what an idempotent replay sends again. */
export interface Rendered {
  readonly status: number;
  /** null: no body. */
  readonly body: string | null;
  readonly type: string;
  readonly headers: Readonly<Record<string, string>> | undefined;
  readonly cookies: readonly Cookie[] | undefined;
}
/** What paging and cursors need of a call. */
export interface Asked {
  readonly paging: PageRequest | undefined;
  /** What a cursor of this call is bound to: who asks, and for what (B133). */
  boundTo(): string;
}
export type Render = (result: unknown, asked: Asked) => Rendered;

export const JSON_TYPE = 'application/json; charset=utf-8';

/** How a reply is made: as finished text, or as bytes that flow. */
export const isText = (reply: ReplyKind | undefined): boolean =>
  reply === undefined || !('kind' in reply) || !['file', 'stream', 'sse'].includes(reply.kind);

const typeOf = (schema: z.core.$ZodType): string => (schema._zod.def as { type: string }).type;
/** Whether the data carries the `version` that `If-Match` speaks about. */
function hasVersion(schema: z.ZodType): boolean {
  const field = typeOf(schema) === 'object' ? (schema as z.ZodObject).shape['version'] : undefined;
  return field !== undefined && ['number', 'int'].includes(typeOf(field));
}

/** The value as JSON will have it: a key that is undefined is no key. */
function written(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(written);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, inner]) => (inner === undefined ? [] : [[key, written(inner)]])));
}

/** Throws where a reply is not what its contract says. Tests and development only: production trusts its own code and cuts. */
function checker(schema: z.ZodType, where: string): (data: unknown) => void {
  return (data) => {
    const parsed = schema.safeParse(written(data));
    if (parsed.success) return;
    const problems = parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.') || 'the reply'}: ${message}`).join('; ');
    throw new AppError('REPLY_MISMATCH', 500, `${where} answered what its contract does not say: ${problems}`);
  };
}

export function compileRender({ id, operation }: CatalogOperation, kit: Kit): Render {
  const { reply, method, path } = operation;
  const status = operation.status ?? (reply === undefined ? 204 : 200);
  const where = `${id} (${method} ${path})`;
  const checked = (schema: z.ZodType): Pick => {
    const pick = compilePick(schema, where);
    if (kit.config.production) return pick;
    const check = checker(schema, where);
    return (value) => {
      const picked = pick(value);
      check(picked);
      return picked;
    };
  };
  const timestamp = (): string => kit.clock.now().toISOString();
  /** Data with whatever `respond()` adds. */
  const rendered = (result: unknown, write: (data: unknown) => string | null, version: boolean): Rendered => {
    const special = result instanceof Response;
    const data: unknown = special ? result.data : result;
    let headers = special ? result.options.headers : undefined;
    if (version) headers = { etag: `"${(data as { version: number }).version}"`, ...headers };
    return {
      status: (special ? result.options.status : undefined) ?? status,
      body: write(data),
      type: JSON_TYPE,
      headers,
      cookies: special ? result.options.cookies : undefined,
    };
  };

  if (reply === undefined) return (result) => rendered(result, () => null, false);
  if (!('kind' in reply)) {
    const pick = checked(reply);
    const version = hasVersion(reply);
    const write = (data: unknown): string => JSON.stringify({ success: true, data: pick(data), meta: { timestamp: timestamp() } });
    return (result) => rendered(result, write, version);
  }
  switch (reply.kind) {
    case 'bare': {
      const pick = checked(reply.schema);
      const version = hasVersion(reply.schema);
      return (result) => rendered(result, (data) => JSON.stringify(pick(data)), version);
    }
    case 'paged': {
      const pick = checked(z.array(reply.item));
      return (result, asked) =>
        rendered(
          result,
          (data) =>
            JSON.stringify({
              success: true,
              data: pick((data as Page<unknown>).items),
              meta: { timestamp: timestamp(), pagination: pagination(data as Page<unknown>, asked, kit) },
            }),
          false,
        );
    }
    case 'redirect':
      return (result) => {
        const done = rendered(result, () => null, false);
        const { location, status: moved = 302 } = (result instanceof Response ? result.data : result) as Redirection;
        return { ...done, status: moved, headers: { location, ...done.headers } };
      };
    default:
      throw new Error(`${where}: a reply of kind '${reply.kind}' flows, it is not rendered`);
  }
}

function pagination(page: Page<unknown>, asked: Asked, kit: Kit): object {
  const { paging } = asked;
  const limit = paging!.limit;
  if ('total' in page) {
    const number = paging!.by === 'page' ? paging!.page : 1;
    const totalPages = Math.ceil(page.total / limit);
    return { page: number, limit, total: page.total, totalPages, hasMore: number < totalPages };
  }
  return { limit, nextCursor: page.next === null ? null : kit.seal.seal(page.next, asked.boundTo()), hasMore: page.next !== null };
}
