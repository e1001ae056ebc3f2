import { Link } from '@tanstack/react-router';
import {
  Badge,
  buttonClass,
  Facts,
  type InputProps,
  List,
  Loaded,
  OperationButton,
  PageHead,
  pageOf,
  type PageProps,
  Person,
  rolesInside,
  Select,
  Tabs,
  toneOf,
  useHere,
  useMayAny,
  useQuery,
} from '../../kit/index.ts';

const ROLES = { roles: rolesInside('organization') };

export function Page({ path, params }: PageProps) {
  const organizationId = params['organizationId']!;
  const { allowed } = useHere();
  const asked = useQuery('get', '/api/v1/organizations/{organizationId}', { params: { path: { organizationId } } });
  const of = { organizationId };
  return (
    <Loaded query={asked} rows={12}>
      {({ data }) => (
        <>
          <PageHead
            title={data.name}
            lead={`${data.seats.toLocaleString()} seats. ${data.roles.length === 0 ? 'You are no member.' : `You are ${data.roles.map(short).join(', ')}.`}`}
          >
            {allowed('organization-webhooks.list') && (
              <Link {...pageOf(`${path}/webhooks/endpoints`)} className={buttonClass()}>
                Webhooks
              </Link>
            )}
            <OperationButton operation="organizations.rename" params={of} current={data}>
              Rename
            </OperationButton>
            <OperationButton
              operation="organizations.transfer"
              params={of}
              inputs={OWNER}
              lead="Whoever you choose owns it from now on."
              onDone={() => {}}
            >
              Transfer
            </OperationButton>
            {data.roles.length > 0 && (
              <OperationButton operation="organizations.leave" params={of} current={{ name: data.name }} lead="You lose access at once.">
                Leave
              </OperationButton>
            )}
            <OperationButton
              operation="organizations.delete"
              params={of}
              current={data}
              listPath="/organizations"
              lead="Its members lose access at once."
            >
              Delete
            </OperationButton>
          </PageHead>
          <Tabs
            label="Parts of this organization"
            tabs={[
              { id: 'members', title: 'Members', children: <Members organizationId={organizationId} /> },
              allowed('organizations.invitations') && {
                id: 'invitations',
                title: 'Invitations',
                children: <Invitations organizationId={organizationId} />,
              },
              allowed('organization-audit.search') && {
                id: 'audit',
                title: 'Audit',
                children: <Facts of="/api/v1/organizations/{organizationId}/audit/events" params={of} title="What happened inside" />,
              },
            ]}
          />
        </>
      )}
    </Loaded>
  );
}
const short = (role: string): string => role.replace(/^organization-/, '');

function Members({ organizationId }: { organizationId: string }) {
  const { allowed } = useHere();
  const mayChange = useMayAny('organizations.setRoles', 'organizations.remove');
  return (
    <List
      of="/api/v1/organizations/{organizationId}/members"
      params={{ organizationId }}
      within
      title="Members"
      actions={
        <OperationButton operation="organizations.invite" params={{ organizationId }} inputs={ROLES} kind="primary" onDone={() => {}}>
          Invite
        </OperationButton>
      }
      hrefOf={({ userId }) => (allowed('users.get') ? `/users/${userId}` : undefined)}
      columns={[
        { name: 'displayName', title: 'Name' },
        { name: 'email', title: 'E-mail' },
        { name: 'roles', cell: ({ roles }) => roles.map(short).join(', ') },
        { name: 'status', cell: ({ status }) => <Badge tone={toneOf(status)}>{status}</Badge> },
        { name: 'since' },
        ...(mayChange
          ? [
              {
                name: 'userId',
                title: 'Acts',
                cell: ({ userId, displayName, roles }: { userId: string; displayName: string; roles: readonly string[] }) => (
                  <span className="flex gap-1">
                    <OperationButton
                      operation="organizations.setRoles"
                      params={{ organizationId, userId }}
                      current={{ name: displayName, roles }}
                      inputs={ROLES}
                      onDone={() => {}}
                      small
                    >
                      Roles
                    </OperationButton>
                    <OperationButton
                      operation="organizations.remove"
                      params={{ organizationId, userId }}
                      current={{ name: displayName }}
                      lead="They lose access to all that is inside."
                      onDone={() => {}}
                      small
                    >
                      Remove
                    </OperationButton>
                  </span>
                ),
              },
            ]
          : []),
      ]}
    />
  );
}
const Invitations = ({ organizationId }: { organizationId: string }) => (
  <List
    of="/api/v1/organizations/{organizationId}/invitations"
    params={{ organizationId }}
    within
    title="Invitations"
    empty="Nobody is invited"
    actions={
      <OperationButton operation="organizations.invite" params={{ organizationId }} inputs={ROLES} kind="primary" onDone={() => {}}>
        Invite
      </OperationButton>
    }
    hrefOf={() => undefined}
    columns={[
      { name: 'email', title: 'E-mail' },
      { name: 'roles', cell: ({ roles }) => roles.map(short).join(', ') },
      { name: 'invitedBy', cell: ({ invitedBy }) => <Person id={invitedBy} /> },
      { name: 'createdAt', title: 'Sent' },
      { name: 'expiresAt', title: 'Good until' },
      {
        name: 'id',
        title: 'Acts',
        cell: ({ id, email }) => (
          <OperationButton
            operation="organizations.revoke"
            params={{ organizationId, invitationId: id }}
            current={{ name: email }}
            lead="The link in the mail is worth nothing then."
            onDone={() => {}}
            small
          >
            Revoke
          </OperationButton>
        ),
      },
    ]}
  />
);

/** One of its members. */
function MemberInput({ value, onChange, shared }: InputProps) {
  const organizationId = /organizations\/([^/?]+)/.exec(location.pathname)?.[1] ?? '';
  const { data } = useQuery('get', '/api/v1/organizations/{organizationId}/members', {
    params: { path: { organizationId }, query: { limit: 100 } },
  });
  return (
    <Select {...shared} value={typeof value === 'string' ? value : ''} onChange={({ target }) => onChange(target.value || undefined)}>
      <option value="">–</option>
      {data?.data.map(({ userId, displayName, email }) => (
        <option key={userId} value={userId}>
          {displayName} ({email})
        </option>
      ))}
    </Select>
  );
}
const OWNER = { userId: MemberInput };
