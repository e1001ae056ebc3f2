import { race, tally, type CallReply } from '@plinth/kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authApp, cookiesOf, valueOf, type AuthApp, type SignedInPerson } from './auth.testing.ts';

let app: AuthApp;
beforeAll(async () => {
  app = await authApp();
});
afterAll(() => app?.stop());

const next = (reply: CallReply): string => reply.json.data.refreshToken as string;
/** Puts all rotations of a session this many seconds further into the past. */
const age = (sessionId: string, seconds: number) =>
  app.owner.query(
    `update auth.sessions set rotated_at = array(select at - make_interval(secs => $2) from unnest(rotated_at) with ordinality r (at, n) order by n) where id = $1`,
    [sessionId, seconds],
  );
const live = async (sessionId: string): Promise<{ live: boolean; counter: number }> => {
  const { rows } = await app.owner.query('select ended_at is null as live, refresh_counter as counter from auth.sessions where id = $1', [
    sessionId,
  ]);
  return rows[0];
};
const chain = async (person: SignedInPerson, length: number): Promise<string[]> => {
  const tokens = [person.refreshToken];
  for (let i = 0; i < length; i++) tokens.push(next(await app.refresh(tokens.at(-1)!)));
  return tokens;
};

describe('rotation', () => {
  it('gives new tokens of the same session, good for the next request', async () => {
    const person = await app.signedIn();
    const reply = await app.refresh(person.refreshToken);
    expect(reply.status).toBe(200);
    expect(reply.json.data).toMatchObject({ userId: person.id, sessionId: person.sessionId, expiresIn: 900 });
    expect(next(reply)).not.toBe(person.refreshToken);
    expect(await app.me(reply.json.data.accessToken)).toBe(200);
    expect(await app.facts(reply.requestId)).toEqual([]);
  });

  it('B2: of 16 parallel redemptions of one token, all get the same one descendant, three rounds long', async () => {
    const person = await app.signedIn();
    let token = person.refreshToken;
    for (let round = 1; round <= 3; round++) {
      const replies = await race(16, () => app.refresh(token));
      const answers = replies.map((reply) => (reply.status === 'fulfilled' ? `${reply.value.status} ${next(reply.value)}` : 'failed'));
      expect(Object.values(tally(answers))).toEqual([16]);
      expect(await live(person.sessionId)).toEqual({ live: true, counter: round });
      token = answers[0]!.split(' ')[1]!;
    }
    expect((await app.refresh(token)).status).toBe(200);
  });

  it('B3: the parent of the active token gets the current pair, at any time and without a fork', async () => {
    const person = await app.signedIn();
    const [first, second] = await chain(person, 1);
    await age(person.sessionId, 3600);
    for (let i = 0; i < 3; i++) expect(next(await app.refresh(first!))).toBe(second);
    expect(await live(person.sessionId)).toEqual({ live: true, counter: 1 });
    const third = next(await app.refresh(second!));
    expect(next(await app.refresh(second!))).toBe(third);
  });

  it('B3: a token rotated less than ten seconds ago gets the current pair, though it is not the parent', async () => {
    const person = await app.signedIn();
    const tokens = await chain(person, 3);
    await age(person.sessionId, 8);
    for (const token of tokens.slice(0, -1)) expect(next(await app.refresh(token))).toBe(tokens.at(-1));
    expect(await live(person.sessionId)).toEqual({ live: true, counter: 3 });
  });

  it('B4: an older token ends the session, which is a fact, and then no token of it works', async () => {
    const person = await app.signedIn();
    const other = await app.again(person);
    const tokens = await chain(person, 2);
    const { accessToken } = (await app.refresh(tokens[2]!)).json.data;
    await age(person.sessionId, 11);
    expect(await app.me(accessToken)).toBe(200);
    const replay = await app.refresh(tokens[0]!);
    expect([replay.status, replay.json.error.code]).toEqual([401, 'INVALID_REFRESH_TOKEN']);
    expect(await app.facts(replay.requestId)).toEqual(['auth.refresh-reuse-detected']);
    expect(await app.me(accessToken)).toBe(401);
    expect(await app.me(person.token)).toBe(401);
    for (const token of tokens) {
      const later = await app.refresh(token);
      expect([later.status, await app.facts(later.requestId)]).toEqual([401, []]);
    }
    expect(await app.me(other.token)).toBe(200);
    expect((await app.refresh(other.refreshToken)).status).toBe(200);
  });

  it('B4: 16 replays of a stolen token end the session once', async () => {
    const person = await app.signedIn();
    const tokens = await chain(person, 3);
    await age(person.sessionId, 60);
    const replies = await race(16, () => app.refresh(tokens[0]!));
    const facts: string[] = [];
    for (const reply of replies)
      facts.push(reply.status === 'fulfilled' ? [reply.value.status, ...(await app.facts(reply.value.requestId))].join(' ') : 'failed');
    expect(tally(facts)).toEqual({ '401 auth.refresh-reuse-detected': 1, '401': 15 });
  });

  it('B2: sessions that are refreshed at the same moment travel together, and each moves on once', async () => {
    const person = await app.person();
    const people = await Promise.all(Array.from({ length: 24 }, () => app.again(person)));
    const statements: string[] = [];
    const { db } = app.kit;
    const run = db.run.bind(db);
    Object.assign(db, { run: (query: { text: string }) => (statements.push(query.text), run(query as never)) });
    try {
      let tokens = people.map(({ refreshToken }) => refreshToken);
      for (let round = 1; round <= 3; round++) {
        const replies = await Promise.all(tokens.map((token) => app.refresh(token)));
        expect(replies.map(({ json }) => json.data?.sessionId)).toEqual(people.map(({ sessionId }) => sessionId));
        tokens = replies.map(next);
        for (const { sessionId } of people) expect(await live(sessionId)).toEqual({ live: true, counter: round });
      }
    } finally {
      Object.assign(db, { run });
    }
    expect(statements.filter((text) => /update "auth"."sessions"/.test(text)).length).toBeLessThan(3 * 24);
    expect(statements.some((text) => text.startsWith('with "asked"'))).toBe(true);
  });

  it('B2: where some of them are held by someone else, the others do not wait, and those move on afterwards', async () => {
    const person = await app.person();
    const people = await Promise.all(Array.from({ length: 12 }, () => app.again(person)));
    const [held, others] = [people.slice(0, 3), people.slice(3)];
    await app.owner.query('begin');
    await app.owner.query('select 1 from auth.sessions where id = any ($1) for update', [held.map(({ sessionId }) => sessionId)]);
    let answered = 0;
    const waiting = held.map(({ refreshToken }) => app.refresh(refreshToken).finally(() => answered++));
    try {
      for (const { refreshToken } of others) expect((await app.refresh(refreshToken)).status).toBe(200);
      expect(answered).toBe(0);
    } finally {
      await app.owner.query('commit');
    }
    expect(tally((await Promise.all(waiting)).map(({ status }) => status))).toEqual({ 200: 3 });
    for (const { sessionId } of people) expect(await live(sessionId)).toEqual({ live: true, counter: 1 });
  });

  it('B4: a stolen token is no luckier beside the active one, nor beside those of others', async () => {
    for (let round = 0; round < 5; round++) {
      const [person, other, third] = [await app.signedIn(), await app.signedIn(), await app.signedIn()];
      const tokens = await chain(person, 3);
      await age(person.sessionId, 60);
      const [, , stolen] = await Promise.all(
        [other.refreshToken, tokens[3]!, tokens[0]!, third.refreshToken].map((token) => app.refresh(token)),
      );
      expect([stolen!.status, await app.facts(stolen!.requestId)]).toEqual([401, ['auth.refresh-reuse-detected']]);
      expect((await live(person.sessionId)).live).toBe(false);
      for (const { sessionId } of [other, third]) expect(await live(sessionId)).toEqual({ live: true, counter: 1 });
    }
  });

  it('a token from after the moment that the database was restored to is refused, which is no theft', async () => {
    const person = await app.signedIn();
    const tokens = await chain(person, 2);
    await app.owner.query('update auth.sessions set refresh_counter = 0 where id = $1', [person.sessionId]);
    const reply = await app.refresh(tokens[2]!);
    expect([reply.status, await app.facts(reply.requestId), await live(person.sessionId)]).toEqual([401, [], { live: true, counter: 0 }]);
  });

  it('B5: rotation outlives the process: another one refuses what the first had rotated', async () => {
    const person = await app.signedIn();
    const tokens = await chain(person, 3);
    await age(person.sessionId, 60);
    const restarted = await authApp({ database: app.database });
    try {
      expect(await restarted.me(person.token)).toBe(200);
      expect((await restarted.refresh(tokens[0]!)).status).toBe(401);
      expect((await restarted.refresh(tokens[3]!)).status).toBe(401);
    } finally {
      await restarted.stop();
    }
  });

  it('B6, B11: nothing is refreshed and no token is taken from the request after a suspension or deletion', async () => {
    const admin = await app.signedIn('admin');
    for (const [method, path, body] of [
      ['POST', '/suspend', { reason: 'for the test' }],
      ['DELETE', '', undefined],
    ] as const) {
      const person = await app.signedIn();
      expect(await app.me(person.token)).toBe(200);
      expect((await app.call(method, `/api/v1/users/${person.id}${path}`, { token: admin.token, body })).status).toBeLessThan(300);
      expect(await app.me(person.token)).toBe(401);
      expect((await app.refresh(person.refreshToken)).status).toBe(401);
      expect((await app.signIn(person)).status).toBe(401);
    }
  });

  it('B6: a sign-in that races a suspension leaves no session', async () => {
    const admin = await app.signedIn('admin');
    for (let round = 0; round < 3; round++) {
      const person = await app.person();
      const tokens: string[] = [];
      await race(5, async (i) => {
        if (i === 4) return app.call('POST', `/api/v1/users/${person.id}/suspend`, { token: admin.token, body: { reason: 'race' } });
        const reply = await app.signIn(person);
        if (reply.status === 200) tokens.push(reply.json.data.accessToken as string);
        return reply;
      });
      for (const token of tokens) expect(await app.me(token)).toBe(401);
      expect((await app.owner.query('select 1 from auth.sessions where user_id = $1 and ended_at is null', [person.id])).rowCount).toBe(0);
    }
  });

  it('B7: a token given as a cookie is refused in a body, and not used up by it', async () => {
    const person = await app.person();
    const cookie = valueOf(cookiesOf(await app.signIn(person, { delivery: 'cookie' }))['plinth_refresh']!);
    expect((await app.refresh(cookie)).status).toBe(401);
    const right = await app.call('POST', '/api/v1/auth/refresh', {
      headers: { cookie: `plinth_refresh=${cookie}`, origin: 'http://localhost:3000' },
    });
    expect(right.status).toBe(200);
    const { refreshToken } = await app.signedIn();
    const wrong = await app.call('POST', '/api/v1/auth/refresh', {
      headers: { cookie: `plinth_refresh=${refreshToken}`, origin: 'http://localhost:3000' },
    });
    expect(wrong.status).toBe(401);
    expect((await app.refresh(refreshToken)).status).toBe(200);
  });

  it('B16: idle and absolute timeouts end a session by the clock of the database', async () => {
    for (const column of ['idle_expires_at', 'absolute_expires_at']) {
      const person = await app.signedIn();
      const set = column === 'absolute_expires_at' ? 'idle_expires_at = now(), absolute_expires_at = now()' : 'idle_expires_at = now()';
      await app.owner.query(`update auth.sessions set ${set} where id = $1`, [person.sessionId]);
      expect((await app.refresh(person.refreshToken)).status).toBe(401);
      expect(await app.me(person.token)).toBe(401); // first sight of this token
    }
  });

  it('B19: a dump of the database holds no token, and nothing in it is taken for one', async () => {
    const person = await app.signedIn();
    const { rows } = await app.owner.query('select * from auth.sessions where id = $1', [person.sessionId]);
    const dump = (
      await app.owner.query<{ row: string }>(
        'select s::text as row from auth.sessions s where id = $1 union all select k::text from auth.signing_keys k',
        [person.sessionId],
      )
    ).rows
      .map(({ row }) => row)
      .join('\n');
    const bytes = Buffer.from(person.refreshToken.slice(4), 'base64url');
    expect(dump).toContain(person.sessionId);
    for (const secret of [person.refreshToken, person.token, bytes.subarray(20).toString('hex'), bytes.subarray(20).toString('base64url')])
      expect(dump).not.toContain(secret);
    const secret: Buffer = rows[0].family_secret;
    for (const mac of [secret, Buffer.alloc(32)])
      expect((await app.refresh(`plr_${Buffer.concat([bytes.subarray(0, 20), mac]).toString('base64url')}`)).status).toBe(401);
    expect((await app.refresh(person.refreshToken)).status).toBe(200);
  });

  it('refuses what is no refresh token', async () => {
    const { refreshToken, token } = await app.signedIn();
    for (const wrong of [
      'x',
      'plr_',
      `${refreshToken}x`,
      refreshToken.slice(0, -1),
      refreshToken.replace('plr_', ''),
      token.slice(0, 200),
    ]) {
      expect([wrong, (await app.refresh(wrong)).json.error.code]).toEqual([wrong, 'INVALID_REFRESH_TOKEN']);
    }
    const bytes = Buffer.from(refreshToken.slice(4), 'base64url');
    for (const counter of [1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]) {
      bytes.writeUInt32BE(counter, 16);
      const forged = `plr_${bytes.toString('base64url')}`;
      expect([counter, (await app.refresh(forged)).json.error.code]).toEqual([counter, 'INVALID_REFRESH_TOKEN']);
      expect((await app.call('POST', '/api/v1/auth/sign-out', { body: { refreshToken: forged } })).status).toBe(204);
    }
    expect((await app.refresh(refreshToken)).status).toBe(200);
    const none = await app.call('POST', '/api/v1/auth/refresh');
    expect(none.json.error.code).toBe('INVALID_REFRESH_TOKEN');
  });
});
