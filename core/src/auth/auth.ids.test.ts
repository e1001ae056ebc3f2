import { afterAll, beforeAll, expect, it } from 'vitest';
import { authApp, type AuthApp } from './auth.testing.ts';

let app: AuthApp;
beforeAll(async () => {
  app = await authApp();
});
afterAll(() => app?.stop());

it('B10: a user who is suspended by an id in capitals is out at once, like by any spelling', async () => {
  const [admin, person] = [await app.signedIn('admin'), await app.signedIn()];
  const me = async () => (await app.call('GET', '/api/v1/access/me', { token: person.token })).status;
  expect(await me()).toBe(200);
  const suspended = await app.call('POST', `/api/v1/users/${person.id.toUpperCase()}/suspend`, {
    token: admin.token,
    body: { reason: 'for the test' },
  });
  expect(suspended.status).toBe(200);
  expect(await me()).toBe(401);
});
