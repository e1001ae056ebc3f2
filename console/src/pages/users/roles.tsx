import {
  Loaded,
  OperationButton,
  PermissionInput,
  RoleInput,
  Rows,
  ScopeInput,
  Section,
  useHere,
  useMayAny,
  useQuery,
} from '../../kit/index.ts';
import { givenColumns, TakeAway } from '../access/given.tsx';

const ROLE = { role: RoleInput, scope: ScopeInput };
const PERMISSION = { permission: PermissionInput, scope: ScopeInput };

const columns = [...givenColumns, { name: 'reason', title: 'Why' }];

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
              ...columns,
              ...(mayTake
                ? [
                    {
                      name: 'id',
                      title: 'Acts',
                      cell: ({ id, role }: { id: string; role: string }) => (
                        <TakeAway
                          operation="access.unassign"
                          params={{ assignmentId: id }}
                          name={role}
                          lead="They will not have this role any more."
                        />
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
              ...columns,
              ...(mayTake
                ? [
                    {
                      name: 'id',
                      title: 'Acts',
                      cell: ({ id, permission }: { id: string; permission: string }) => (
                        <TakeAway
                          operation="access.revokeGrant"
                          params={{ grantId: id }}
                          name={permission}
                          lead="They will not have this permission any more, unless a role gives it."
                        />
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
