import { OperationButton, type OperationId, Person, ScopeName, Value } from '../../kit/index.ts';

/** What an assignment of a role and a grant of a permission have alike. */
export interface Given {
  readonly id: string;
  readonly scope: { readonly type: string; readonly id: string } | null;
  readonly expiresAt: string | null;
  readonly grantedBy: string | null;
  readonly grantedByName: string | null;
}
export const givenColumns = [
  {
    name: 'scope',
    title: 'Where',
    cell: ({ scope }: Given) => <ScopeName scope={scope} />,
    text: ({ scope }: Given) => (scope ? `${scope.type}:${scope.id}` : ''),
  },
  { name: 'expiresAt', title: 'Until', cell: ({ expiresAt }: Given) => (expiresAt === null ? 'for good' : <Value value={expiresAt} />) },
  {
    name: 'grantedByName',
    title: 'Given by',
    cell: ({ grantedBy, grantedByName }: Given) => <Person id={grantedBy} name={grantedByName} />,
  },
  { name: 'createdAt', title: 'Since' },
];

interface TakeAway {
  readonly operation: OperationId;
  readonly params: Readonly<Record<string, string>>;
  /** Of what is taken: typed before it goes. */
  readonly name: string;
  readonly lead: string;
}
export const TakeAway = ({ operation, params, name, lead }: TakeAway) => (
  <OperationButton operation={operation} params={params} current={{ name }} lead={lead} onDone={() => {}} small>
    Take away
  </OperationButton>
);
