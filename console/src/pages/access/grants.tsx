import { List, OperationButton, PermissionInput, Person, ScopeInput, ScopeName, useMayAny, UserInput, Value } from '../../kit/index.ts';

const INPUTS = { userId: UserInput, permission: PermissionInput, scope: ScopeInput };

/** Who was given which permission without a role. */
export function Page() {
  const mayTake = useMayAny('access.revokeGrant');
  return (
    <List
      of="/api/v1/access/grants"
      title="Grants"
      filters={['permission', 'scopeType']}
      inputs={INPUTS}
      empty="Nobody was given a permission without a role"
      hrefOf={({ userId }) => `/users/${userId}`}
      columns={[
        { name: 'userName', title: 'Who' },
        { name: 'permission', cell: ({ permission }) => <code className="text-xs">{permission}</code> },
        {
          name: 'scope',
          title: 'Where',
          cell: ({ scope }) => <ScopeName scope={scope} />,
          text: ({ scope }) => (scope ? `${scope.type}:${scope.id}` : ''),
        },
        { name: 'expiresAt', title: 'Until', cell: ({ expiresAt }) => (expiresAt === null ? 'for good' : <Value value={expiresAt} />) },
        {
          name: 'grantedByName',
          title: 'Given by',
          cell: ({ grantedBy, grantedByName }) => <Person id={grantedBy} name={grantedByName} />,
        },
        { name: 'createdAt', title: 'Since' },
        { name: 'reason', hidden: true },
        ...(mayTake
          ? [
              {
                name: 'id',
                title: 'Acts',
                cell: ({ id, permission, userName }: { id: string; permission: string; userName: string | null }) => (
                  <OperationButton
                    operation="access.revokeGrant"
                    params={{ grantId: id }}
                    current={{ name: permission }}
                    lead={`${userName ?? 'They'} will not have this permission any more, unless a role gives it.`}
                    onDone={() => {}}
                    small
                  >
                    Take away
                  </OperationButton>
                ),
              },
            ]
          : []),
      ]}
    />
  );
}
