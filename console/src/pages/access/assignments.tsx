import { List, RoleInput, ScopeInput, useMayAny, UserInput } from '../../kit/index.ts';
import { givenColumns, TakeAway } from './given.tsx';

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
        ...givenColumns,
        { name: 'reason', hidden: true },
        ...(mayTake
          ? [
              {
                name: 'id',
                title: 'Acts',
                cell: ({ id, role, userName }: { id: string; role: string; userName: string | null }) => (
                  <TakeAway
                    operation="access.unassign"
                    params={{ assignmentId: id }}
                    name={role}
                    lead={`${userName ?? 'They'} will not have this role any more.`}
                  />
                ),
              },
            ]
          : []),
      ]}
    />
  );
}
