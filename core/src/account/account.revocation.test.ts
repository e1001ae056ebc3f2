import { uuidv7 } from '@plinth/kit';
import { race, tally } from '@plinth/kit/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authApp, type AuthApp, type SignedInPerson } from '../auth/auth.testing.ts';
import { account } from './index.ts';

let app: AuthApp;
let second: AuthApp;
const backends = async (): Promise<number[]> =>
  (
    await app.owner.query<{ pid: number }>(
      `select pid from pg_stat_activity where datname = current_database() and application_name = 'plinth'`,
    )
  ).rows.map(({ pid }) => pid);
beforeAll(async () => {
  app = await authApp({}, [account]);
  second = await authApp({ database: app.database }, [account]);
});
afterAll(async () => {
  await second?.stop();
  await app?.stop();
});

const status = async (node: AuthApp, { token }: SignedInPerson): Promise<number> => {
  const statuses = [await node.me(token), (await node.call('GET', '/api/v1/auth/sessions', { token })).status];
  expect(new Set(statuses).size).toBe(1);
  return statuses[0]!;
};
/** Milliseconds until a node refuses; it is asked all the time, so that it remembers whatever it may. */
async function refusedAfter(node: AuthApp, since: number, { token }: SignedInPerson): Promise<number> {
  while ((await node.me(token)) !== 401) {
    if (performance.now() - since > 5000) throw new Error('never refused');
    await sleep(10);
  }
  return performance.now() - since;
}
const del = ({ token }: SignedInPerson, path: string) => app.call('DELETE', `/api/v1/${path}`, { token });
const post = ({ token }: SignedInPerson, path: string, body: object) => app.call('POST', `/api/v1/${path}`, { token, body });

interface Case {
  readonly what: string;
  readonly act: (victim: SignedInPerson, own: SignedInPerson, admin: SignedInPerson) => Promise<{ status: number }>;
  /** Whether the session that is not the victim goes on. */
  readonly spares: boolean;
}
const CASES: readonly Case[] = [
  { what: 'one session is ended', act: (victim, own) => del(own, `auth/sessions/${victim.sessionId}`), spares: true },
  { what: 'all others are ended', act: (_victim, own) => del(own, 'auth/sessions'), spares: true },
  { what: 'all are ended', act: (_victim, own) => del(own, 'account/sessions'), spares: false },
  { what: 'it signs out', act: (victim) => post(victim, 'auth/sign-out', {}), spares: true },
  {
    what: 'an administrator ends all',
    act: (victim, _own, admin) => post(admin, `account/users/${victim.id}/end-sessions`, { reason: 'Lost laptop' }),
    spares: false,
  },
  {
    what: 'the user is suspended',
    act: (victim, _own, admin) => post(admin, `users/${victim.id}/suspend`, { reason: 'for the test' }),
    spares: false,
  },
];

describe('B10: revocation on two nodes', () => {
  it.each(CASES)('B10: when $what, this node refuses the next request and the other one within a second', async ({ act, spares }) => {
    const [admin, own] = [await app.signedIn('admin'), await app.signedIn()];
    const victim = await app.again(own);
    for (const node of [app, second]) for (const who of [victim, own]) expect(await status(node, who)).toBe(200);
    expect((await act(victim, own, admin)).status).toBeLessThan(300);
    const since = performance.now();
    expect(await status(app, victim)).toBe(401);
    expect(await refusedAfter(second, since, victim)).toBeLessThan(1000);
    for (const node of [app, second]) expect((await node.refresh(victim.refreshToken)).status).toBe(401);
    if (!spares) await refusedAfter(second, since, own);
    for (const node of [app, second]) expect(await status(node, own)).toBe(spares ? 200 : 401);
  });

  it('B10: also when the other node loses all its connections in that moment', async () => {
    const before = await backends();
    const third = await authApp({ database: app.database }, [account]);
    try {
      const own = await app.signedIn();
      const victim = await app.again(own);
      expect([await third.me(victim.token), await third.me(own.token)]).toEqual([200, 200]);
      const cut = (await backends()).filter((pid) => !before.includes(pid));
      expect(cut.length).toBeGreaterThan(0);
      await app.kit.db.run({ text: 'select pg_terminate_backend(pid) from unnest($1::int[]) pid', values: [cut] });
      expect((await del(own, `auth/sessions/${victim.sessionId}`)).status).toBe(204);
      expect(await refusedAfter(third, performance.now(), victim)).toBeLessThan(1000);
      expect(await third.me(own.token)).toBe(200);
    } finally {
      await third.stop();
    }
  });

  it('B10: and when it hears nothing at all of what ends: after a second of silence it asks for each session', async () => {
    const own = await app.signedIn();
    const victim = await app.again(own);
    const { db } = second.kit;
    const run = db.run.bind(db);
    const waiting: (() => void)[] = [];
    const silent = (query: { text: string }) =>
      query.text.includes('"auth"."revoked"')
        ? new Promise((_resolve, reject) => waiting.push(() => reject(new Error('silence'))))
        : run(query as never);
    Object.assign(db, { run: silent });
    try {
      expect(await second.me(victim.token)).toBe(200);
      expect((await del(own, `auth/sessions/${victim.sessionId}`)).status).toBe(204);
      expect(await refusedAfter(second, performance.now(), victim)).toBeLessThan(1000);
      expect(await second.me(own.token)).toBe(200);
    } finally {
      Object.assign(db, { run });
      waiting.forEach((end) => end());
    }
  });
});

describe('ending sessions', () => {
  it('B12: of 16 who end the same session at once, one does, and it is one fact', async () => {
    const own = await app.signedIn();
    for (let round = 0; round < 3; round++) {
      const victim = await app.again(own);
      const replies = await race(16, (i) =>
        (i % 2 === 0 ? app : second).call('DELETE', `/api/v1/auth/sessions/${victim.sessionId}`, { token: own.token }),
      );
      const answers: string[] = [];
      for (const reply of replies)
        answers.push(reply.status === 'fulfilled' ? [reply.value.status, ...(await app.facts(reply.value.requestId))].join(' ') : 'failed');
      expect(tally(answers)).toEqual({ '204 auth.session-revoked': 1, '404': 15 });
    }
  });

  it('B12: the session of another is answered like one that does not exist', async () => {
    const [own, other] = [await app.signedIn(), await app.signedIn()];
    const said = async (sessionId: string): Promise<unknown> => {
      const reply = await del(own, `auth/sessions/${sessionId}`);
      const { requestId: _, ...error } = reply.json.error;
      return [reply.status, error, await app.facts(reply.requestId)];
    };
    expect(await said(other.sessionId)).toEqual(await said(uuidv7()));
    expect(await app.me(other.token)).toBe(200);
  });

  it('B13: asks for no more than seeing one’s profile: whoever finds a stranger there can end it at once', async () => {
    const own = await app.signedIn();
    const stranger = await app.again(own);
    await app.owner.query(`update auth.sessions set proved_at = now() - interval '30 days' where id = $1`, [own.sessionId]);
    const { accessToken: token } = (await app.refresh(own.refreshToken)).json.data;
    expect((await app.call('GET', '/api/v1/account/export', { token })).json.error.code).toBe('INSUFFICIENT_USER_AUTHENTICATION');
    for (const path of ['users/me', 'auth/sessions']) expect((await app.call('GET', `/api/v1/${path}`, { token })).status).toBe(200);
    expect((await app.call('DELETE', `/api/v1/auth/sessions/${stranger.sessionId}`, { token })).status).toBe(204);
    expect((await app.call('DELETE', '/api/v1/auth/sessions', { token })).status).toBe(200);
  });

  it('B9: a role is no part of a session: given and taken, it counts for the session that stands', async () => {
    const [admin, own] = [await app.signedIn('admin'), await app.signedIn()];
    const may = async (node: AuthApp): Promise<number> => (await node.call('GET', '/api/v1/users', { token: own.token })).status;
    const both = async (status: number): Promise<void> => {
      const since = performance.now();
      expect(await may(app)).toBe(status);
      while ((await may(second)) !== status) {
        if (performance.now() - since > 1000) throw new Error(`not ${status} on the other node after a second`);
        await sleep(10);
      }
    };
    await both(403);
    const given = await post(admin, 'access/assignments', { userId: own.id, role: 'admin' });
    expect(given.status, given.text).toBe(201);
    await both(200);
    expect((await del(admin, `access/assignments/${given.json.data.id}`)).status).toBeLessThan(300);
    await both(403);
    expect((await app.call('GET', '/api/v1/auth/sessions', { token: own.token })).json.data).toMatchObject([{ id: own.sessionId }]);
  });
});
