import { useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, use, useMemo } from 'react';
import { type Contract, contractQuery, type Mine, mayCall, mineQuery, type Operation } from './contract.ts';
import type { OperationId } from './kit/pages.ts';
import { ProblemNotice } from './problems.tsx';
import { Skeleton } from './ui.tsx';

/** What there is on this server, and what of it whoever looks may do. */
export interface Here {
  readonly contract: Contract;
  readonly mine: Mine;
  /** Undefined where this server has no such operation, or one may not call it anywhere. */
  readonly allowed: (id: OperationId) => Operation | undefined;
}
const HereContext = createContext<Here | null>(null);

/** Everything below it knows the contract. */
export function HereProvider({ children }: { children: ReactNode }) {
  const contract = useQuery(contractQuery);
  const mine = useQuery(mineQuery);
  const here = useMemo<Here | null>(() => {
    if (!contract.data || !mine.data) return null;
    const byId = new Map(contract.data.operations.map((operation) => [operation.id, operation]));
    return {
      contract: contract.data,
      mine: mine.data,
      allowed(id) {
        const operation = byId.get(id);
        return operation && mayCall(mine.data, operation) ? operation : undefined;
      },
    };
  }, [contract.data, mine.data]);
  const error = contract.error ?? mine.error;
  if (here) return <HereContext value={here}>{children}</HereContext>;
  if (error) return <ProblemNotice error={error} onRetry={() => void Promise.all([contract.refetch(), mine.refetch()])} />;
  return <Skeleton rows={12} />;
}
export function useHere(): Here {
  const here = use(HereContext);
  if (!here) throw new Error('useHere stands below HereProvider only');
  return here;
}
