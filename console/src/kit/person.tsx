import { Link } from '@tanstack/react-router';
import { useHere } from '../here.tsx';
import { pageOf } from '../resource/address.ts';
import { useOperation } from './operation-query.ts';

/** How somebody is called, by the id that the log and others know them by; the id's beginning where that is not known, or not for us. */
export function Person({ id, link = false }: { id: string; link?: boolean }) {
  const may = useHere().allowed('users.get') !== undefined;
  const user = useOperation('users.get', { params: { userId: id }, once: '', enabled: may && /^[0-9a-f]{8}-/.test(id) });
  const name = user.data ? user.data.displayName || user.data.email : undefined;
  const shown = name ?? <code className="text-xs">{short(id)}</code>;
  return link && may ? (
    <Link {...pageOf(`/users/${id}`)} title={id} className="text-accent underline-offset-2 hover:underline">
      {shown}
    </Link>
  ) : (
    <span title={id}>{shown}</span>
  );
}
/** An id as it stands in a table: enough to tell it from others. */
export const short = (id: string): string => (/^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(id) ? `${id.slice(0, 8)}…${id.slice(-4)}` : id);
