import { setTimeout as delay } from 'node:timers/promises';
import { type AnyFeature, uuidv7 } from '@plinth/kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { coreApp, type CoreApp } from '../testing/index.ts';
import * as core from '../index.ts';
import { JobsService } from './service.ts';

const isFeature = (value: unknown): value is AnyFeature =>
  typeof value === 'object' && value !== null && 'setup' in value && 'contract' in value;
const features = Object.values(core).filter(isFeature);

let app: CoreApp;
let admin: { userId: string; token: string };
let other: string;
beforeAll(async () => {
  app = await coreApp(features, { env: { PLINTH_ROLES: 'api,worker' } });
  admin = await app.as('admin');
  other = (await app.as('member')).userId;
});
afterAll(() => app?.stop());

/** A row whose time is over by this much, and the same with a time that is not: `$1` is the time, `$2` something unique, `$3` a user. */
const kept: readonly [job: string, table: string, over: string, row: string][] = [
  ['auth.clean-up', 'auth.registrations', '1 minute', `(id, email, email_normalized, display_name, created_at, expires_at) values ($2, 'a@b.c', 'a@b.c', 'A', $1::timestamptz - interval '2 hours', $1)`],
  ['auth.clean-up', 'auth.challenges', '1 minute', `(id, token_hash, user_id, purpose, factors, delivery, expires_at) values ($2, sha256($2::text::bytea), $3, 'verify', '{password}', 'body', $1)`],
  ['auth.clean-up', 'auth.links', '2 hours', `(id, purpose, user_id, token_hash, credential_version, created_at, expires_at) values ($2, 'test', $3, sha256($2::text::bytea), 1, $1::timestamptz - interval '2 hours', $1)`],
  ['auth.clean-up', 'auth.attempts', '3 days', `(key, failed_at) values ($2::uuid::text, $1)`],
  ['auth.clean-up', 'auth.revoked', '11 minutes', `(session_id, at) values ($2, $1)`],
  ['auth.clean-up', 'auth.sessions', '31 days', `(id, user_id, factors, delivery, family_secret, idle_expires_at, absolute_expires_at) values ($2, $3, '{password}', 'body', sha256($2::text::bytea), $1, $1)`],
  ['passwordless.clean-up', 'passwordless.codes', '2 hours', `(id, flow_hash, user_id, expires_at) values ($2, sha256($2::text::bytea), $3, $1)`],
  ['mfa.clean-up', 'mfa.enrolments', '1 minute', `(user_id, secret, expires_at) values ($3, 'secret ' || $2::text, $1)`],
  ['passkeys.clean-up', 'passkeys.ceremonies', '1 minute', `(challenge_hash, kind, bound_to, expires_at) values (sha256($2::text::bytea), 'sign-in', '', $1)`],
  ['oauth.clean-up', 'oauth.flows', '1 minute', `(state_hash, flow_hash, provider, redirect_uri, return_to, expires_at) values (sha256($2::text::bytea), sha256('flow'), 'p', 'r', '/', $1)`],
  ['jobs.clean-up', 'http.claims', '1 minute', `(id, caller, operation, fingerprint, status, expires_at) values ($2::uuid::text, 'c', 'o', 'f', 200, $1)`],
  ['jobs.clean-up', 'log.handled', '31 days', `(handler, fact_id, handled_at) values ('test', $2, $1)`],
  ['jobs.clean-up', 'log.channel_entries', '25 hours', `(channel, position, written_at) values ($2::uuid::text, 1, $1)`],
  ['jobs.clean-up', 'log.traces', '25 hours', `(fact_id, traceparent, written_at) values ($2, '00-1-1-01', $1)`],
  ['monitoring.clean-up', 'monitoring.samples', '2 hours', `(node, at, seconds, buckets, classes, loop_delay_ms, memory_bytes, heap_bytes, connections, subscriptions, pool_used, pool_waiting, pool_max, host, process, roles, version, started_at, last) values ($2, $1, 1, '{}', '{}', 0, 0, 0, 0, 0, 0, 0, 0, 'h', 1, '{api}', '1', $1, false)`],
  ['monitoring.clean-up', 'monitoring.shared', '2 hours', `(slot, ready, running, dead, oldest_seconds, lag_facts, lag_seconds) values (extract(epoch from $1::timestamptz)::bigint / 10, 0, 0, 0, 0, 0, 0)`],
  ['jobs.clean-up', 'log.causes', '366 days', `(fact_id, type, cause_id, written_at) values ($2, 'job', $2, $1)`],
  ['jobs.clean-up', 'queue.suspects', '31 days', `(job, id, begun, since) values ('test', $2, 1, $1)`],
]; // prettier-ignore

async function put(table: string, row: string, at: string, userId: string): Promise<string> {
  const text = `insert into ${table} ${row.replaceAll('$1', `(${at})`).replaceAll('$2', `'${uuidv7()}'::uuid`).replaceAll('$3', `'${userId}'`)} returning ctid::text as place`;
  return (await app.owner.query<{ place: string }>(text)).rows[0]!.place;
}
const lies = async (table: string, place: string): Promise<boolean> =>
  (await app.owner.query(`select 1 from ${table} where ctid = $1::tid`, [place])).rowCount === 1;

async function perform(name: string): Promise<void> {
  const id = await app.kit.db.transaction((tx) => app.kit.jobs.enqueue(tx, app.kit.catalog.jobs.get(name)!, {}));
  for (let tries = 0; (await app.kit.jobs.admin.find(id))?.state !== 'completed'; tries++) {
    if (tries > 300) throw new Error(`${name} did not complete`);
    await delay(20);
  }
}

test('what is past its time goes, and nothing else: sessions, tokens, links, codes, idempotency records, marks, entries', async () => {
  const rows = [];
  for (const [job, table, over, row] of kept)
    rows.push({
      job,
      table,
      old: await put(table, row, `now() - interval '${over}'`, admin.userId),
      fresh: await put(table, row, `now() + interval '1 minute'`, other),
    });
  for (const job of new Set(rows.map((row) => row.job))) await perform(job);
  for (const { table, old, fresh } of rows)
    expect({ table, old: await lies(table, old), fresh: await lies(table, fresh) }).toEqual({ table, old: false, fresh: true });
});

test('each of them is a schedule that administrators see', async () => {
  const { json } = await app.call('GET', '/api/v1/jobs/schedules', { token: admin.token });
  const names = (json.data as { job: string; next: string[] }[]).filter(({ next }) => next.length > 0).map(({ job }) => job);
  const others = ['access.sweep-expired', 'jobs.check-lag', 'organizations.sweep-invitations', 'users.erase-deleted', 'webhooks.sweep'];
  expect(names).toEqual(expect.arrayContaining([...new Set(kept.map(([job]) => job)), ...others]));
});

test('facts without a place, and facts without a signed head, are an error in the log from a minute on, and a number in the metrics', async () => {
  const statistics = await app.kit.log.statistics();
  const check = async (over: Partial<typeof statistics>): Promise<string[]> => {
    const errors: string[] = [];
    const logger = { error: (_about: object, text: string) => errors.push(text), warn: () => undefined };
    const log = { statistics: async () => ({ ...statistics, waitingSeconds: 0, unsealedSeconds: 0, ...over }) };
    await new JobsService({ ...app.kit, log, logger } as never).check();
    return errors;
  };
  expect(await check({ waitingSeconds: 59, unsealedSeconds: 59 })).toEqual([]);
  expect(await check({ waitingSeconds: 61 })).toEqual(['facts wait for their place in the log']);
  expect(await check({ unsealedSeconds: 61, unsealed: 7 })).toEqual(['facts wait for a signed head']);
  const { text } = await app.call('GET', '/metrics');
  for (const name of ['log_lag_seconds', 'log_lag_unsealed', 'log_lag_unsealed_seconds'])
    expect(text).toMatch(new RegExp(`^${name} [\\d.e-]+$`, 'm'));
});
