import { Badge, pageOf, type Tone, useHere } from '@plinth/console/ui';
import { Link } from '@tanstack/react-router';
import type { Seen } from './following.ts';

const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 });
const TONES: Readonly<Record<Seen['type'], Tone>> = { event: 'busy', message: 'good', joined: 'plain', left: 'plain', connection: 'plain' };
const isId = (text: string): boolean => /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(text);

/** A user by id, as short as it is told apart, and a link where one may look at users. */
export function Person({ id, me }: { id: string; me: string | undefined }) {
  const here = useHere();
  const name = id === me ? 'you' : `user …${id.slice(-8)}`;
  if (!here.allowed('users.get')) return <span title={id}>{name}</span>;
  return (
    <Link {...pageOf(`/users/${id}`)} title={id} className="text-accent underline-offset-2 hover:underline">
      {name}
    </Link>
  );
}

/** The newest first. */
export const Frames = ({ seen, me }: { seen: readonly Seen[]; me: string | undefined }) => (
  <ol aria-label="Frames" className="divide-y divide-line text-sm">
    {seen.map(({ n, at, type, name, offset, data }) => (
      <li key={n} className="px-4 py-2.5">
        <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
          <time dateTime={at.toISOString()} className="text-xs text-quiet tabular-nums">
            {TIME.format(at)}
          </time>
          <Badge tone={TONES[type]}>{type}</Badge>
          <span className="min-w-0 font-medium break-words">{isId(name) ? <Person id={name} me={me} /> : name}</span>
          {offset !== undefined && (
            <code title={`offset ${offset}`} className="ml-auto max-w-40 truncate text-xs text-quiet">
              {offset}
            </code>
          )}
        </div>
        {data !== undefined && (
          <pre className="mt-2 max-h-60 overflow-auto rounded bg-page p-3 text-xs whitespace-pre-wrap" tabIndex={0} aria-label="Payload">
            {JSON.stringify(data, null, 2)}
          </pre>
        )}
      </li>
    ))}
  </ol>
);
