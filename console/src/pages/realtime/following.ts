import { client, useChannel } from '@plinth/console/ui';
import { useCallback, useRef, useState } from 'react';

/** What came through a channel, or happened to it. */
export interface Seen {
  readonly n: number;
  /** When it came, by this machine's clock. */
  readonly at: Date;
  readonly type: 'event' | 'message' | 'joined' | 'left' | 'connection';
  /** The event, or who sent or came. */
  readonly name: string;
  readonly offset?: string;
  readonly data?: unknown;
}
export interface Following {
  readonly status: ReturnType<typeof useChannel>;
  /** What became of asking to follow it. */
  readonly state: 'asked' | 'following' | 'resumed' | 'gap' | { readonly refused: string };
  readonly seen: readonly Seen[];
  /** What came while the list stood still. */
  readonly held: number;
  readonly paused: boolean;
  readonly members: readonly string[];
  readonly pause: (paused: boolean) => void;
  readonly clear: () => void;
}
/** As many stay in the list. */
export const KEPT = 200;

/** Follows a channel and writes down what comes, the newest first. */
export function useFollowing(channel: string, presence: boolean): Following {
  const all = useRef<readonly Seen[]>([]);
  const number = useRef(0);
  const still = useRef(false);
  const [seen, setSeen] = useState<readonly Seen[]>([]);
  const [held, setHeld] = useState(0);
  const [paused, setPaused] = useState(false);
  const [state, setState] = useState<Following['state']>('asked');
  const [members, setMembers] = useState<readonly string[]>([]);

  const note = useCallback((what: Omit<Seen, 'n' | 'at'>): void => {
    all.current = [{ n: ++number.current, at: new Date(), ...what }, ...all.current].slice(0, KEPT);
    if (still.current) setHeld((before) => before + 1);
    else setSeen(all.current);
  }, []);
  const askWho = (): void => {
    if (presence) void client.realtime.presence(channel).then(setMembers, () => undefined); // lost again: the next connection asks
  };
  const status = useChannel(channel, {
    onEvent: ({ event, offset, data }) => note({ type: 'event', name: event, offset, data }),
    onMessage: ({ from, data }) => note({ type: 'message', name: from ?? 'the server', data }),
    onJoined: (userId) => {
      setMembers((before) => (before.includes(userId) ? before : [...before, userId]));
      note({ type: 'joined', name: userId });
    },
    onLeft: (userId) => {
      setMembers((before) => before.filter((each) => each !== userId));
      note({ type: 'left', name: userId });
    },
    onReload: (why) => {
      setState(why === 'first' ? 'following' : 'gap');
      if (why === 'gap') note({ type: 'connection', name: 'back; what was missed cannot be known' });
      askWho();
    },
    onResumed: () => {
      setState('resumed');
      note({ type: 'connection', name: 'back; nothing was missed' });
      askWho();
    },
    onError: ({ code }) => {
      setState({ refused: code });
      setMembers([]);
      note({ type: 'connection', name: `refused: ${code}` });
    },
  });
  return {
    status,
    state,
    seen,
    held,
    paused,
    members,
    pause(to) {
      still.current = to;
      setPaused(to);
      setHeld(0);
      setSeen(all.current);
    },
    clear() {
      all.current = [];
      setHeld(0);
      setSeen([]);
    },
  };
}
