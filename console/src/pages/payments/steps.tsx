import { Loaded, TimelineView, toneOf, useQuery } from '../../kit/index.ts';
import { words } from './parts.tsx';

const TONES = { done: 'good', refused: 'wrong', unknown: 'wrong', pending: 'busy', calling: 'busy' } as const;
/** `refund:0199…` is one of several: its id is for the refund's own row. */
const asked = (action: string): string => `Provider asked to ${action.replace(/:.*/, '')}`;

/** Each state that it went through, and what the provider was asked for, in the order in which it happened. */
export function Steps({ paymentId }: { paymentId: string }) {
  const query = useQuery('get', '/api/v1/payments/{paymentId}/timeline', { params: { path: { paymentId } } });
  return (
    <Loaded query={query} rows={4}>
      {({ data: { transitions, attempts } }) => (
        <TimelineView
          label="Steps of this payment"
          steps={[
            ...transitions.map(({ number, from, to, at }) => ({
              id: `step ${number}`,
              at,
              kind: 'State',
              title: from === null ? 'Made' : `${words(from)} → ${words(to)}`,
              state: { name: words(to), tone: toneOf(to) },
            })),
            ...attempts.map(({ id, action, state, error, createdAt }) => ({
              id,
              at: createdAt,
              kind: 'Provider',
              title: asked(action),
              state: { name: state, tone: TONES[state] },
              depth: 1,
              ...(error !== null && { note: error }),
            })),
          ].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))}
        />
      )}
    </Loaded>
  );
}
