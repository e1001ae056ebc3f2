import type { paths } from '@plinth/client';
import { useHere } from '../here.tsx';
import type { Column } from '../resource/columns.ts';
import { type ListProps, OperationList } from '../resource/list.tsx';
import { Notice } from '../ui.tsx';

type DataOf<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: { content: { 'application/json': { data: infer Data } } } } };
}
  ? Data
  : never;
/** Addresses whose reply is a list. */
export type AnyListPath = { [Path in keyof paths]: DataOf<Path> extends readonly object[] ? Path : never }[keyof paths];
export type RowOf<Path extends keyof paths> = DataOf<Path> extends readonly (infer Row)[] ? Row : never;

type Props<Path extends AnyListPath> = Omit<ListProps, 'operation' | 'columns' | 'hrefOf'> & {
  /** The list, as the API spells it: `/api/v1/users`. */
  readonly of: Path;
  readonly columns?: readonly Column<RowOf<Path>>[];
  readonly hrefOf?: (row: RowOf<Path>) => string | undefined;
};
/** A list of the contract, with columns of one's own: `<List of="/api/v1/users" columns={[{ name: 'email' }]} />`. */
export function List<Path extends AnyListPath>({ of, ...rest }: Props<Path>) {
  const { contract } = useHere();
  const operation = contract.operations.find(({ method, template }) => method === 'get' && `/api/v1${template}` === of);
  if (!operation) return <Notice title="This server has no such list">{of}</Notice>;
  // The rows come from the same contract as their type.
  return <OperationList {...(rest as unknown as Omit<ListProps, 'operation'>)} operation={operation} />;
}
