import { race } from '@plinth/kit/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { authApp, type AuthApp } from './auth.testing.ts';

let app: AuthApp;
beforeAll(async () => {
  app = await authApp();
});
afterAll(() => app?.stop());

it('B2: of 16 parallel redemptions of one token, all get the same one descendant, 100 rounds long', async () => {
  const person = await app.signedIn();
  let token = person.refreshToken;
  for (let round = 1; round <= 100; round++) {
    const replies = await race(16, () => app.refresh(token));
    const descendants = new Set(
      replies.map((reply) => (reply.status === 'fulfilled' ? (reply.value.json.data?.refreshToken as string) : String(reply.reason))),
    );
    expect(descendants.size).toBe(1);
    const { rows } = await app.owner.query('select ended_at, refresh_counter from auth.sessions where id = $1', [person.sessionId]);
    expect(rows).toEqual([{ ended_at: null, refresh_counter: round }]);
    [token] = [...descendants] as [string];
  }
});
