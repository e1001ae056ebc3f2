import { createClient, type Problem } from '@plinth/client';
import { createHooks, queryDefaults } from '@plinth/client/react';
import { QueryClient } from '@tanstack/react-query';
import { send, useActing } from './acting.ts';

/** The tokens are in cookies that no script sees. */
export const client = createClient({ delivery: 'cookie', fetch: send });
const hooks = createHooks(client);
export const { useQuery, useSession } = hooks;
/** Nothing is followed while one acts as somebody else: a socket goes with the cookies, and would say what oneself may hear. */
export const useChannel: typeof hooks.useChannel = (channel, handlers) => hooks.useChannel(useActing() ? null : channel, handlers);
export const queries = new QueryClient({ defaultOptions: { ...queryDefaults, queries: { ...queryDefaults.queries, staleTime: 5_000 } } });

export interface Reply<Data = unknown> {
  readonly data: Data;
  readonly meta: { readonly pagination?: Pagination };
}
export interface Pagination {
  readonly page?: number;
  readonly total?: number;
  readonly totalPages?: number;
  readonly hasMore: boolean;
  readonly nextCursor?: string | null;
}
export interface Call {
  readonly method: string;
  /** With its parameters filled in. */
  readonly path: string;
  readonly query?: Readonly<Record<string, unknown>> | undefined;
  readonly body?: unknown;
  readonly header?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal;
}
export const isProblem = (error: unknown): error is Problem => typeof error === 'object' && error !== null && 'code' in error;

/** Set by the dialog that asks for a fresh proof: resolves to whether it was given. */
let prove: (() => Promise<boolean>) | null = null;
export const setProver = (prover: (() => Promise<boolean>) | null): void => {
  prove = prover;
};

async function ask<Data>({ method, path, query, body, header, signal }: Call, parseAs: 'json' | 'stream'): Promise<Data | undefined> {
  const request = client.request as unknown as (method: string, path: string, init: object) => Promise<{ data?: Data; error?: Problem }>;
  const send = () =>
    request(method, path, { params: { query, header }, parseAs, ...(body !== undefined && { body }), ...(signal && { signal }) });
  let { data, error } = await send();
  // RFC 9470: it wants a proof that is not old. Given, the same is asked again.
  if (error?.code === 'INSUFFICIENT_USER_AUTHENTICATION' && (await prove?.())) ({ data, error } = await send());
  // oxlint-disable-next-line typescript/only-throw-error -- a problem is what TanStack Query hands to those who show it
  if (error) throw error;
  return data;
}
/** Calls an operation that is known by the contract only. @throws Problem */
export const call = async <Data = unknown>(asked: Call): Promise<Reply<Data>> =>
  (await ask<Reply<Data>>(asked, 'json')) ?? ({ data: undefined, meta: {} } as Reply<Data>);

/** The reply of an operation that flows, piece by piece. @throws Problem; Error where the connection is lost before its end */
export async function* flow(asked: Call): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const body = await ask<ReadableStream<Uint8Array<ArrayBuffer>>>(asked, 'stream');
  const reader = body?.getReader();
  try {
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
      if (done) return;
      yield value;
    }
  } finally {
    // Whoever reads no further keeps nothing flowing.
    await reader?.cancel().catch(() => undefined);
  }
}
/** The messages of an operation that answers with server-sent events. @throws like `flow` */
export async function* messages<Data>(asked: Call): AsyncGenerator<Data> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of flow(asked)) {
    const lines = (text + decoder.decode(piece, { stream: true })).split('\n');
    text = lines.pop()!;
    for (const line of lines) if (line.startsWith('data: ')) yield JSON.parse(line.slice('data: '.length)) as Data;
  }
}
