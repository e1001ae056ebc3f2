import { readConfig } from '@plinth/kit/tools';
import { decodeJwt } from 'jose';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { authApp, cookiesOf, movableClock, type AuthApp, type Person } from './auth.testing.ts';
import { cleanUp } from './contract.ts';
import { LastUses } from './last-uses.ts';
import { placesDatabase } from './places.testing.ts';
import type { Session } from './fields.ts';

const LONDON = { city: { names: { en: 'London' } }, country: { iso_code: 'GB' } };
const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0';
let directory: string;
let app: AuthApp;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'plinth-sessions-'));
  await writeFile(join(directory, 'city.mmdb'), placesDatabase({ '81.2.69.0/24': LONDON, '10.0.0.0/8': LONDON }));
  vi.useFakeTimers({ toFake: ['setInterval'] }); // the minute between two flushes passes when a test says so
  app = await authApp({ env: { GEOIP_DATABASE: join(directory, 'city.mmdb'), TRUST_PROXY: '127.0.0.1/32' } });
});
afterAll(async () => {
  vi.useRealTimers();
  await app?.stop();
  await rm(directory, { recursive: true, force: true });
});

const list = async (token: string): Promise<Session[]> => {
  const reply = await app.call('GET', '/api/v1/auth/sessions', { token });
  expect(reply.status, reply.text).toBe(200);
  return reply.json.data;
};
const signInFrom = async (person: Person, userAgent: string, address: string) =>
  (await app.signIn(person, {}, { 'user-agent': userAgent, 'x-forwarded-for': address })).json.data as {
    accessToken: string;
    refreshToken: string;
    sessionId: string;
  };
const row = async (sessionId: string) =>
  (
    await app.owner.query<{ used: number; idle: number; absolute: number; idle_at: string }>(
      `select extract(epoch from now() - last_used_at)::float8 as used, extract(epoch from idle_expires_at - created_at)::float8 as idle,
              extract(epoch from absolute_expires_at - created_at)::float8 as absolute, idle_expires_at::text as idle_at
       from auth.sessions where id = $1`,
      [sessionId],
    )
  ).rows[0]!;

describe('the list of sessions', () => {
  it('names device, place, factors and level of each', async () => {
    const person = await app.person();
    const here = await signInFrom(person, FIREFOX, '81.2.69.142');
    await signInFrom(person, 'curl/8.5.0', '10.1.2.3');
    await signInFrom(person, `Firefox/1 (${'Windows NT;'.repeat(1000)}`, '81.3.0.1');
    const [hostile, curl, firefox] = await list(here.accessToken);
    expect(firefox).toMatchObject({
      id: here.sessionId,
      current: true,
      device: { label: 'Firefox on Windows', browser: 'Firefox', os: 'Windows' },
      place: { city: 'London', country: 'GB' },
      address: '81.2.69.142',
      factors: ['password'],
      level: 'aal1',
    });
    expect(curl).toMatchObject({ device: { label: 'curl', os: null }, place: null, current: false });
    expect(hostile).toMatchObject({ place: null, address: '81.3.0.1' });
    expect([hostile!.userAgent!.length, hostile!.device.label.length < 90]).toEqual([500, true]);
  });

  it('goes with what a session proved, and so does `acr` in its tokens', async () => {
    const person = await app.signedIn();
    expect(decodeJwt(person.token)['acr']).toBe('aal1');
    await app.owner.query(`update auth.sessions set factors = '{password,totp}' where id = $1`, [person.sessionId]);
    const { accessToken } = (await app.refresh(person.refreshToken)).json.data;
    expect(decodeJwt(accessToken)).toMatchObject({ acr: 'aal2', amr: ['pwd', 'otp'] });
    expect((await list(accessToken))[0]!.level).toBe('aal2');
  });

  it('a database of places that cannot be read is a reason not to start', async () => {
    const missing = authApp({ database: app.database, env: { GEOIP_DATABASE: join(directory, 'missing.mmdb') } });
    await expect(missing).rejects.toThrow(/GEOIP_DATABASE: .*missing\.mmdb cannot be used: ENOENT/);
  });
});

describe('the last use', () => {
  it('moves with requests, in one statement a minute for all sessions, none on the path of a request', async () => {
    const [first, second] = [await app.signedIn(), await app.signedIn()];
    const anHourAgo = () =>
      app.owner.query(
        `update auth.sessions set last_used_at = now() - interval '1 hour', idle_expires_at = now() + interval '1 day' where id = any ($1)`,
        [[first.sessionId, second.sessionId]],
      );
    await anHourAgo();
    for (const { token } of [first, second]) expect(await app.me(token)).toBe(200); // from now on memory answers
    await vi.advanceTimersByTimeAsync(60_000);
    for (const { sessionId } of [first, second]) await vi.waitFor(async () => expect((await row(sessionId)).used).toBeLessThan(30));
    await anHourAgo();
    const before = await row(first.sessionId);
    const statements: string[] = [];
    const { db } = app.kit;
    const run = db.run.bind(db);
    Object.assign(db, { run: (query: { text: string }) => (statements.push(query.text), run(query as never)) });
    try {
      for (let i = 0; i < 5; i++) for (const { token } of [first, second]) expect(await app.me(token)).toBe(200);
      const touching = () => statements.filter((text) => text.startsWith('with "used"')).length;
      expect([touching(), (await row(first.sessionId)).used > 3000]).toEqual([0, true]);
      await vi.advanceTimersByTimeAsync(60_000);
      await vi.waitFor(async () => expect((await row(second.sessionId)).used).toBeLessThan(30));
      expect(touching()).toBe(1);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(touching()).toBe(1); // nothing new, nothing written
    } finally {
      Object.assign(db, { run });
    }
    const after = await row(first.sessionId);
    expect(after.used).toBeLessThan(30);
    expect(after.idle_at).toBe(before.idle_at); // B16: only a refresh puts the idle timeout off
  });

  it('moves forward only, and not where a session has ended', async () => {
    const [ahead, ended] = [await app.signedIn(), await app.signedIn()];
    for (const { token } of [ahead, ended]) expect(await app.me(token)).toBe(200);
    await app.owner.query(`update auth.sessions set last_used_at = now() + interval '1 hour' where id = $1`, [ahead.sessionId]);
    await app.owner.query(
      `update auth.sessions set last_used_at = now() - interval '1 hour', ended_at = now(), ended_because = 'test' where id = $1`,
      [ended.sessionId],
    );
    const witness = await app.signedIn();
    expect(await app.me(witness.token)).toBe(200);
    await app.owner.query(`update auth.sessions set last_used_at = now() - interval '1 hour' where id = $1`, [witness.sessionId]);
    await vi.advanceTimersByTimeAsync(60_000);
    await vi.waitFor(async () => expect((await row(witness.sessionId)).used).toBeLessThan(30));
    expect((await row(ahead.sessionId)).used).toBeLessThan(-3000);
    expect((await row(ended.sessionId)).used).toBeGreaterThan(3000);
  });

  it('waits for nobody: a row that another holds is passed over; and what is left is written at the end of the node', async () => {
    const [held, free] = [await app.signedIn(), await app.signedIn()];
    const node = await authApp({ database: app.database });
    for (const { token } of [held, free]) expect(await node.me(token)).toBe(200);
    await app.owner.query(`update auth.sessions set last_used_at = now() - interval '1 hour' where id = any ($1)`, [
      [held.sessionId, free.sessionId],
    ]);
    await app.owner.query('begin');
    try {
      await app.owner.query('select 1 from auth.sessions where id = $1 for update', [held.sessionId]);
      await node.stop();
    } finally {
      await app.owner.query('rollback');
    }
    expect([(await row(held.sessionId)).used > 3000, (await row(free.sessionId)).used < 30]).toEqual([true, true]);
  });

  it('survives a failed statement, and is bounded', async () => {
    const written: ReadonlyMap<string, number>[] = [];
    let broken = true;
    const touch = (used: ReadonlyMap<string, number>) =>
      broken ? Promise.reject(new Error('no database')) : Promise.resolve(void written.push(used));
    const [clock, warn] = [movableClock(), vi.fn()];
    const uses = new LastUses({ clock, logger: { warn } as never, what: 'sessions', touch });
    for (let i = 0; i < 25_000; i++) uses.note(`session-${i}`, clock.monotonic());
    await uses.flush();
    expect([written.length, warn.mock.calls.length]).toEqual([0, 1]);
    broken = false;
    clock.forward(60);
    uses.note('session-7', clock.monotonic());
    await uses.flush();
    await uses.flush();
    expect(written.map(({ size }) => size)).toEqual([20_000]);
    expect(written[0]!.get('session-8')).toBeGreaterThan(59);
    expect(written[0]!.get('session-7')).toBeLessThan(5);
  });
});

describe('timeouts', () => {
  it('B16: are those of the configuration, and refreshing puts off only the idle one', async () => {
    const env = { ACCESS_TOKEN_SECONDS: '60', REFRESH_TOKEN_SECONDS: '600', SESSION_ABSOLUTE_SECONDS: '3600' };
    const node = await authApp({ database: app.database, env });
    try {
      const person = await node.signedIn();
      expect(await row(person.sessionId)).toMatchObject({ idle: 600, absolute: 3600 });
      await app.owner.query(
        `update auth.sessions set idle_expires_at = now() + interval '20 seconds', absolute_expires_at = now() + interval '30 seconds' where id = $1`,
        [person.sessionId],
      );
      const reply = await node.refresh(person.refreshToken);
      expect(reply.json.data.expiresIn).toBeLessThanOrEqual(30);
      const { iat, exp } = decodeJwt(reply.json.data.accessToken);
      expect(exp! - iat!).toBeLessThanOrEqual(30);
      const shown = (await list(reply.json.data.accessToken))[0]!;
      expect(shown.expiresAt).toBe(shown.endsAt);
      const cookies = cookiesOf(await node.signIn(person, { delivery: 'cookie' }));
      expect(cookies['plinth_refresh']).toMatch(/Max-Age=(599|600);/);
    } finally {
      await node.stop();
    }
  });

  it('B16: the clock of a node decides nothing, be it a hundred days ahead or behind', async () => {
    for (const days of [100, -100]) {
      const clock = { now: () => new Date(Date.now() + days * 86_400_000), monotonic: () => performance.now() };
      const node = await authApp({ database: app.database, clock });
      try {
        const [lasting, idle, old] = [await app.signedIn(), await app.signedIn(), await app.signedIn()];
        await app.owner.query(`update auth.sessions set idle_expires_at = now() where id = $1`, [idle.sessionId]);
        await app.owner.query(`update auth.sessions set idle_expires_at = now(), absolute_expires_at = now() where id = $1`, [
          old.sessionId,
        ]);
        const statuses: number[] = [];
        for (const { refreshToken } of [lasting, idle, old]) statuses.push((await node.refresh(refreshToken)).status);
        expect([days, ...statuses]).toEqual([days, 200, 401, 401]);
        expect((await row(lasting.sessionId)).used).toBeLessThan(30);
      } finally {
        await node.stop();
      }
    }
  });

  it('B149: a session that nobody used for too long is ended, and the log tells so once', async () => {
    const [lasting, idle] = [await app.signedIn(), await app.signedIn()];
    await app.owner.query(`update auth.sessions set idle_expires_at = now() - interval '1 minute' where id = $1`, [idle.sessionId]);
    const { rows } = await app.owner.query<{ at: string }>(
      `select to_char(idle_expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at from auth.sessions where id = $1`,
      [idle.sessionId],
    );
    for (let i = 0; i < 2; i++) await app.kit.db.transaction((tx) => app.kit.jobs.enqueue(tx, cleanUp, {}));
    const told = async (sessionId: string) =>
      (
        await app.owner.query(
          `select job, subject_id, reason, payload from log.events where name = 'auth.session-expired' and payload->>'sessionId' = $1`,
          [sessionId],
        )
      ).rows;
    const { id: userId, sessionId } = idle;
    const fact = { job: 'auth.clean-up', subject_id: userId, reason: 'expired', payload: { userId, sessionId, endedAt: rows[0]!.at } };
    await expect.poll(() => told(sessionId), { timeout: 10_000 }).toEqual([fact]);
    const done = `select count(*)::int as left from pgboss.job where name = 'auth.clean-up' and state <> 'completed'`;
    await expect.poll(async () => (await app.owner.query(done)).rows[0].left, { timeout: 10_000 }).toBe(0);
    expect([await told(sessionId), await told(lasting.sessionId)]).toEqual([[fact], []]);
    expect((await app.refresh(lasting.refreshToken)).status).toBe(200);
  });

  it.each([
    [{ REFRESH_TOKEN_SECONDS: '86400', SESSION_ABSOLUTE_SECONDS: '3600' }, 'SESSION_ABSOLUTE_SECONDS: is less than REFRESH_TOKEN_SECONDS'],
    [{ REFRESH_TOKEN_SECONDS: '600', ACCESS_TOKEN_SECONDS: '900' }, 'REFRESH_TOKEN_SECONDS: is less than ACCESS_TOKEN_SECONDS'],
  ])('B16: those that contradict each other are refused: %j', (env, problem) => {
    expect(() => readConfig(env)).toThrow(problem);
  });
});
