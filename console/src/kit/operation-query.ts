import type { operations } from '@plinth/client';
import { useQuery } from '@tanstack/react-query';
import { call } from '../client.ts';
import { fill } from '../contract.ts';
import { useHere } from '../here.tsx';
import type { OperationId } from './pages.ts';

type DataOf<Id extends OperationId> = operations[Id] extends {
  responses: { 200: { content: { 'application/json': { data: infer Data } } } };
}
  ? Data
  : never;
interface Asked<Data> {
  /** Of its path. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** Read again so often, in milliseconds, as long as it answers with what wants to be watched. */
  readonly watchMs?: number;
  readonly watched?: (data: Data) => boolean;
  /** Each look is recorded, so it is not read again by itself; another value of this is another look. */
  readonly once?: string;
  readonly enabled?: boolean;
}
/** What an operation answers, by its id: where the same page shows the operations of several places. */
export function useOperation<Id extends OperationId>(id: Id, asked: Asked<DataOf<Id>> = {}) {
  const { params = {}, query, watchMs, watched = () => true, once, enabled = true } = asked;
  const operation = useHere().contract.operations.find((each) => each.id === id);
  return useQuery<DataOf<Id>, unknown>({
    queryKey: ['operation', id, params, query, once],
    queryFn: async ({ signal }) => {
      if (!operation) throw new Error(`This server has no ${id}`);
      const { data } = await call<DataOf<Id>>({ method: 'get', path: fill(operation.template, params), query, signal });
      return data;
    },
    enabled,
    ...(once !== undefined && { staleTime: Infinity }),
    refetchInterval: ({ state: { data } }) => (watchMs !== undefined && (data === undefined || watched(data)) ? watchMs : false),
  });
}
