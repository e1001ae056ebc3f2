import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ProblemNotice } from '../problems.tsx';
import { Skeleton } from '../ui.tsx';

/**
 * What a call gave, or why not, or that it is under way: one place for the three states of every part of a page.
 * `<Loaded query={useQuery('get', '/api/v1/users/{userId}', { params: { path: { userId } } })}>{({ data: user }) => …}</Loaded>`
 */
export function Loaded<Data>({
  query,
  rows,
  children,
}: {
  query: Pick<UseQueryResult<Data, unknown>, 'data' | 'error' | 'refetch'>;
  /** How high it is while it loads, so that nothing moves. */
  rows?: number;
  children: (data: Data) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  return <Skeleton rows={rows ?? 6} />;
}
