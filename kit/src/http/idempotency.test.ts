import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { race, tally } from '../testing/race.ts';
import { deleteAll } from '../housekeeping.ts';
import { claimOf, createClaims, FORGET_CLAIMS, idempotencyKeyOf } from './idempotency.ts';
import { testServer, type Asking, type TestServer } from './server.fixtures.ts';
import { runs, things } from './things.fixtures.ts';

let server: TestServer;
beforeAll(async () => {
  server = await testServer([things]);
});
afterAll(() => server.stop());

const effect = (key: string, body: Record<string, unknown>, { token = 'ada', headers = {} }: Asking = {}, path = '/api/v1/effects') =>
  server.call('POST', path, { token, body, headers: { ...headers, 'idempotency-key': key } });
const rows = async (what: string): Promise<number> =>
  (await server.owner.query('select 1 from public.effects where what = $1', [what])).rowCount!;
const claims = async (): Promise<number> =>
  (await server.owner.query<{ n: number }>('select count(*)::int as n from http.claims')).rows[0]!.n;

describe('in one transaction', () => {
  test('S1: the same request again is answered byte for byte, marked, and runs nothing', async () => {
    const first = await effect('s1-key', { what: 's1' });
    const again = await effect('s1-key', { what: 's1' });
    expect([first.status, first.headers['idempotent-replayed']]).toEqual([201, undefined]);
    expect([again.status, again.text, again.headers['idempotent-replayed']]).toEqual([201, first.text, 'true']);
    expect([again.headers['location'], again.headers['set-cookie']]).toEqual(['/effects/s1', undefined]);
    expect([runs.get('s1'), await rows('s1')]).toEqual([1, 1]);
  });
  test('B19: what is kept of the body is keyed, so that a stored fingerprint cannot be searched for a password', () => {
    const request = { method: 'POST', path: '/x', query: '', key: 'k', body: '{"password":"quiet harbour"}' };
    const [one, same, other] = [1, 1, 2].map((n) => claimOf('ada', 'x.y', false, request, Buffer.alloc(32, n)).fingerprint);
    expect(same).toBe(one);
    expect(other).not.toBe(one);
  });

  test('S2: another body or query under the key is 422, and nothing runs', async () => {
    expect((await effect('s2-key', { what: 's2' })).status).toBe(201);
    for (const other of [
      await effect('s2-key', { what: 's2-other' }),
      await effect('s2-key', { what: 's2' }, {}, '/api/v1/effects?tag=x'),
    ]) {
      expect([other.status, other.json.error.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    }
    expect([runs.get('s2'), runs.get('s2-other')]).toEqual([1, undefined]);
  });
  test('S3, S4: of sixteen at once with one key exactly one runs; the others are told to wait, or get its reply', async () => {
    const answers = await race(16, () => effect('s3-key', { what: 's3', mode: 'slow' }));
    const replies = answers.map((answer) => (answer as PromiseFulfilledResult<Awaited<ReturnType<typeof effect>>>).value);
    const counts = tally(
      replies.map(({ status, headers }) => (status === 201 && headers['idempotent-replayed'] === undefined ? 'ran' : status)),
    );
    expect(counts['ran']).toBe(1);
    expect((counts['ran'] ?? 0) + (counts['409'] ?? 0) + (counts['201'] ?? 0)).toBe(16);
    for (const busy of replies.filter(({ status }) => status === 409))
      expect([busy.json.error.code, busy.headers['retry-after']]).toEqual(['IDEMPOTENCY_KEY_BUSY', '1']);
    expect([runs.get('s3'), await rows('s3')]).toEqual([1, 1]);
    expect((await effect('s3-key', { what: 's3', mode: 'slow' })).headers['idempotent-replayed']).toBe('true');
  });
  test('S3: who comes while it runs is told at once, and holds no connection', async () => {
    const first = effect('s3-busy', { what: 's3-busy', mode: 'slow' });
    while ((runs.get('s3-busy') ?? 0) === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    const others = await Promise.all(Array.from({ length: 5 }, () => effect('s3-busy', { what: 's3-busy', mode: 'slow' })));
    expect(others.map(({ status }) => status)).toEqual([409, 409, 409, 409, 409]);
    expect((await first).status).toBe(201);
  });
  test('S5, B129: the key belongs to caller, method and path: elsewhere it is another key', async () => {
    const mine = await effect('s5-key', { what: 's5' });
    const theirs = await effect('s5-key', { what: 's5-bob' }, { token: 'bob' });
    const key = await effect('s5-key', { what: 's5-key' }, { token: 'robot' });
    const place = await effect('s5-key', { what: 's5-place' }, {}, '/api/v1/effects/elsewhere');
    expect([mine, theirs, key, place].map(({ status, headers, json }) => [status, headers['idempotent-replayed'], json.data.what])).toEqual(
      [
        [201, undefined, 's5'],
        [201, undefined, 's5-bob'],
        [201, undefined, 's5-key'],
        [201, undefined, 's5-place'],
      ],
    );
  });
  test('S6: what was refused before it ran is not stored, nor what was rolled back: the retry runs', async () => {
    const before = await claims();
    expect((await effect('s6-key', { what: 5 })).status).toBe(422);
    expect((await effect('s6-key', { what: 's6', mode: 'throw' })).status).toBe(418);
    expect((await effect('s6-key', { what: 's6', mode: 'crash' })).status).toBe(500);
    expect((await effect('s6-key', { what: 's6', mode: 'bad-reply' })).status).toBe(500);
    expect([await claims(), await rows('s6')]).toEqual([before, 0]);
    expect((await effect('s6-key', { what: 's6' })).status).toBe(201);
    expect(await rows('s6')).toBe(1);
  });
  test('S9: blank, spaced and overlong keys are refused', async () => {
    for (const key of ['', ' ', 'two words', 'x'.repeat(256), 'ümlaut']) expect(() => idempotencyKeyOf(key)).toThrow();
    expect([idempotencyKeyOf('x'.repeat(255))?.length, idempotencyKeyOf(undefined)]).toEqual([255, null]);
    expect((await effect('two words', { what: 's9' })).status).toBe(400);
    expect(runs.get('s9')).toBeUndefined();
  });
  test('S9: a reply is kept for 24 hours; forgetting spares what still runs', async () => {
    expect((await effect('s9-key', { what: 's9-kept' })).status).toBe(201);
    const kept = await server.owner.query<{ hours: number }>(
      "select extract(epoch from expires_at - created_at)::int / 3600 as hours from http.claims where operation = 'things.effect' limit 1",
    );
    expect(kept.rows[0]!.hours).toBe(24);
    await server.owner.query(`insert into http.claims (id, caller, operation, fingerprint, status, leased_until, expires_at) values
      ('old-done', 'c', 'o', 'f', 200, null, now() - interval '1 minute'), ('old-running', 'c', 'o', 'f', null, now() + interval '1 minute', now() - interval '1 minute'),
      ('old-dead', 'c', 'o', 'f', null, now() - interval '1 minute', now() - interval '1 minute')`);
    expect(await deleteAll(server.db, FORGET_CLAIMS)).toBe(2);
    const left = await server.owner.query<{ id: string }>("select id from http.claims where id like 'old-%'");
    expect(left.rows).toEqual([{ id: 'old-running' }]);
    await server.owner.query("delete from http.claims where id = 'old-running'");
  });
  test('S9: forgetting goes on until nothing is left to forget', async () => {
    await server.owner.query(`insert into http.claims (id, caller, operation, fingerprint, status, expires_at)
      select 'many-' || i, 'c', 'o', 'f', 200, now() - interval '1 minute' from generate_series(1, 12000) i`);
    expect(await deleteAll(server.db, FORGET_CLAIMS)).toBe(12_000);
    expect((await server.owner.query("select 1 from http.claims where id like 'many-%'")).rowCount).toBe(0);
  });
  test('a key whose time is over may be used again', async () => {
    expect((await effect('expired-key', { what: 'expired-1' })).status).toBe(201);
    await server.owner.query("update http.claims set expires_at = now() - interval '1 second'");
    const again = await effect('expired-key', { what: 'expired-2' });
    expect([again.status, again.headers['idempotent-replayed']]).toEqual([201, undefined]);
  });
  test('a reply with a secret is stored nowhere; its replay is refused', async () => {
    const make = (name: string) => effect('secret-key', { name }, {}, '/api/v1/secrets');
    const first = await make('mine');
    expect([first.status, first.headers['cache-control']]).toEqual([201, 'no-store']);
    const again = await make('mine');
    expect([again.status, again.json.error.code]).toEqual([409, 'REPLAY_WITHHELD']);
    expect((await make('other')).status).toBe(422);
    const { rows: stored } = await server.owner.query<{ all: string }>('select c::text as all from http.claims c where withheld');
    expect(stored).toHaveLength(1);
    expect(stored[0]!.all).not.toContain(first.json.data.secret);
  });
  test('a stranger has no scope: the key is not heard', async () => {
    const before = await claims();
    expect((await server.call('POST', '/api/v1/session', { headers: { 'idempotency-key': 'stranger-key' } })).status).toBe(200);
    expect(await claims()).toBe(before);
  });
});

describe('with transactions of its own', () => {
  const own = (key: string, body: Record<string, unknown>) => effect(key, body, {}, '/api/v1/own-effects');

  test('S7: the claim spans the call outside: sixteen at once, one runs', async () => {
    const answers = await race(16, () => own('s7-key', { what: 's7', mode: 'slow' }));
    const statuses = answers.map((answer) => (answer as PromiseFulfilledResult<{ status: number }>).value.status);
    expect(tally(statuses)).toEqual({ 201: 1, 409: 15 });
    expect(runs.get('s7')).toBe(1);
    const again = await own('s7-key', { what: 's7', mode: 'slow' });
    expect([again.status, again.headers['idempotent-replayed']]).toEqual([201, 'true']);
  });
  test('finished in the last transaction: effect and reply are one', async () => {
    const first = await own('own-finish', { what: 'own-finish', mode: 'provider' });
    const again = await own('own-finish', { what: 'own-finish', mode: 'provider' });
    expect([first.status, again.text, await rows('own-finish'), runs.get('own-finish')]).toEqual([201, first.text, 1, 1]);
  });
  test('an expected refusal gives the key back; a failure nobody can judge keeps it until the lease ends', async () => {
    expect((await own('own-refused', { what: 'own-refused', mode: 'throw' })).status).toBe(418);
    expect((await own('own-refused', { what: 'own-refused-2' })).status).toBe(201);
    expect((await own('own-crashed', { what: 'own-crashed', mode: 'crash' })).status).toBe(503);
    const during = await own('own-crashed', { what: 'own-crashed', mode: 'crash' });
    expect([during.status, during.json.error.code]).toEqual([409, 'IDEMPOTENCY_KEY_BUSY']);
    await server.owner.query("update http.claims set leased_until = now() - interval '1 second' where status is null");
    expect((await own('own-crashed', { what: 'own-crashed', mode: 'crash' })).status).toBe(503);
    expect(runs.get('own-crashed')).toBe(2);
  });
  test('S7: a holder that comes back late and is refused does not give back the lease of another', async () => {
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    const claim = { id: 'late-refusal', caller: 'c', operation: 'o', fingerprint: 'f', secret: false };
    const rendered = { status: 200, body: '{}', type: 'application/json', headers: undefined, cookies: undefined };
    const leases = createClaims(server.db);
    const late = leases.leased(claim, () => rendered, async () => held.then(() => Promise.reject(new Error('refused'))), () => true); // prettier-ignore
    const expire = async (): Promise<boolean> =>
      (await server.owner.query("update http.claims set leased_until = now() - interval '1 second' where id = 'late-refusal'")).rowCount! >
      0;
    while (!(await expire()));
    const next = leases.leased(claim, () => rendered, async () => { letGo(); await late.catch(() => undefined); return {}; }, () => true); // prettier-ignore
    await expect(late).rejects.toThrow('refused');
    expect(await next).toBe(rendered);
    const again = await leases.leased(claim, () => rendered, () => Promise.reject(new Error('ran again')), () => true); // prettier-ignore
    expect(again.headers).toEqual({ 'idempotent-replayed': 'true' });
  });
  test('S7: the fence stops a holder that comes back after its lease passed on', async () => {
    await server.owner.query('delete from http.claims where status is null');
    const late = own('own-late', { what: 'own-late', mode: 'slow' });
    const holder = async (): Promise<boolean> =>
      (
        await server.owner.query(
          "update http.claims set leased_until = now() - interval '1 second' where status is null and operation = 'things.own' and leased_until > now()",
        )
      ).rowCount! > 0;
    while (!(await holder()));
    const next = await own('own-late', { what: 'own-late', mode: 'slow' });
    const first = await late;
    expect([first.status, next.status]).toEqual([503, 201]);
    expect((await own('own-late', { what: 'own-late', mode: 'slow' })).text).toBe(next.text);
  });
});
