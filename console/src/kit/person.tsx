import { Link } from '@tanstack/react-router';
import { useQuery } from '../client.ts';
import { useHere } from '../here.tsx';
import { pageOf } from '../resource/address.ts';

const short = (id: string) => (
  <code className="text-xs" title={id}>
    {id.slice(0, 8)}
  </code>
);
/** Somebody by name, with a link to their page; for whoever may not see users, the beginning of the id. */
export function Person({ id }: { id: string | null }) {
  if (id === null) return <span className="text-quiet">–</span>;
  return useHere().allowed('users.get') ? <Named id={id} /> : short(id);
}
function Named({ id }: { id: string }) {
  const { data } = useQuery('get', '/api/v1/users/{userId}', { params: { path: { userId: id } } }, { staleTime: 60_000, retry: false });
  return (
    <Link {...pageOf(`/users/${id}`)} className="underline-offset-2 hover:underline" title={data?.data.email ?? id}>
      {data?.data.displayName ?? short(id)}
    </Link>
  );
}
