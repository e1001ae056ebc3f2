import { prepare, queryBuilder, type Runner, type Tx } from '@plinth/kit';
import { sql, type SqlBool } from 'kysely';
import type { Role } from './contract.ts';
import type { Tables } from './tables.ts';

type Row = Tables['projects.invitations'];
/** What the check constraint allows, said to the compiler. */
const build = queryBuilder<Omit<Tables, 'projects.invitations'> & { 'projects.invitations': Omit<Row, 'role'> & { role: Role } }>();
type Of = { projectId: string; userId: string };

const valid = sql<SqlBool>`i.created_at > now() - interval '7 days'`;
const find = prepare<Of>()((bind) =>
  build
    .selectFrom('projects.invitations as i')
    .select(['role', 'invited_by as invitedBy'])
    .where('project_id', '=', bind('projectId'))
    .where('user_id', '=', bind('userId'))
    .where(valid)
    .forUpdate(),
);
const ofUser = prepare<{ userId: string }>()((bind) =>
  build
    .selectFrom('projects.invitations as i')
    .innerJoin('projects.projects as p', 'p.id', 'i.project_id')
    .select(['p.id as projectId', 'p.name', 'i.role', sql<string>`i.created_at + interval '7 days'`.as('expiresAt')])
    .where('i.user_id', '=', bind('userId'))
    .where(valid)
    .orderBy('i.created_at', 'desc')
    .limit(100),
);
const remove = prepare<Of>()((bind) =>
  build.deleteFrom('projects.invitations').where('project_id', '=', bind('projectId')).where('user_id', '=', bind('userId')),
);
const removeOfUser = prepare<{ userId: string }>()((bind) =>
  build.deleteFrom('projects.invitations').where('user_id', '=', bind('userId')),
);
/** One that stands stays as it is. One that ended is made anew. Whoever was invited to five projects today is left in peace. */
const INSERT = `
  insert into projects.invitations as i (project_id, user_id, role, invited_by)
  select $1, asked.user_id, $3, $4 from (values ($2::uuid)) as asked (user_id) where asked.user_id is not null and (
    select count(*) from projects.invitations o where o.user_id = asked.user_id and o.project_id <> $1 and o.created_at > now() - interval '1 day'
  ) < 5
  on conflict (project_id, user_id) do update set role = excluded.role, invited_by = excluded.invited_by, created_at = now()
  where i.created_at <= now() - interval '7 days'`;
const SWEEP = `delete from projects.invitations where created_at <= now() - interval '7 days'`;

/** The SQL on invitations. */
export class InvitationsRepository {
  /** @param userId null: nobody; the statement is made all the same. @returns whether there is a new one. */
  async insert(tx: Tx, projectId: string, userId: string | null, role: Role, invitedBy: string): Promise<boolean> {
    return (await tx.run({ text: INSERT, values: [projectId, userId, role, invitedBy] })).rowCount === 1;
  }
  find(tx: Tx, projectId: string, userId: string): Promise<{ role: Role; invitedBy: string } | undefined> {
    return find.first(tx, { projectId, userId });
  }
  of(on: Runner, userId: string): Promise<{ projectId: string; name: string; role: Role; expiresAt: string }[]> {
    return ofUser.all(on, { userId });
  }
  delete(tx: Tx, projectId: string, userId: string): void {
    tx.write(remove.with({ projectId, userId }));
  }
  deleteOf(tx: Tx, userId: string): void {
    tx.write(removeOfUser.with({ userId }));
  }
  async sweep(on: Runner): Promise<void> {
    await on.run({ text: SWEEP, values: [] });
  }
}
