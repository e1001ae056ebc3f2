import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { Caller, SignedIn } from './caller.ts';
import type { Access, AnyEvent, AppErrorClass, SignedInLately } from './definitions.ts';
import type { Tx } from './database/transaction.ts';
import type { Credentials } from './feature.ts';
import type { Lease } from './http/idempotency.ts';
import type { Takeover } from './realtime/websocket.ts';

// ---- What an operation may answer ---------------------------------------------------------------

/** A reply as an RFC prescribes it: no envelope. */
export const bare = <S extends z.ZodType>(schema: S) => ({ kind: 'bare', schema }) as const;
/** A list in the envelope: pages with a total, and with `cursor: true` also sealed cursors without one. */
export const paged = <S extends z.ZodType>(item: S, options: { readonly cursor?: boolean } = {}) =>
  ({ kind: 'paged', item, cursor: options.cursor ?? false }) as const;
/** One whole file. */
export const file = (type: string) => ({ kind: 'file', type }) as const;
/** Bytes as they come. */
export const stream = (type: string) => ({ kind: 'stream', type }) as const;
/** Server-sent events, each with JSON data of this shape. */
export const sse = <S extends z.ZodType>(schema: S) => ({ kind: 'sse', schema }) as const;
export const redirect = () => ({ kind: 'redirect' }) as const;

export type ReplyKind =
  | z.ZodType
  | ReturnType<typeof bare>
  | ReturnType<typeof paged>
  | ReturnType<typeof file>
  | ReturnType<typeof stream>
  | ReturnType<typeof sse>
  | ReturnType<typeof redirect>;

export interface FileContent {
  readonly content: Readable | Uint8Array | string;
  /** Bytes, when known. */
  readonly length?: number;
  /** Shown to the user when saved; sent as an RFC 5987 name. */
  readonly filename?: string;
  readonly type?: string;
}
export interface SseMessage<T> {
  readonly id?: string;
  readonly event?: string;
  readonly data: T;
}
export interface Redirection {
  readonly location: string;
  readonly status?: 301 | 302 | 303 | 307 | 308;
}

// ---- What an operation may take -----------------------------------------------------------------

/** `application/x-www-form-urlencoded`. */
export const form = <S extends z.ZodType>(schema: S) => ({ kind: 'form', schema }) as const;
/**
 * JSON as an RFC prescribes it: fields that the schema does not name are ignored, and whatever is wrong with the body or its
 * media type is a 400.
 */
export const lenient = <S extends z.ZodType>(schema: S) => ({ kind: 'lenient', schema }) as const;
/**
 * Bytes as they came, before any parser: for signatures over them. @param limit bytes.
 * @param signed the operation refuses, with 4xx, what is not signed right: who shows no credentials is then no stranger to count,
 *   unless they are refused.
 */
export const raw = (options: { readonly types: readonly string[]; readonly limit: number; readonly signed?: boolean }) =>
  ({ kind: 'raw', ...options }) as const;
/** `multipart/form-data`. @param limit bytes of one file. */
export const upload = (options: { readonly limit: number; readonly files?: number; readonly types?: readonly string[] }) =>
  ({ kind: 'upload', files: 1, ...options }) as const;
export type BodyKind =
  z.ZodType | ReturnType<typeof form> | ReturnType<typeof lenient> | ReturnType<typeof raw> | ReturnType<typeof upload>;
export interface UploadPart {
  readonly field: string;
  readonly filename: string;
  readonly type: string;
  readonly content: Readable;
}

// ---- Operations ---------------------------------------------------------------------------------

export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: `/${string}`;
  readonly summary: string;
  readonly description?: string;
  /** Required on purpose: an operation nobody thought about must not compile. */
  readonly access: Access;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: BodyKind;
  readonly status?: 200 | 201 | 202 | 204;
  readonly reply?: ReplyKind;
  readonly errors?: readonly AppErrorClass[];
  /** Facts this operation may publish; an unsafe one must say so either way. */
  readonly publishes?: readonly AnyEvent[] | `nothing, because ${string}`;
  /** The operation opens its own short transactions, because it hashes or calls the outside. */
  readonly tx?: 'own';
  /** An unsafe method that only reads. */
  readonly safe?: true;
  /** Its reply holds a secret: it is stored nowhere, and `no-store` is sent. */
  readonly secret?: true;
  /** `root` leaves `/api/v1`. */
  readonly at?: 'root';
  /** The connection becomes a socket: the handler says of whom. */
  readonly upgrade?: true;
  /** Reads `If-Match` and hands the version over as `ifMatch`. */
  readonly ifMatch?: true;
  /** Own rate limit: `{ requests: 10, seconds: 60, by: 'address' }`. */
  readonly limit?: { readonly requests: number; readonly seconds: number; readonly by?: 'address' | 'caller' };
  /** Bytes of the body. Default: the configured limit (1 MiB). */
  readonly bodyLimit?: number;
  readonly deprecated?: { readonly since: string; readonly sunset?: string };
  /** Example of a call, for the reference page. */
  readonly example?: { readonly body?: unknown; readonly query?: unknown };
}
export type Operations = Readonly<Record<string, Operation>>;

/** The shape is checked here, the names and forms when the app is assembled. */
export const defineOperations = <const T extends Operations>(operations: T): T => operations;

export const isSafe = (operation: Operation): boolean => operation.method === 'GET' || operation.safe === true;

/** A time in input, as Postgres holds it: its years begin with 1, and its parser ends at about 120 characters. */
export const Instant = z.iso
  .datetime()
  .refine((text) => text.length <= 30 && !text.startsWith('0000'), 'is a time after year 0 with at most nine digits of a second');

// ---- Paging -------------------------------------------------------------------------------------

/** Query fields of a `paged` operation; extend it with filters: `Paging.extend({ category: … })`. */
export const Paging = z.strictObject({
  page: z.coerce.number().int().min(1).max(10_000).default(1).describe('Page number, from 1'),
  limit: z.coerce.number().int().min(1).max(100).default(20).describe('Items a page'),
});
/** As `Paging`, for operations with `paged(item, { cursor: true })`. An empty cursor asks for the first page. */
export const CursorPaging = Paging.extend({
  cursor: z.string().max(1024).optional().describe('Cursor of the previous page; empty for the first. Instead of `page`'),
});
/** What the handler of a paged operation is asked for. A cursor arrives opened: the `next` that the handler gave before. */
export type PageRequest =
  | { readonly by: 'page'; readonly page: number; readonly limit: number }
  | { readonly by: 'cursor'; readonly after: readonly (string | number)[] | null; readonly limit: number };
/** One page: with a total when asked by page, with `next` (null at the end) when asked by cursor. */
export type Page<T> =
  | { readonly items: readonly T[]; readonly total: number }
  | { readonly items: readonly T[]; readonly next: readonly (string | number)[] | null };

// ---- Calls and controllers ----------------------------------------------------------------------

export interface Cookie {
  readonly name: string;
  /** null clears it. */
  readonly value: string | null;
  readonly maxAgeSeconds?: number;
  readonly path?: string;
  readonly sameSite?: 'lax' | 'strict';
}
export interface RespondOptions {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly Cookie[];
}
export class Response<T> {
  readonly data: T;
  readonly options: RespondOptions;
  constructor(data: T, options: RespondOptions) {
    this.data = data;
    this.options = options;
  }
}
/** Data with another status, headers or cookies than the contract's own. */
export const respond = <T>(data: T, options: RespondOptions): Response<T> => new Response(data, options);

type Out<S> = S extends z.ZodType ? z.output<S> : undefined;
type BodyOf<B> = B extends z.ZodType
  ? z.output<B>
  : B extends { kind: 'form' | 'lenient'; schema: infer S extends z.ZodType }
    ? z.output<S>
    : B extends { kind: 'raw' }
      ? Buffer
      : B extends { kind: 'upload' }
        ? AsyncIterable<UploadPart>
        : undefined;
type ReplyOf<R> = R extends z.ZodType
  ? z.output<R>
  : R extends { kind: 'bare'; schema: infer S extends z.ZodType }
    ? z.output<S>
    : R extends { kind: 'paged'; item: infer S extends z.ZodType }
      ? Page<z.output<S>>
      : R extends { kind: 'file' }
        ? FileContent
        : R extends { kind: 'stream' }
          ? AsyncIterable<Uint8Array | string>
          : R extends { kind: 'sse'; schema: infer S extends z.ZodType }
            ? AsyncIterable<SseMessage<z.output<S>>>
            : R extends { kind: 'redirect' }
              ? Redirection
              : void;
type IsUnsafe<O extends Operation> = O extends { method: 'GET' } | { safe: true } ? false : true;
type OwnTx<O extends Operation> = O extends { tx: 'own' } ? true : false;

export interface Call<O extends Operation> {
  readonly caller: O['access'] extends 'signed-in' | SignedInLately ? SignedIn : Caller;
  readonly params: Out<O['params']>;
  readonly query: Out<O['query']>;
  readonly body: BodyOf<O['body']>;
  readonly headers: O['headers'] extends z.ZodType ? z.output<O['headers']> : Readonly<IncomingHttpHeaders>;
  /** The open transaction of an unsafe operation; commits when the handler returns. */
  readonly tx: IsUnsafe<O> extends true ? (OwnTx<O> extends true ? undefined : Tx) : undefined;
  readonly paging: O['reply'] extends { kind: 'paged' } ? PageRequest : undefined;
  /** The version of `If-Match`; null when the header is absent or `*`. */
  readonly ifMatch: O['ifMatch'] extends true ? number | null : undefined;
  /** With `tx: 'own'` and an Idempotency-Key: the lease to finish in the last transaction. */
  readonly lease: OwnTx<O> extends true ? Lease | null : undefined;
  /** Aborted when the client goes away or the server shuts down. */
  readonly signal: AbortSignal;
  readonly cookies: Readonly<Record<string, string | undefined>>;
  /** What the caller proved themselves with, where the reply lasts: it must ask again whether it still stands. */
  readonly credentials: O extends { upgrade: true } | { reply: { kind: 'sse' } } ? Credentials | null : undefined;
}
type Answer<O extends Operation> = O extends { upgrade: true }
  ? Takeover
  : ReplyOf<O['reply']> | Response<ReplyOf<O['reply']>> | (O extends { reply: { kind: 'sse' } } ? Readable : never);
/** What a feature must provide: one handler per operation, no more, no fewer. */
export type Controller<T extends Operations> = { readonly [K in keyof T]: (call: Call<T[K]>) => Promise<Answer<T[K]>> | Answer<T[K]> };
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyHandler = (call: any) => unknown;
