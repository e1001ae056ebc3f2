import { sql } from 'kysely';
import { Caller, type Origin, type Principal } from '../caller.ts';
import type { Database } from '../database/database.ts';
import { prepareVisible, queryBuilder } from '../database/statement.ts';
import { type Access, ruleOf } from '../definitions.ts';
import type { Door } from '../feature.ts';
import type { Named } from './channels.ts';

/** Whether the one filter of a rule shows a row of this owner in this scope: the same that lists and updates carry. */
const shows = prepareVisible<{ owner: string | null; scope: string | null }>()((bind, visible) =>
  queryBuilder<Record<never, never>>().selectNoFrom(
    sql<boolean>`exists (
      select from (values (${bind('owner')}::uuid, ${bind('scope')}::uuid)) as asked (owner, scope)
      where ${visible.where({ owner: 'asked.owner', scope: 'asked.scope' })}
    )`.as('shown'),
  ),
);

/** May they, here? From memory where the rule is about a permission alone, and one read where it is about a row. */
export async function isAdmitted(
  { db, door }: { readonly db: Database; readonly door: Door },
  principal: Principal,
  access: Access,
  { channel, owner, scope }: Pick<Named, 'channel' | 'owner' | 'scope'>,
  origin: Origin,
): Promise<boolean> {
  if (access === 'public') return true;
  const rule = ruleOf(access);
  if (rule === null) {
    // What is a person's own has no permission that a key's scopes could name.
    if (principal.user === null || principal.key !== null) return false;
    return channel.options.owner === undefined || owner === principal.user.id;
  }
  const decision = await door.decide(principal, rule.permission, rule.scope);
  if (!decision.allowed) return false;
  const visible = door.visible(new Caller(principal, origin, door), rule);
  return visible.all || (await shows.first(db, visible, { owner, scope }))?.shown === true;
}
