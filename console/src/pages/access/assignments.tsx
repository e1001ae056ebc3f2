import { List, OperationButton, Person, RoleInput, ScopeInput, ScopeName, useMayAny, UserInput, Value } from '../../kit/index.ts';

const INPUTS = { userId: UserInput, role: RoleInput, scope: ScopeInput };

/** Who has which role. */
export function Page() {
  const mayTake = useMayAny('access.unassign');
  return (
    <List
      of="/api/v1/access/assignments"
      title="Assignments"
      filters={['role']}
      inputs={INPUTS}
      hrefOf={({ userId }) => `/users/${userId}`}
      columns={[
        { name: 'userName', title: 'Who' },
        { name: 'role', cell: ({ role }) => <code className="text-xs">{role}</code> },
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
                cell: ({ id, role, userName }: { id: string; role: string; userName: string | null }) => (
                  <OperationButton
                    operation="access.unassign"
                    params={{ assignmentId: id }}
                    current={{ name: role }}
                    lead={`${userName ?? 'They'} will not have this role any more.`}
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
