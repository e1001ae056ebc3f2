import { Link } from '@tanstack/react-router';
import { useQuery } from '../client.ts';
import { useHere } from '../here.tsx';
import { pageOf } from '../resource/address.ts';

const LINK = 'text-accent underline decoration-line underline-offset-2 hover:decoration-current';

/** Somebody by name, as a link to their page where one may see it. Without a name it is asked for, once for all places that show them. */
export function Person({
  id,
  name,
  link = true,
}: {
  id: string | null | undefined;
  name?: string | null | undefined;
  /** False where it stands in a link already. */
  link?: boolean;
}) {
  const { allowed } = useHere();
  const mayRead = allowed('users.get') !== undefined;
  const given = id ?? '';
  const asked = useQuery(
    'get',
    '/api/v1/users/{userId}',
    { params: { path: { userId: given } } },
    { enabled: mayRead && given !== '' && (name === undefined || name === null), staleTime: 300_000 },
  );
  if (given === '') return <span className="text-quiet">–</span>;
  const said = name ?? (asked.data?.data.displayName || asked.data?.data.email);
  const shown = said === undefined ? <code className="text-xs">{short(given)}</code> : said;
  if (!mayRead || !link) return <span title={given}>{shown}</span>;
  return (
    <Link {...pageOf(`/users/${given}`)} className={LINK} title={asked.data?.data.email}>
      {shown}
    </Link>
  );
}
/** An id as it stands in a table: enough to tell it from others. */
export const short = (id: string): string => (/^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(id) ? `${id.slice(0, 8)}…${id.slice(-4)}` : id);

/** Where something counts: everywhere, or inside one thing, whose page it leads to where there is one. */
export function ScopeName({ scope }: { scope: { readonly type: string; readonly id: string | null } | null }) {
  if (scope === null) return <span>everywhere</span>;
  if (scope.id === null) return <span>in one {scope.type}</span>;
  const path = scope.type === 'organization' ? `/organizations/${scope.id}` : undefined;
  const shown = (
    <>
      {scope.type} <code className="text-xs">{scope.id.slice(0, 8)}</code>
    </>
  );
  return path === undefined ? (
    <span title={scope.id}>{shown}</span>
  ) : (
    <Link {...pageOf(path)} className="text-accent underline underline-offset-2" title={scope.id}>
      {shown}
    </Link>
  );
}
