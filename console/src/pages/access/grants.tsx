import { List, PermissionInput, ScopeInput, useMayAny, UserInput } from '../../kit/index.ts';
import { givenColumns, TakeAway } from './given.tsx';

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
        ...givenColumns,
        { name: 'reason', hidden: true },
        ...(mayTake
          ? [
              {
                name: 'id',
                title: 'Acts',
                cell: ({ id, permission, userName }: { id: string; permission: string; userName: string | null }) => (
                  <TakeAway
                    operation="access.revokeGrant"
                    params={{ grantId: id }}
                    name={permission}
                    lead={`${userName ?? 'They'} will not have this permission any more, unless a role gives it.`}
                  />
                ),
              },
            ]
          : []),
      ]}
    />
  );
}
