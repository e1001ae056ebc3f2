import { prepare, queryBuilder, type Runner, type Tx } from '@plinth/kit';
import { sql } from 'kysely';
import type { Identity } from './contract.ts';
import type { Tables } from './tables.ts';

const q = queryBuilder<Tables>();
const now = sql<string>`now()`;

export interface NewFlow {
  readonly stateHash: Buffer;
  readonly flowHash: Buffer;
  readonly provider: string;
  readonly redirectUri: string;
  readonly returnTo: string;
  readonly userId: string | null;
  readonly sessionId: string | null;
}
export interface NewIdentity {
  readonly factorId: string;
  readonly userId: string;
  readonly provider: string;
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | null;
}
const shown = ['factor_id as id', 'provider', 'email', 'created_at as createdAt', 'last_used_at as lastUsedAt'] as const;

const begin = prepare<NewFlow>()((bind) =>
  q.insertInto('oauth.flows').values({
    state_hash: bind('stateHash'),
    flow_hash: bind('flowHash'),
    provider: bind('provider'),
    redirect_uri: bind('redirectUri'),
    return_to: bind('returnTo'),
    user_id: bind('userId'),
    session_id: bind('sessionId'),
  }),
);
const take = prepare<{ stateHash: Buffer; flowHash: Buffer; provider: string }>()((bind) =>
  q
    .deleteFrom('oauth.flows')
    .where('state_hash', '=', bind('stateHash'))
    .where('flow_hash', '=', bind('flowHash'))
    .where('provider', '=', bind('provider'))
    .where('expires_at', '>', now)
    .returning(['redirect_uri as redirectUri', 'return_to as returnTo', 'user_id as userId', 'session_id as sessionId']),
);
// Two who come back at once with one identity that is new: the second finds what the first made.
const hold = prepare<{ identity: string }>()((bind) =>
  q.selectNoFrom(sql<string>`pg_advisory_xact_lock(hashtextextended(${bind('identity')}::text, 0))::text`.as('held')),
);
const find = prepare<{ issuer: string; subject: string }>()((bind) =>
  q
    .selectFrom('oauth.identities')
    .select(['factor_id as factorId', 'user_id as userId'])
    .where('issuer', '=', bind('issuer'))
    .where('subject', '=', bind('subject')),
);
const insert = prepare<NewIdentity>()((bind) =>
  q.insertInto('oauth.identities').values({
    factor_id: bind('factorId'),
    user_id: bind('userId'),
    provider: bind('provider'),
    issuer: bind('issuer'),
    subject: bind('subject'),
    email: bind('email'),
    last_used_at: now,
  }),
);
const touch = prepare<{ factorId: string; email: string | null }>()((bind) =>
  q
    .updateTable('oauth.identities')
    .set({ last_used_at: now, email: sql<string | null>`coalesce(${bind('email')}::text, email)` })
    .where('factor_id', '=', bind('factorId')),
);
const list = prepare<{ userId: string }>()((bind) =>
  q.selectFrom('oauth.identities').select(shown).where('user_id', '=', bind('userId')).orderBy('created_at').limit(100),
);
const deleteExpired = prepare<object>()(() => q.deleteFrom('oauth.flows').where('expires_at', '<', now));

export class OauthRepository {
  async begin(on: Runner, flow: NewFlow): Promise<void> {
    await begin.count(on, flow);
  }
  /** Uses it up: of many who come back at once, one gets it; nor is it good for another browser or provider. */
  take(on: Runner, stateHash: Buffer, flowHash: Buffer, provider: string) {
    return take.first(on, { stateHash, flowHash, provider });
  }
  async hold(tx: Tx, issuer: string, subject: string): Promise<void> {
    await hold.first(tx, { identity: JSON.stringify([issuer, subject]) });
  }
  find(on: Runner, issuer: string, subject: string) {
    return find.first(on, { issuer, subject });
  }
  insert(tx: Tx, identity: NewIdentity): void {
    tx.write(insert.with(identity));
  }
  touch(tx: Tx, factorId: string, email: string | null): void {
    tx.write(touch.with({ factorId, email }));
  }
  list(on: Runner, userId: string): Promise<Identity[]> {
    return list.all(on, { userId });
  }
  deleteExpired(tx: Tx): void {
    tx.write(deleteExpired.with({}));
  }
}
