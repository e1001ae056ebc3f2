import { type Page, type PageRequest, prepareList, queryBuilder, type Runner } from '@plinth/kit';
import { sql } from 'kysely';
import type { User, UserFilter } from './contract.ts';
import { shownColumns } from './repository.ts';
import type { Tables } from './tables.ts';

const build = queryBuilder<Tables>();

/** `%` and `_` of the searcher are letters, not wildcards. */
const containing = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

interface Listed extends Pick<UserFilter, 'status' | 'kind' | 'sort'> {
  /** Both, or neither. */
  readonly address: string | undefined;
  readonly name: string | undefined;
}
const list = prepareList<Listed>()({
  shape: ({ status, kind, sort, name }) => ({ status, kind, sort, searched: name !== undefined }),
  rows({ status, kind, searched }, bind) {
    let rows = build.selectFrom('users.users').select([...shownColumns, 'email_normalized as emailNormalized']);
    // Written out: there are few of them, and each has its own place in the plan, however often it is prepared.
    if (status !== undefined) rows = rows.where('status', '=', sql.lit(status));
    if (kind !== undefined) rows = rows.where('kind', '=', sql.lit(kind));
    if (searched)
      rows = rows.where((eb) => eb.or([eb('email_normalized', 'like', bind('address')), eb('display_name', 'ilike', bind('name'))]));
    return rows;
  },
  order({ sort }) {
    const direction = sort.startsWith('-') ? 'desc' : 'asc';
    if (sort.endsWith('email'))
      return { by: ['email_normalized', 'id'], direction, key: ({ emailNormalized, id }) => [emailNormalized, id] };
    if (sort.endsWith('displayName')) return { by: ['display_name', 'id'], direction, key: ({ displayName, id }) => [displayName, id] };
    return { by: ['created_at', 'id'], direction, key: ({ createdAt, id }) => [createdAt, id] };
  },
  as(row) {
    const { emailNormalized: _key, ...user } = row;
    return user as User;
  },
});

/** Users, found: by page with an exact total, which has to count; by cursor without, at once among millions. */
export class UsersListRepository {
  list(on: Runner, { q, status, kind, sort }: UserFilter, paging: PageRequest): Promise<Page<User>> {
    const [address, name] = q === undefined ? [] : [containing(q.toLowerCase()), containing(q)];
    return list.page(on, { status, kind, sort, address, name }, paging);
  }
}
