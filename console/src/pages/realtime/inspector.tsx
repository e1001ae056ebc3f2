import {
  Badge,
  Button,
  Card,
  client,
  Input,
  Loaded,
  Notice,
  PageHead,
  Section,
  Select,
  type Tone,
  useHere,
  useQuery,
  useSession,
} from '@plinth/console/ui';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { type Kind, kindOf, nameOf, placesOf } from './channels.ts';
import { type Following, KEPT, useFollowing } from './following.ts';
import { Frames, Person } from './frames.tsx';
import { Send } from './send.tsx';

export function Page() {
  const kinds = useQuery('get', '/api/v1/realtime/channels', {});
  const { channel = '' } = useSearch({ strict: false }) as { readonly channel?: string };
  const here = useHere();
  return (
    <>
      <PageHead
        title="Realtime inspector"
        lead={here.allowed('monitoring.health') ? <Fleet /> : 'What goes through a channel, as those who follow it are told.'}
      />
      <div className="mt-5">
        <Loaded query={kinds} rows={6}>
          {({ data }) => {
            const found = kindOf(data, channel);
            return (
              <>
                <Choose key={`choose ${channel}`} kinds={data} current={found} />
                {found ? (
                  <Followed key={channel} channel={channel} kind={found.kind} />
                ) : (
                  <Card className="mt-4">
                    <Notice title={channel === '' ? 'No channel is followed' : `There is no channel like ${channel}`}>
                      Choose one: whatever goes through it from then on is shown as it comes.
                    </Notice>
                  </Card>
                )}
              </>
            );
          }}
        </Loaded>
      </div>
    </>
  );
}

/** How much realtime there is on all nodes. */
function Fleet() {
  const { data } = useQuery('get', '/api/v1/monitoring/health', {}, { refetchInterval: 10_000 });
  const up = data?.data.nodes.filter(({ state }) => state === 'up').length ?? 0;
  const many = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
  return data ? (
    <>
      {many(data.data.connections, 'connection')} with {many(data.data.subscriptions, 'subscription')} on {many(up, 'node')}, as of the last
      ten seconds
    </>
  ) : (
    <> </>
  );
}

function Choose({ kinds, current }: { kinds: readonly Kind[]; current: ReturnType<typeof kindOf> }) {
  const navigate = useNavigate();
  const me = useSession()?.userId ?? '';
  const [pattern, setPattern] = useState(current?.kind.channel ?? kinds[0]?.channel ?? '');
  const [values, setValues] = useState<Readonly<Record<string, string>>>(current?.values ?? {});
  const kind = kinds.find(({ channel }) => channel === pattern);
  if (!kind) return <Notice title="This server has no channels" />;
  // Of one's own channel there is only one.
  const filled = Object.fromEntries(placesOf(kind).map((name) => [name, values[name] ?? (name === kind.owner ? me : '')]));
  const ready = Object.values(filled).every((value) => value !== '');
  const go = (channel: string | undefined): void =>
    void navigate({ to: '.', search: channel === undefined ? {} : { channel }, replace: true });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    go(nameOf(kind, filled));
  };
  return (
    <Card className="p-4">
      <form onSubmit={submit} className="flex flex-wrap items-end gap-3">
        <label className="flex min-w-48 flex-1 flex-col gap-1 text-sm sm:max-w-72">
          Kind of channel
          <Select value={pattern} onChange={({ target }) => setPattern(target.value)}>
            {kinds.map(({ channel }) => (
              <option key={channel}>{channel}</option>
            ))}
          </Select>
        </label>
        {placesOf(kind).map((name) => (
          <label key={name} className="flex min-w-56 flex-1 flex-col gap-1 text-sm">
            {name}
            <Input
              value={filled[name]}
              onChange={({ target }) => setValues({ ...values, [name]: target.value.trim() })}
              autoComplete="off"
              spellCheck={false}
              className="font-mono"
            />
          </label>
        ))}
        <div className="flex gap-2">
          <Button type="submit" kind="primary" disabled={!ready}>
            Follow
          </Button>
          {current && <Button onClick={() => go(undefined)}>Leave</Button>}
        </div>
      </form>
      <p className="mt-3 text-xs text-quiet">
        Following takes {words(kind.follow)}; sending {kind.publish === null ? 'is for nobody' : `takes ${words(kind.publish)}`}
        {kind.owner === null ? '' : `; ${kind.owner} must be one’s own`}
        {kind.presence ? '; who follows it is seen.' : '.'}
      </p>
    </Card>
  );
}
const words = (takes: string): string => (takes === 'signed-in' ? 'being signed in' : takes === 'public' ? 'nothing' : takes);

const STATUS: Readonly<Record<Following['status'], readonly [text: string, tone: Tone]>> = {
  idle: ['not connected', 'plain'],
  connecting: ['connecting', 'busy'],
  open: ['connected', 'good'],
  waiting: ['lost; it comes back by itself', 'busy'],
  ended: ['ended: sign in again', 'wrong'],
};
const REFUSED: Readonly<Record<string, string>> = {
  FORBIDDEN: 'you may not follow this channel',
  NO_SUCH_CHANNEL: 'there is no such channel',
  TOO_MANY_SUBSCRIPTIONS: 'this connection follows too many',
};
function stateOf(state: Following['state']): readonly [text: string, tone: Tone] {
  if (typeof state === 'object') return [`refused: ${REFUSED[state.refused] ?? state.refused}`, 'wrong'];
  if (state === 'asked') return ['asking', 'busy'];
  if (state === 'gap') return ['following, with a gap', 'wrong'];
  return [state === 'resumed' ? 'following, resumed' : 'following', 'good'];
}

function Followed({ channel, kind }: { channel: string; kind: Kind }) {
  const following = useFollowing(channel, kind.presence);
  const { status, state, seen, held, paused, members } = following;
  const me = useSession()?.userId;
  const follows = status === 'open' && typeof state === 'string' && state !== 'asked';
  const shown = [['Connection', ...STATUS[status]] as const, ['Channel', ...stateOf(state)] as const];
  return (
    <>
      <Card className="mt-4 flex flex-wrap gap-x-6 gap-y-2 px-4 py-3 text-sm">
        {shown.map(([name, text, tone]) => (
          <p key={name} role="status" className="flex items-center gap-2">
            <span className="text-quiet">{name}</span>
            <Badge tone={tone}>{text}</Badge>
          </p>
        ))}
      </Card>
      {kind.presence && (
        <Section title="Who follows it">
          <Card className="px-4 py-3 text-sm">
            {members.length === 0 ? (
              <p className="text-quiet">Nobody is known to.</p>
            ) : (
              <ul className="flex flex-wrap gap-x-4 gap-y-1">
                {members.map((userId) => (
                  <li key={userId}>
                    <Person id={userId} me={me} />
                  </li>
                ))}
              </ul>
            )}
          </Card>
        </Section>
      )}
      {kind.publish !== null && follows && <Send send={(data) => client.realtime.publish(channel, data)} />}
      <Section
        title="Frames"
        actions={
          <>
            <Button aria-pressed={paused} onClick={() => following.pause(!paused)}>
              {paused ? `Go on${held > 0 ? ` (${held} came)` : ''}` : 'Pause'}
            </Button>
            <Button disabled={seen.length === 0 && held === 0} onClick={following.clear}>
              Clear
            </Button>
          </>
        }
      >
        <Card>
          {seen.length === 0 ? (
            <Notice title="Nothing has come yet">It appears here as it comes; the newest {KEPT} stay.</Notice>
          ) : (
            <Frames seen={seen} me={me} />
          )}
        </Card>
      </Section>
    </>
  );
}
