import { account } from '../account/index.ts';
import { apiKeys } from '../api-keys/index.ts';
import { access } from '../access/index.ts';
import { auth } from '../auth/index.ts';
import { impersonation } from '../impersonation/index.ts';
import type { Actor, CallReply, TestAppOptions } from '@plinth/kit/testing';
import type { AnyFeature } from '@plinth/kit';
import { coreApp, type CoreApp } from '../testing/index.ts';
import { serviceAccounts } from '../service-accounts/index.ts';
import { users } from '../users/index.ts';
import { organizations } from './index.ts';
import { emailOf, invite, invited, join, makeOrganization } from './organizations.fixtures.ts';

export interface Organized extends CoreApp {
  /** Calls below `/organizations`. */
  send(
    who: { readonly token: string } | null,
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<CallReply>;
  /** An organization, its owner, and one member for each list of roles. */
  team(...roles: (readonly string[])[]): Promise<{ id: string; name: string; owner: Actor; others: Actor[] }>;
  /** Who owns it, by the rows. */
  owners(organizationId: string): Promise<string[]>;
  /** Facts of one name about one organization. */
  told(organizationId: string, name: string): Promise<number>;
  invite(owner: { readonly token: string }, organizationId: string, email: string, roles?: readonly string[]): Promise<{ id: string }>;
  /** The token that was mailed. */
  mailed(email: string, organization: string): Promise<string>;
  emailOf(who: Pick<Actor, 'userId'>): Promise<string>;
  join(owner: { readonly token: string }, organization: { id: string; name: string }, who: Actor, roles?: readonly string[]): Promise<void>;
}

export async function organizedApp(more: readonly AnyFeature[] = [], options: TestAppOptions = {}): Promise<Organized> {
  const app = await coreApp([users, access, auth, account, apiKeys, impersonation, serviceAccounts, organizations, ...more], options);
  const world = { app };
  return {
    ...app,
    send: (who, method, path, body, headers) =>
      app.call(method, `/api/v1/organizations${path}`, {
        token: who?.token,
        ...(body !== undefined && { body }),
        ...(headers && { headers }),
      }),
    async team(...roles) {
      const owner = await app.as('member');
      const organization = await makeOrganization(world, owner);
      const others: Actor[] = [];
      for (const given of roles) {
        const member = await app.as('member');
        await join(world, owner, organization, member, given);
        others.push(member);
      }
      return { ...organization, owner, others };
    },
    async owners(organizationId) {
      const { rows } = await app.owner.query<{ id: string }>(
        `select a.user_id as id from access.assignments a join users.users u on u.id = a.user_id
         where a.scope_id = $1 and a.role = 'organization-owner' and u.status = 'active' order by 1`,
        [organizationId],
      );
      return rows.map(({ id }) => id);
    },
    async told(organizationId, name) {
      const { rows } = await app.owner.query<{ n: number }>(
        `select count(*)::int as n from (select name, organization from log.outbox union all select name, organization from log.events) f where organization = $1 and name = $2`,
        [organizationId, name],
      );
      return rows[0]!.n;
    },
    invite: (owner, organizationId, email, roles) => invite(world, owner, organizationId, email, roles),
    mailed: (email, organization) => invited(world, email, organization),
    emailOf: (who) => emailOf(world, who),
    join: (owner, organization, who, roles) => join(world, owner, organization, who, roles),
  };
}
