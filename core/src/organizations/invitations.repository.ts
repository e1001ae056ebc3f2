import { type Page, type PageRequest, prepare, prepareList, queryBuilder, type Runner, type Tx } from '@plinth/kit';
import { sql } from 'kysely';
import type { Invitation } from './contract.ts';
import type { Tables } from './tables.ts';

const q = queryBuilder<Tables>();
const now = sql<string>`now()`;
const shown = ['id', 'email', 'roles', 'invited_by as invitedBy', 'created_at as createdAt', 'expires_at as expiresAt'] as const;
const pending = q.selectFrom('organizations.invitations').where('ended_at', 'is', null).where('expires_at', '>', now);

export interface PendingInvitation extends Invitation {
  readonly organizationId: string;
  readonly emailNormalized: string;
}
interface NewRow {
  readonly id: string;
  readonly organizationId: string;
  readonly email: string;
  readonly emailNormalized: string;
  readonly roles: readonly string[];
  readonly tokenHash: Buffer;
  readonly invitedBy: string;
}
type OfOrganization = { organizationId: string };

const whole = [...shown, 'organization_id as organizationId', 'email_normalized as emailNormalized'] as const;
const insert = prepare<Omit<NewRow, 'roles'> & { roles: string[] }>()((bind) =>
  q
    .insertInto('organizations.invitations')
    .values({
      id: bind('id'),
      organization_id: bind('organizationId'),
      email: bind('email'),
      email_normalized: bind('emailNormalized'),
      roles: bind('roles'),
      token_hash: bind('tokenHash'),
      invited_by: bind('invitedBy'),
    })
    .returning(shown),
);
const count = prepare<OfOrganization>()((bind) =>
  pending.select((eb) => eb.fn.countAll<number>().as('n')).where('organization_id', '=', bind('organizationId')),
);
const list = prepareList<OfOrganization>()({
  rows: (_shape, bind) => pending.select(shown).where('organization_id', '=', bind('organizationId')),
  order: () => ({ by: ['id'], direction: 'desc', key: ({ id }) => [id] }),
});
const findByToken = prepare<{ tokenHash: Buffer }>()((bind) => pending.select(whole).where('token_hash', '=', bind('tokenHash')));
const to = prepare<{ emailNormalized: string }>()((bind) =>
  pending.select(whole).where('email_normalized', '=', bind('emailNormalized')).orderBy('id').limit(100),
);
const end = prepare<OfOrganization & { id: string }>()((bind) =>
  q
    .updateTable('organizations.invitations')
    .set({ ended_at: now })
    .where('id', '=', bind('id'))
    .where('organization_id', '=', bind('organizationId'))
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now)
    .returning('id'),
);
/** Expired ones too, which would stand in the way of the next. */
const endTo = prepare<OfOrganization & { emailNormalized: string }>()((bind) =>
  q
    .updateTable('organizations.invitations')
    .set({ ended_at: now })
    .where('organization_id', '=', bind('organizationId'))
    .where('email_normalized', '=', bind('emailNormalized'))
    .where('ended_at', 'is', null)
    .returning(['id', sql<boolean>`expires_at <= now()`.as('expired')]),
);
const endAll = prepare<OfOrganization>()((bind) =>
  q
    .updateTable('organizations.invitations')
    .set({ ended_at: now })
    .where('organization_id', '=', bind('organizationId'))
    .where('ended_at', 'is', null)
    .returning('id'),
);
const lockAddress = `select pg_advisory_xact_lock(hashtextextended('organizations.invitation ' || email_normalized, 0)) from organizations.invitations where id = $1`;
const toSend = prepare<{ id: string }>()((bind) =>
  q
    .selectFrom('organizations.invitations as i')
    .select((eb) => [
      'i.email',
      'i.organization_id as organizationId',
      'i.invited_by as invitedBy',
      eb
        .selectFrom('organizations.invitations as other')
        .select(eb.fn.countAll<number>().as('n'))
        .whereRef('other.email_normalized', '=', 'i.email_normalized')
        .whereRef('other.id', '<>', 'i.id')
        .where('other.sent_at', '>', sql<string>`now() - interval '1 day'`)
        .as('sentLately'),
    ])
    .where('i.id', '=', bind('id'))
    .where('i.ended_at', 'is', null)
    .where('i.expires_at', '>', now),
);
const markSent = prepare<{ id: string }>()((bind) =>
  q.updateTable('organizations.invitations').set({ sent_at: now }).where('id', '=', bind('id')),
);
const sweep = prepare<{ limit: number }>()((bind) =>
  q
    .deleteFrom('organizations.invitations')
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('organizations.invitations')
        .select('id')
        .where('expires_at', '<=', now)
        .orderBy('expires_at')
        .limit(bind('limit'))
        .forUpdate()
        .skipLocked(),
    )
    .returning(['id', 'organization_id as organizationId', sql<boolean>`ended_at is null`.as('wasPending')]),
);

/** The SQL on invitations. Only those that can still be accepted are found. */
export class InvitationsRepository {
  async insert(tx: Tx, { roles, ...row }: NewRow): Promise<Invitation> {
    return (await insert.first(tx, { ...row, roles: [...roles] }))!;
  }
  async count(on: Runner, organizationId: string): Promise<number> {
    return (await count.first(on, { organizationId }))!.n;
  }
  list(on: Runner, organizationId: string, paging: PageRequest): Promise<Page<Invitation>> {
    return list.page(on, { organizationId }, paging);
  }
  findByToken(on: Runner, tokenHash: Buffer): Promise<PendingInvitation | undefined> {
    return findByToken.first(on, { tokenHash });
  }
  /** Those to one address. */
  to(on: Runner, emailNormalized: string): Promise<PendingInvitation[]> {
    return to.all(on, { emailNormalized });
  }
  /** Of many who end it at once, one does. */
  async end(tx: Tx, organizationId: string, id: string): Promise<boolean> {
    return (await end.first(tx, { organizationId, id })) !== undefined;
  }
  endTo(tx: Tx, organizationId: string, emailNormalized: string): Promise<{ id: string; expired: boolean }[]> {
    return endTo.all(tx, { organizationId, emailNormalized });
  }
  endAll(tx: Tx, organizationId: string): Promise<{ id: string }[]> {
    return endAll.all(tx, { organizationId });
  }
  /** With its address held, and how many others that address was mailed within a day. */
  async toSend(tx: Tx, id: string) {
    await tx.run({ text: lockAddress, values: [id] });
    return toSend.first(tx, { id }); // a statement of its own: it sees what the lock waited for
  }
  markSent(tx: Tx, id: string): void {
    tx.write(markSent.with({ id }));
  }
  /** Deletes expired ones, ended before or not. */
  sweep(tx: Tx, limit: number): Promise<{ id: string; organizationId: string; wasPending: boolean }[]> {
    return sweep.all(tx, { limit });
  }
}
