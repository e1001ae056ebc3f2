import { useNavigate } from '@tanstack/react-router';
import { actAs, type SignedInAs } from '../../acting.ts';
import { queries } from '../../client.ts';
import {
  Badge,
  Card,
  Loaded,
  NameValues,
  OperationButton,
  PageHead,
  type PageProps,
  Tabs,
  toneOf,
  useHere,
  useQuery,
  useSession,
  Value,
} from '../../kit/index.ts';
import { ExplanationView } from '../access/explanation.tsx';
import { QuestionForm, useAsked } from '../access/question.tsx';
import { Activity } from './activity.tsx';
import { Factors } from './factors.tsx';
import { Roles } from './roles.tsx';
import { Sessions } from './sessions.tsx';

export function Page({ params }: PageProps) {
  const userId = params['userId']!;
  const asked = useQuery('get', '/api/v1/users/{userId}', { params: { path: { userId } } });
  return (
    <Loaded query={asked} rows={12}>
      {({ data }) => <Somebody user={data} />}
    </Loaded>
  );
}

interface User {
  readonly id: string;
  readonly kind: 'person' | 'service';
  readonly email: string;
  readonly displayName: string;
  readonly status: 'active' | 'suspended' | 'deleted';
  readonly locale: string | null;
  readonly timeZone: string | null;
  readonly emailVerifiedAt: string | null;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly deletedAt: string | null;
}
function Somebody({ user }: { user: User }) {
  const { allowed } = useHere();
  const { id: userId, status, displayName } = user;
  const isPerson = user.kind === 'person';
  return (
    <>
      <PageHead
        title={displayName}
        badge={
          <>
            <Badge tone={toneOf(status)}>{status}</Badge>
            {!isPerson && <Badge>service account</Badge>}
          </>
        }
        lead={user.email}
      >
        <Acts user={user} />
      </PageHead>
      <Tabs
        label="Parts of this user"
        tabs={[
          { id: 'profile', title: 'Profile', children: <Profile user={user} /> },
          isPerson &&
            allowed('account.sessionsOf') && {
              id: 'sessions',
              title: 'Sessions',
              children: <Sessions userId={userId} name={displayName} />,
            },
          isPerson &&
            allowed('mfa.factorsOf') && {
              id: 'factors',
              title: 'Factors',
              children: <Factors userId={userId} name={displayName} status={status} />,
            },
          allowed('access.listAssignments') && { id: 'roles', title: 'Roles', children: <Roles userId={userId} /> },
          allowed('access.explain') && { id: 'explain', title: 'Explain', children: <Explain userId={userId} name={displayName} /> },
          allowed('audit.search') && { id: 'activity', title: 'Activity', children: <Activity userId={userId} name={displayName} /> },
        ]}
      />
    </>
  );
}

function Acts({ user }: { user: User }) {
  const navigate = useNavigate();
  const session = useSession();
  const { id: userId, status, displayName: name } = user;
  const isSelf = session?.userId === userId && 'This is you';
  const current = { ...user };
  const begin = async (reply: unknown): Promise<void> => {
    actAs(reply as SignedInAs, { userId, name });
    await navigate({ to: '/' });
    // Nothing that was shown to whoever administers is shown to them.
    await queries.resetQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'contract' });
  };
  return (
    <>
      {status === 'active' && user.kind === 'person' && (
        <OperationButton
          operation="impersonation.start"
          known={{ userId }}
          unless={isSelf}
          lead={`You act as ${name} for thirty minutes at most, in this tab. Every fact names both of you, and they are told by mail.`}
          onDone={(reply) => void begin(reply)}
        >
          Sign in as
        </OperationButton>
      )}
      {status === 'active' && (
        <OperationButton
          operation="users.suspend"
          params={{ userId }}
          current={current}
          unless={isSelf}
          lead={`${name} is signed out everywhere at once, and cannot sign in until restored.`}
        >
          Suspend
        </OperationButton>
      )}
      {status !== 'active' && (
        <OperationButton operation="users.restore" params={{ userId }} current={current} lead={`${name} can sign in again.`}>
          Restore
        </OperationButton>
      )}
      {status !== 'deleted' && (
        <OperationButton
          operation="users.delete"
          params={{ userId }}
          current={current}
          unless={isSelf}
          lead="They are signed out, and their address is free again. Until their data are erased they can be restored."
        >
          Delete
        </OperationButton>
      )}
    </>
  );
}

/** By the sessions that go on: of those that ended nothing is kept. */
function LastSeen({ userId }: { userId: string }) {
  const asked = useQuery('get', '/api/v1/account/users/{userId}/sessions', { params: { path: { userId } } });
  const newest = asked.data?.data.find(({ impersonatedBy }) => impersonatedBy === null);
  return newest ? <Value value={newest.lastUsedAt} /> : <span className="text-quiet">{asked.isPending ? '…' : 'signed in nowhere'}</span>;
}
function Profile({ user }: { user: User }) {
  const { allowed } = useHere();
  return (
    <Card>
      <NameValues
        of={[
          ['Name', user.displayName],
          ['E-mail', user.email],
          ['Address proved', user.emailVerifiedAt === null ? <Badge tone="busy">not yet</Badge> : <Value value={user.emailVerifiedAt} />],
          allowed('account.sessionsOf') && user.kind === 'person' ? ['Last seen', <LastSeen key="seen" userId={user.id} />] : null,
          ['Language', <Value key="locale" value={user.locale} />],
          ['Time zone', <Value key="zone" value={user.timeZone} />],
          ['Created', <Value key="created" value={user.createdAt} />],
          ['Changed', <Value key="changed" value={user.updatedAt} />],
          user.deletedAt === null ? null : ['Deleted', <Value key="deleted" value={user.deletedAt} />],
          [
            'Id',
            <code key="id" className="text-xs break-all">
              {user.id}
            </code>,
          ],
        ]}
      />
    </Card>
  );
}

function Explain({ userId, name }: { userId: string; name: string }) {
  const { action, resource } = useAsked();
  return (
    <>
      <QuestionForm of={userId} />
      {action !== undefined && (
        <div className="mt-4">
          <ExplanationView user={userId} name={name} action={action} resource={resource} />
        </div>
      )}
    </>
  );
}
