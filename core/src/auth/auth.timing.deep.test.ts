import { afterAll, beforeAll, expect, it } from 'vitest';
import { authApp, type AuthApp } from './auth.testing.ts';

let app: AuthApp;
beforeAll(async () => {
  app = await authApp();
});
afterAll(() => app?.stop());

const TRIALS = 200;

it('B20: over 200 interleaved trials, the medians of every kind of failed sign-in lie within noise', { timeout: 120_000 }, async () => {
  const { token } = await app.signedIn('admin');
  const [wrong, suspended, bare] = [await app.person(), await app.person(), await app.person('member', null)];
  await app.call('POST', `/api/v1/users/${suspended.id}/suspend`, { token, body: { reason: 'for the test' } });
  const times = new Map<string, number[]>();
  for (let i = 0; i < TRIALS; i++) {
    await app.owner.query('delete from auth.attempts'); // a locked account answers at once
    for (const [kind, email] of [
      ['wrong', wrong.email],
      ['unknown', `u${i}@example.com`],
      ['suspended', suspended.email],
      ['no password', bare.email],
    ] as const) {
      const start = performance.now();
      const { status } = await app.signIn({ ...wrong, email, password: 'not the right one at all' });
      times.set(kind, [...(times.get(kind) ?? []), performance.now() - start]);
      expect(status).toBe(401);
    }
  }
  const medians = [...times].map(([kind, values]) => [kind, values.toSorted((a, b) => a - b)[TRIALS / 2]!] as const);
  const all = medians.map(([, median]) => median);
  expect(Math.max(...all) / Math.min(...all)).toBeLessThan(1.05);
});
