import type { Database, Page } from '@plinth/kit';
import type { UsersApi } from '../users/index.ts';

interface Given {
  readonly userId: string;
  readonly grantedBy: string | null;
}
interface Named {
  readonly userName: string | null;
  readonly grantedByName: string | null;
}
interface Deps {
  readonly db: Database;
  readonly users: Pick<UsersApi, 'findMany'>;
}
/** A page with the names of its people, all of them asked for at once. */
export async function withNames<T extends Given>({ db, users }: Deps, page: Page<T>): Promise<Page<T & Named>> {
  const ids = new Set(page.items.flatMap(({ userId, grantedBy }) => [userId, grantedBy]).filter((id) => id !== null));
  const people = ids.size === 0 ? [] : await users.findMany(db, [...ids]);
  const names = new Map(people.map(({ id, displayName }) => [id, displayName]));
  const nameOf = (id: string | null): string | null => (id === null ? null : (names.get(id) ?? null));
  return { ...page, items: page.items.map((item) => ({ ...item, userName: nameOf(item.userId), grantedByName: nameOf(item.grantedBy) })) };
}
