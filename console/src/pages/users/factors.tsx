import { Badge, Card, Loaded, Notice, OperationButton, Section, useQuery } from '../../kit/index.ts';

const KINDS = { totp: 'Authenticator app', passkey: 'Passkey', oauth: 'Account of another provider' } as const;

/** What they prove themselves with beside a password. */
export function Factors({ userId, name, status }: { userId: string; name: string; status: string }) {
  const asked = useQuery('get', '/api/v1/mfa/users/{userId}', { params: { path: { userId } } });
  const second = asked.data?.data.factors.filter(({ kind }) => kind !== 'oauth') ?? [];
  return (
    <Section
      title="Factors"
      actions={
        <OperationButton
          operation="mfa.reset"
          params={{ userId }}
          current={{ name }}
          kind="danger"
          unless={
            status !== 'active' ? 'They are not active' : asked.data !== undefined && second.length === 0 && 'They have no second factor'
          }
          lead="Prove who they are first: whoever asks for this may not be them. It ends their sessions and tells them by mail."
          onDone={() => {}}
        >
          Reset
        </OperationButton>
      }
    >
      <Loaded query={asked} rows={4}>
        {({ data }) =>
          data.factors.length === 0 ? (
            <Card>
              <Notice title="No second factor">A password is all that they sign in with.</Notice>
            </Card>
          ) : (
            <Card>
              <ul className="divide-y divide-line text-sm">
                {data.factors.map(({ id, kind }) => (
                  <li key={id} className="flex flex-wrap items-center justify-between gap-3 px-4 py-2.5">
                    {KINDS[kind]}
                    <Badge tone={kind === 'oauth' ? 'plain' : 'good'}>{kind === 'oauth' ? 'first factor' : 'second factor'}</Badge>
                  </li>
                ))}
                {second.length > 0 && (
                  <li className="flex flex-wrap items-center justify-between gap-3 px-4 py-2.5">
                    Recovery codes
                    <span className={data.recoveryCodesLeft > 2 ? 'text-quiet' : 'text-wrong'}>{data.recoveryCodesLeft} left</span>
                  </li>
                )}
              </ul>
            </Card>
          )
        }
      </Loaded>
    </Section>
  );
}
