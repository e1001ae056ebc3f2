import {
  Loaded,
  OperationButton,
  PermissionInput,
  Person,
  RoleInput,
  Rows,
  ScopeInput,
  ScopeName,
  Section,
  useHere,
  useMayAny,
  useQuery,
  Value,
} from '../../kit/index.ts';

const ROLE = { role: RoleInput, scope: ScopeInput };
const PERMISSION = { permission: PermissionInput, scope: ScopeInput };

interface Given {
  readonly id: string;
  readonly scope: { readonly type: string; readonly id: string } | null;
  readonly expiresAt: string | null;
  readonly grantedBy: string | null;
  readonly grantedByName: string | null;
  readonly reason: string | null;
  readonly createdAt: string;
}
/** Columns that roles and permissions have alike. */
const alike = [
  { name: 'scope', title: 'Where', cell: ({ scope }: Given) => <ScopeName scope={scope} /> },
  { name: 'expiresAt', title: 'Until', cell: ({ expiresAt }: Given) => (expiresAt === null ? 'for good' : <Value value={expiresAt} />) },
  {
    name: 'grantedByName',
    title: 'Given by',
    cell: ({ grantedBy, grantedByName }: Given) => <Person id={grantedBy} name={grantedByName} />,
  },
  { name: 'createdAt', title: 'Since' },
  { name: 'reason', title: 'Why' },
];

/** What they hold: by roles, and without one. */
export function Roles({ userId }: { userId: string }) {
  const { allowed } = useHere();
  return (
    <>
      <Assigned userId={userId} />
      {allowed('access.listGrants') && <Granted userId={userId} />}
    </>
  );
}
function Assigned({ userId }: { userId: string }) {
  const asked = useQuery('get', '/api/v1/access/assignments', { params: { query: { userId, limit: 100 } } });
  const mayTake = useMayAny('access.unassign');
  return (
    <Section
      title="Roles"
      actions={
        <OperationButton operation="access.assign" known={{ userId }} inputs={ROLE} kind="primary" onDone={() => {}}>
          Assign a role
        </OperationButton>
      }
    >
      <Loaded query={asked} rows={4}>
        {({ data }) => (
          <Rows
            label="Roles"
            rows={data}
            empty="They have no role"
            hrefOf={({ role }) => `/access/roles/${role}`}
            columns={[
              { name: 'role' },
              ...alike,
              ...(mayTake
                ? [
                    {
                      name: 'id',
                      title: 'Acts',
                      cell: ({ id, role }: { id: string; role: string }) => (
                        <OperationButton
                          operation="access.unassign"
                          params={{ assignmentId: id }}
                          current={{ name: role }}
                          lead="They will not have this role any more."
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
        )}
      </Loaded>
    </Section>
  );
}
function Granted({ userId }: { userId: string }) {
  const asked = useQuery('get', '/api/v1/access/grants', { params: { query: { userId, limit: 100 } } });
  const mayTake = useMayAny('access.revokeGrant');
  return (
    <Section
      title="Permissions without a role"
      actions={
        <OperationButton operation="access.grant" known={{ userId }} inputs={PERMISSION} onDone={() => {}}>
          Give a permission
        </OperationButton>
      }
    >
      <Loaded query={asked} rows={3}>
        {({ data }) => (
          <Rows
            label="Permissions without a role"
            rows={data}
            empty="All that they may do comes from roles"
            columns={[
              { name: 'permission', cell: ({ permission }) => <code className="text-xs">{permission}</code> },
              ...alike,
              ...(mayTake
                ? [
                    {
                      name: 'id',
                      title: 'Acts',
                      cell: ({ id, permission }: { id: string; permission: string }) => (
                        <OperationButton
                          operation="access.revokeGrant"
                          params={{ grantId: id }}
                          current={{ name: permission }}
                          lead="They will not have this permission any more, unless a role gives it."
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
        )}
      </Loaded>
    </Section>
  );
}
