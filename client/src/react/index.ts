import createQueryHooks, { type OpenapiQueryClient } from 'openapi-react-query';
import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useSyncExternalStore } from 'react';
import type { ChannelHandlers, PlinthClient, RealtimeStatus, Who } from '../index.ts';

const KEY = 'Idempotency-Key';

export interface PlinthHooks<Paths extends {}> extends OpenapiQueryClient<Paths> {
  /** Who is signed in; null: nobody; undefined: not known yet (`client.session.restore()`). */
  readonly useSession: () => Who | null | undefined;
  /** Follows a channel while the component stands; null follows nothing. @returns how the connection does. */
  readonly useChannel: (channel: string | null, handlers: ChannelHandlers) => RealtimeStatus;
  /** For mutations that outlive the page: call it before `resumePausedMutations`, or those that were stored know not what to do. */
  readonly restoreMutations: (queryClient: QueryClient) => void;
}

/**
 * What useInfiniteQuery wants to know of a list with a cursor:
 * `useInfiniteQuery('get', '/api/v1/audit/events', {}, keyset)`.
 */
export const keyset = {
  pageParamName: 'cursor',
  initialPageParam: '',
  getNextPageParam: (page: { meta: { pagination: object } }): string | undefined =>
    (page.meta.pagination as { nextCursor?: string | null }).nextCursor ?? undefined,
};
/** Defaults for a QueryClient: the client itself repeats what may be repeated, and a refusal does not change by asking again. */
export const queryDefaults = { queries: { retry: false }, mutations: { retry: false } } as const;

type Variables = unknown;
type Options = unknown[];
type Mutate<Result> = (init: Variables, ...options: Options) => Result;
interface Init {
  readonly params?: { readonly header?: Readonly<Record<string, unknown>> };
}
/** The key belongs to the act, not to the attempt: retried, paused or stored and sent after a restart, it is the same act. */
export function keyed<Given>(given: Given): Given {
  const init = given as Init | undefined;
  if (init?.params?.header?.[KEY] !== undefined) return given;
  return { ...init, params: { ...init?.params, header: { ...init?.params?.header, [KEY]: crypto.randomUUID() } } } as Given;
}

/** React hooks of a client, made once beside it. */
export function createHooks<Paths extends {}>(client: PlinthClient<Paths>): PlinthHooks<Paths> {
  const hooks = createQueryHooks<Paths>(client);
  const useMutation = ((...parameters: Parameters<typeof hooks.useMutation>) => {
    const mutation = hooks.useMutation(...parameters);
    // For any operation: what is passed on is what came.
    const { mutate, mutateAsync } = mutation as unknown as { mutate: Mutate<void>; mutateAsync: Mutate<Promise<unknown>> };
    return {
      ...mutation,
      mutate: useCallback((init: Variables, ...options: Options) => mutate(keyed(init), ...options), [mutate]),
      mutateAsync: useCallback((init: Variables, ...options: Options) => mutateAsync(keyed(init), ...options), [mutateAsync]),
    };
  }) as unknown as typeof hooks.useMutation;
  const { session, realtime } = client;
  return {
    ...hooks,
    useMutation,
    useSession: () =>
      useSyncExternalStore(
        session.subscribe,
        () => session.current,
        () => undefined,
      ),
    useChannel(channel, handlers) {
      const latest = useRef(handlers);
      useEffect(() => {
        latest.current = handlers;
      });
      useEffect(() => {
        if (channel === null) return undefined;
        return realtime.subscribe(channel, {
          onEvent: (event) => latest.current.onEvent?.(event),
          onMessage: (message) => latest.current.onMessage?.(message),
          onJoined: (userId) => latest.current.onJoined?.(userId),
          onLeft: (userId) => latest.current.onLeft?.(userId),
          onReload: (why) => latest.current.onReload?.(why),
          onResumed: () => latest.current.onResumed?.(),
          onError: (error) => latest.current.onError?.(error),
        });
      }, [channel]);
      return useSyncExternalStore(
        realtime.onStatus,
        () => realtime.status,
        () => 'idle' as const,
      );
    },
    restoreMutations(queryClient) {
      queryClient.setMutationDefaults([], {
        mutationFn: async (init: unknown, { mutationKey }: { mutationKey?: QueryKey }) => {
          const [method, path] = (mutationKey ?? []) as [method?: string, path?: string];
          if (method === undefined || !path?.startsWith('/')) throw new Error('this mutation is none of the client');
          const call = client.request as unknown as (
            method: string,
            path: string,
            init: unknown,
          ) => Promise<{ data?: unknown; error?: unknown }>;
          const { data, error } = await call(method, path, init);
          if (error !== undefined) throw error as Error;
          return data;
        },
      });
    },
  };
}
