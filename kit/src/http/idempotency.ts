import { createHmac, hash } from 'node:crypto';
import type { Database } from '../database/database.ts';
import type { BoundQuery, Runner } from '../database/statement.ts';
import type { Tx } from '../database/transaction.ts';
import type { AppError } from '../definitions.ts';
import { KeyBusy, KeyReused, MalformedRequest, ReplayWithheld, ServiceUnavailable } from '../errors.ts';
import type { Rendered } from './replies.ts';

// Exactly one execution per Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-07). Two forms share one table: most
// operations claim, run and store in their one transaction, so that a rollback leaves no trace; operations that call the
// outside hold a lease instead, which a fence guards against a holder that comes back late.

/** The right to finish one idempotent execution whose operation opens its own transactions. */
export interface Lease {
  readonly id: string;
  /** Grows each time the claim changes hands: a late holder cannot finish. */
  readonly fence: number;
}
/** What is claimed: the same id is the same execution, another fingerprint a different request under its name. */
export interface Claim {
  readonly id: string;
  readonly caller: string;
  readonly operation: string;
  readonly fingerprint: string;
  /** The reply holds a secret: it is never stored, and a replay is refused. */
  readonly secret: boolean;
}

const KEY = /^[\x21-\x7e]{1,255}$/;
const LEASE_SECONDS = 30;
const RENEW_MS = 10_000;

/** @throws MalformedRequest for an empty key, spaces, controls, more than 255 characters (S9). */
export function idempotencyKeyOf(header: string | string[] | undefined): string | null {
  if (header === undefined) return null;
  if (typeof header !== 'string' || !KEY.test(header))
    throw new MalformedRequest({ reason: 'Idempotency-Key is not 1 to 255 visible ASCII characters' });
  return header;
}

/** @param fingerprintKey from the server's secret. @param path as sent; it names tenant and row. @param body what the fingerprint covers beside method, path and query. */
export function claimOf(
  caller: string,
  operation: string,
  secret: boolean,
  request: { method: string; path: string; query: string; key: string; body: string | Buffer },
  fingerprintKey: Buffer,
): Claim {
  const { method, path, query, key, body } = request;
  const part = (text: string): string => `${text.length}:${text}`; // lengths first, so that no two tuples read the same
  const id = hash('sha256', [caller, method, path, key].map(part).join(''), 'base64url');
  // Keyed: bodies hold passwords, and a plain hash in the database could be searched for them (B19).
  const fingerprint = createHmac('sha256', fingerprintKey)
    .update(`${part(method)}${part(path)}${part(query)}`)
    .update(body)
    .digest('base64url');
  return { id, caller, operation, fingerprint, secret };
}

interface Claimed {
  readonly got: boolean;
  readonly claimed: number | null;
  readonly found: boolean;
  readonly fingerprint: string | null;
  readonly status: number | null;
  readonly type: string | null;
  readonly headers: Record<string, string> | null;
  readonly body: string | null;
  readonly withheld: boolean | null;
}
const STORED = 'c.id is not null as found, c.fingerprint, c.status, c.type, c.headers, c.body, c.withheld';
/**
 * Lock and claim in one statement, which BEGIN travels with. The lock is tried, never waited for: sixteen retries must not
 * hold sixteen connections. A claim is taken over when it is past its time, or when its holder died under the same request.
 */
const CLAIM = `with lock as materialized (select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as got),
claim as (
  insert into http.claims as c (id, caller, operation, fingerprint, leased_until, expires_at)
  select $1, $2, $3, $4, now() + make_interval(secs => $5), now() + interval '24 hours' from lock where got
  on conflict (id) do update set fingerprint = excluded.fingerprint, status = null, type = null, headers = null, body = null, withheld = false,
    fence = c.fence + 1, leased_until = excluded.leased_until, expires_at = excluded.expires_at
  where (c.expires_at < now() and (c.status is not null or c.leased_until is null or c.leased_until < now()))
     or (c.status is null and c.leased_until < now() and c.fingerprint = excluded.fingerprint)
  returning c.fence
)
select lock.got, (select fence from claim) as claimed, ${STORED} from lock left join http.claims c on c.id = $1`;
const LOOK = `select true as got, null::bigint as claimed, ${STORED} from http.claims c where c.id = $1`;
const STORE = `update http.claims set status = $3, type = $4, headers = $5, body = $6, withheld = $7, leased_until = null where id = $1 and fence = $2 and status is null`;
const RENEW = `update http.claims set leased_until = now() + make_interval(secs => $3) where id = $1 and fence = $2 and status is null`;
const RELEASE = `delete from http.claims where id = $1 and fence = $2 and status is null`;
/** Those past their 24 hours, never an execution that runs (S9). $1: how many at most. */
export const FORGET_CLAIMS = `delete from http.claims where id in (
  select id from http.claims where expires_at < now() and (status is not null or leased_until is null or leased_until < now()) limit $1 for update skip locked)`;

/** What is stored of a reply. Cookies are not: they are secrets of the one who was first. */
function store({ id, fence }: Lease, { status, type, headers, body }: Rendered, secret: boolean): BoundQuery {
  return {
    text: STORE,
    values: secret
      ? [id, fence, status, null, null, null, true]
      : [id, fence, status, type, headers === undefined ? null : JSON.stringify(headers), body, false],
  };
}

const busy = (): AppError => new KeyBusy(undefined, { headers: { 'retry-after': '1' } });

type Begun = { readonly lease: Lease } | { readonly replay: Rendered };
async function begin(on: Runner, claim: Claim, leaseSeconds: number | null): Promise<Begun> {
  const first = await on.run<Claimed>({ text: CLAIM, values: [claim.id, claim.caller, claim.operation, claim.fingerprint, leaseSeconds] });
  let row = first.rows[0]!;
  if (!row.got) throw busy();
  if (row.claimed !== null) return { lease: { id: claim.id, fence: row.claimed } };
  // The other one committed after this statement's snapshot: a new statement sees its row.
  if (!row.found) row = (await on.run<Claimed>({ text: LOOK, values: [claim.id] })).rows[0] ?? row;
  if (!row.found) throw busy();
  if (row.fingerprint !== claim.fingerprint) throw new KeyReused();
  if (row.status === null) throw busy();
  if (row.withheld) throw new ReplayWithheld();
  return {
    replay: {
      status: row.status,
      body: row.body,
      type: row.type!,
      headers: { ...row.headers, 'idempotent-replayed': 'true' },
      cookies: undefined,
    },
  };
}

/** Runs inside the operation's transaction: claim, run, store, all or nothing. @returns the reply, made now or back then. */
export async function once(tx: Tx, claim: Claim, run: () => Promise<Rendered>): Promise<Rendered> {
  const begun = await begin(tx, claim, null);
  if ('replay' in begun) return begun.replay;
  const reply = await run();
  tx.write(store(begun.lease, reply, claim.secret)); // travels with COMMIT
  return reply;
}

/** A lease that this process holds, with what finishing it needs. */
class HeldLease implements Lease {
  readonly id: string;
  readonly fence: number;
  readonly render: (result: unknown) => Rendered;
  readonly secret: boolean;
  /** Set with the transaction that finished it; what was stored then is what is sent. */
  finished: Rendered | null = null;
  constructor({ id, fence }: Lease, claim: Claim, render: (result: unknown) => Rendered) {
    this.id = id;
    this.fence = fence;
    this.secret = claim.secret;
    this.render = render;
  }
}

/**
 * Stores the reply of a leased execution in its last transaction, so that what it did and what it answers are one.
 * @param result what the handler is about to return.
 * @throws ServiceUnavailable when the lease passed to another: this transaction must not commit.
 */
async function finish(tx: Tx, lease: Lease, result: unknown): Promise<void> {
  if (!(lease instanceof HeldLease)) throw new Error('finish() takes the lease that the call was given');
  const reply = lease.render(result);
  const { rowCount } = await tx.run(store(lease, reply, lease.secret));
  if (rowCount === 0) throw new ServiceUnavailable({ lease: lease.id, fence: lease.fence }, { headers: { 'retry-after': '1' } });
  tx.onCommit(() => {
    lease.finished = reply;
  });
}

/** What features use of idempotency: in operations with `tx: 'own'`. */
export const claims = Object.freeze({ finish });

export interface Claims {
  /**
   * An execution that opens its own transactions. The lease is renewed while `run` works; what `run` did not finish is
   * finished after it. An expected refusal gives the claim back; anything else leaves it to expire, since nobody knows what the
   * outside did: until then a repeat is told 409, afterwards it runs again under a higher fence and the same lease id, from
   * which the provider's own key derives (S8). `resume`, which asks the outside first, comes with the operations that need it.
   */
  leased(
    claim: Claim,
    render: (result: unknown) => Rendered,
    run: (lease: Lease) => Promise<unknown>,
    givesBack: (error: unknown) => boolean,
  ): Promise<Rendered>;
}

export function createClaims(db: Database): Claims {
  return {
    async leased(claim, render, run, givesBack) {
      const begun = await db.transaction((tx) => begin(tx, claim, LEASE_SECONDS));
      if ('replay' in begun) return begun.replay;
      const lease = new HeldLease(begun.lease, claim, render);
      const values = [lease.id, lease.fence];
      const renewal = setInterval(() => void db.run({ text: RENEW, values: [...values, LEASE_SECONDS] }).catch(() => {}), RENEW_MS); // a missed renewal shows at finish
      try {
        const result = await run(lease);
        if (!lease.finished) await db.transaction((tx) => finish(tx, lease, result));
        return lease.finished ?? render(result);
      } catch (error) {
        if (!lease.finished && givesBack(error)) await db.run({ text: RELEASE, values });
        throw error;
      } finally {
        clearInterval(renewal);
      }
    },
  };
}
