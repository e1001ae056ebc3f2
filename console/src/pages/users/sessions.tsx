import { Badge, Loaded, OperationButton, Person, Rows, Section, useMayAny, useQuery, Value } from '../../kit/index.ts';

/** Where they are signed in, the last used first. */
export function Sessions({ userId, name }: { userId: string; name: string }) {
  const asked = useQuery('get', '/api/v1/account/users/{userId}/sessions', { params: { path: { userId } } });
  const mayEnd = useMayAny('account.endSessionOf');
  const count = asked.data?.data.length ?? 0;
  return (
    <Section
      title="Sessions"
      actions={
        <OperationButton
          operation="account.endSessionsOf"
          params={{ userId }}
          current={{ name }}
          unless={asked.data !== undefined && count === 0 && 'They are signed in nowhere'}
          lead={`${name} is signed out everywhere, and can sign in again.`}
          onDone={() => {}}
        >
          End all
        </OperationButton>
      }
    >
      <Loaded query={asked} rows={4}>
        {({ data }) => (
          <Rows
            label="Sessions"
            rows={data}
            empty="They are signed in nowhere"
            columns={[
              {
                name: 'device',
                cell: ({ device, impersonatedBy, current }) => (
                  <span className="flex items-center gap-2">
                    {device.label}
                    {current && <Badge tone="good">this one</Badge>}
                    {impersonatedBy !== null && (
                      <Badge tone="busy">
                        <Person id={impersonatedBy} /> acts as them
                      </Badge>
                    )}
                  </span>
                ),
              },
              {
                name: 'address',
                cell: ({ address, place }) => (
                  <>
                    {address ?? '–'}
                    {place && <span className="text-quiet"> {[place.city, place.country].filter(Boolean).join(', ')}</span>}
                  </>
                ),
              },
              { name: 'factors', title: 'Proved', cell: ({ factors, level }) => <span title={level}>{factors.join(', ')}</span> },
              { name: 'createdAt', title: 'Signed in' },
              { name: 'lastUsedAt', title: 'Last used' },
              { name: 'endsAt', title: 'Ends', cell: ({ endsAt }) => <Value value={endsAt} /> },
              ...(mayEnd
                ? [
                    {
                      name: 'id',
                      title: 'Acts',
                      cell: ({ id, device }: { id: string; device: { label: string } }) => (
                        <OperationButton
                          operation="account.endSessionOf"
                          params={{ userId, sessionId: id }}
                          current={{ name: device.label }}
                          lead={`${name} is signed out on ${device.label}.`}
                          onDone={() => {}}
                          small
                        >
                          End
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
