import { prepare, queryBuilder, type Runner, type Tx } from '@plinth/kit';
import { sql } from 'kysely';
import type { ProfileChange, User } from './contract.ts';
import { usersColumns, type Tables } from './tables.ts';

const q = queryBuilder<Tables>();
const columns = usersColumns.filter((column) => column !== 'email_normalized as emailNormalized' && column !== 'erased_at as erasedAt');
export { columns as shownColumns };

export type UserRow = Omit<User, 'status' | 'kind'> & { status: string; kind: string };
const asUser = (row: UserRow | undefined): User | undefined => row as User | undefined;

const find = prepare<{ id: string }>()((bind) => q.selectFrom('users.users').select(columns).where('id', '=', bind('id')));
const findMany = prepare<{ ids: readonly string[] }>()((bind) =>
  q
    .selectFrom('users.users')
    .select(columns)
    .where('id', '=', sql<string>`any(${bind('ids')}::uuid[])`),
);
const findForUpdate = prepare<{ id: string }>()((bind) =>
  q.selectFrom('users.users').select(columns).where('id', '=', bind('id')).forUpdate(),
);
const findForShare = prepare<{ id: string }>()((bind) =>
  q.selectFrom('users.users').select(columns).where('id', '=', bind('id')).forShare(),
);
const findLive = prepare<{ email: string }>()((bind) =>
  q
    .selectFrom('users.users')
    .select(columns)
    .where('email_normalized', '=', bind('email'))
    .where('status', '<>', 'deleted')
    .where('kind', '=', 'person'),
);
const insert = prepare<{ id: string; kind: string; email: string; emailNormalized: string; displayName: string; verified: boolean }>()(
  (bind) =>
    q
      .insertInto('users.users')
      .values({
        id: bind('id'),
        kind: bind('kind'),
        email: bind('email'),
        email_normalized: bind('emailNormalized'),
        display_name: bind('displayName'),
        email_verified_at: sql<string | null>`case when ${bind('verified')}::boolean then now() end`,
      })
      .returning(columns),
);
const setStatus = prepare<{ id: string; status: string }>()((bind) =>
  q
    .updateTable('users.users')
    .set({
      status: bind('status'),
      deleted_at: sql<string | null>`case when ${bind('status')}::text = 'deleted' then now() end`,
      updated_at: sql<string>`now()`,
      version: sql<number>`version + 1`,
    })
    .where('id', '=', bind('id'))
    .returning(columns),
);
const verify = prepare<{ id: string }>()((bind) =>
  q
    .updateTable('users.users')
    .set({ email_verified_at: sql<string>`now()`, updated_at: sql<string>`now()`, version: sql<number>`version + 1` })
    .where('id', '=', bind('id'))
    .where('email_verified_at', 'is', null)
    .returning(columns),
);
const statistics = prepare<object>()(() =>
  q
    .selectFrom('users.users')
    .where('kind', '=', 'person')
    .select((eb) => [
      eb.fn.countAll<number>().as('total'),
      eb.fn.countAll<number>().filterWhere('status', '=', 'active').as('active'),
      eb.fn.countAll<number>().filterWhere('status', '=', 'suspended').as('suspended'),
      eb.fn.countAll<number>().filterWhere('status', '=', 'deleted').as('deleted'),
      eb.fn
        .countAll<number>()
        .filterWhere('created_at', '>', sql<string>`now() - interval '1 day'`)
        .as('lastDay'),
      eb.fn
        .countAll<number>()
        .filterWhere('created_at', '>', sql<string>`now() - interval '7 days'`)
        .as('last7Days'),
      eb.fn
        .countAll<number>()
        .filterWhere('created_at', '>', sql<string>`now() - interval '30 days'`)
        .as('last30Days'),
    ]),
);

const changeEmail = prepare<{ id: string; email: string; emailNormalized: string }>()((bind) =>
  q
    .updateTable('users.users')
    .set({
      email: bind('email'),
      email_normalized: bind('emailNormalized'),
      email_verified_at: sql<string>`now()`,
      updated_at: sql<string>`now()`,
      version: sql<number>`version + 1`,
    })
    .where('id', '=', bind('id'))
    .returning(columns),
);
const toErase = prepare<{ days: number; limit: number }>()((bind) =>
  q
    .selectFrom('users.users')
    .select('id')
    .where('status', '=', 'deleted')
    .where('erased_at', 'is', null)
    .where('deleted_at', '<=', sql<string>`now() - make_interval(days => ${bind('days')}::int)`)
    .orderBy('deleted_at')
    .limit(sql<number>`${bind('limit')}::int`)
    .forUpdate()
    .skipLocked(),
);
const erase = prepare<{ id: string }>()((bind) =>
  q
    .updateTable('users.users')
    .set({
      email: sql<string>`'erased-' || id || '@erased.invalid'`,
      email_normalized: sql<string>`'erased-' || id || '@erased.invalid'`,
      display_name: 'Erased user',
      locale: null,
      time_zone: null,
      email_verified_at: null,
      erased_at: sql<string>`now()`,
      updated_at: sql<string>`now()`,
      version: sql<number>`version + 1`,
    })
    .where('id', '=', bind('id'))
    .where('erased_at', 'is', null),
);
const isErased = prepare<{ id: string }>()((bind) =>
  q.selectFrom('users.users').select('id').where('id', '=', bind('id')).where('erased_at', 'is not', null),
);

/** The SQL on schema `users`; lists have a file of their own. */
export class UsersRepository {
  async find(on: Runner, id: string): Promise<User | undefined> {
    return asUser(await find.first(on, { id }));
  }
  async findMany(on: Runner, ids: readonly string[]): Promise<User[]> {
    return (await findMany.all(on, { ids })) as User[];
  }
  /** The row, held against every change until the transaction ends. */
  async findForUpdate(tx: Tx, id: string): Promise<User | undefined> {
    return asUser(await findForUpdate.first(tx, { id }));
  }
  /** The row, held against suspending and deleting until the transaction ends; others may hold it too. */
  async findForShare(tx: Tx, id: string): Promise<User | undefined> {
    return asUser(await findForShare.first(tx, { id }));
  }
  async findLive(on: Runner, emailNormalized: string): Promise<User | undefined> {
    return asUser(await findLive.first(on, { email: emailNormalized }));
  }
  async insert(
    tx: Tx,
    user: { id: string; kind: string; email: string; emailNormalized: string; displayName: string; verified: boolean },
  ): Promise<User> {
    return asUser(await insert.first(tx, user))!;
  }
  async setStatus(tx: Tx, id: string, status: User['status']): Promise<User> {
    return asUser(await setStatus.first(tx, { id, status }))!;
  }
  /** Undefined when it was verified before. */
  async verify(tx: Tx, id: string): Promise<User | undefined> {
    return asUser(await verify.first(tx, { id }));
  }
  /** The new address counts as proved. Whoever has it already makes the constraint throw. */
  async changeEmail(tx: Tx, id: string, email: string, emailNormalized: string): Promise<User> {
    return asUser(await changeEmail.first(tx, { id, email, emailNormalized }))!;
  }
  /** Deleted longer ago than this, held; nodes that look at once get different ones. */
  async toErase(tx: Tx, days: number, limit: number): Promise<string[]> {
    return (await toErase.all(tx, { days, limit })).map(({ id }) => id);
  }
  async erase(tx: Tx, id: string): Promise<void> {
    await erase.count(tx, { id });
  }
  async isErased(on: Runner, id: string): Promise<boolean> {
    return (await isErased.first(on, { id })) !== undefined;
  }
  async changeProfile(tx: Tx, id: string, change: ProfileChange): Promise<User> {
    const row = await tx.first(
      q
        .updateTable('users.users')
        .set({
          ...(change.displayName === undefined ? {} : { display_name: change.displayName }),
          ...(change.locale === undefined ? {} : { locale: change.locale }),
          ...(change.timeZone === undefined ? {} : { time_zone: change.timeZone }),
          updated_at: sql<string>`now()`,
          version: sql<number>`version + 1`,
        })
        .where('id', '=', id)
        .returning(columns),
    );
    return asUser(row)!;
  }
  async statistics(on: Runner) {
    return (await statistics.first(on, {}))!;
  }
}
