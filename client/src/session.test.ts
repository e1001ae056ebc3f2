import { coreApp, type CoreApp } from '@plinth/core/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { features } from '../../store/src/features.ts';
import { PASSWORD, type Person, person, spoilToken, Wire } from './client.testing.ts';
import { createClient, memoryStore, textStore, type TokenStore } from './index.ts';

let app: CoreApp;
beforeAll(async () => {
  app = await coreApp(features);
});
afterAll(() => app?.stop());

const withStore = async (role: 'member' | 'admin' = 'member'): Promise<Person & { store: TokenStore; spoil(): void }> => {
  const store = memoryStore();
  const someone = await person(app, role, { store });
  return { ...someone, store, spoil: () => spoilToken(someone, store.read()!) };
};
const me = ({ client }: Pick<Person, 'client'>) => client.GET('/api/v1/users/me');

test('B3: twenty calls with a token that has ended ask for one new one, and all go through', async () => {
  const someone = await withStore();
  someone.spoil();
  const answers = await Promise.all(Array.from({ length: 20 }, () => me(someone)));
  expect(answers.map(({ response }) => response.status)).toEqual(Array.from({ length: 20 }, () => 200));
  expect(someone.wire.count('/auth/refresh')).toBe(1);
  // What comes late with the old token finds a newer one there.
  await me(someone);
  expect(someone.wire.count('/auth/refresh')).toBe(1);
});

test('B3: the same with tokens that no other tab could know', async () => {
  const someone = await person(app, 'member');
  const { json } = await app.call('POST', '/api/v1/auth/sign-in', { body: { email: someone.email, password: PASSWORD } });
  spoilToken(someone, (json as { data: { refreshToken: string; userId: string; sessionId: string } }).data);
  const answers = await Promise.all(Array.from({ length: 20 }, () => me(someone)));
  expect(answers.every(({ response }) => response.status === 200)).toBe(true);
  expect(someone.wire.count('/auth/refresh')).toBe(1);
});

test('a token is renewed before it ends, not after a refusal', async () => {
  const someone = await withStore();
  const { accessToken, refreshToken, userId, sessionId } = someone.store.read()!;
  someone.client.session.start({ status: 'signed-in', accessToken, refreshToken, userId, sessionId, expiresIn: 5 });
  expect((await me(someone)).data?.data.id).toBe(userId);
  expect(someone.wire.paths()).toEqual(['POST /api/v1/auth/refresh', 'GET /api/v1/users/me']);
});

test('B3: a refresh whose answer was lost is asked for again, and the session stands', async () => {
  const someone = await withStore();
  someone.spoil();
  let lost = 0;
  someone.wire.meddle = ({ url }) => (url.endsWith('/auth/refresh') && lost++ < 2 ? 'lose' : 'pass');
  expect((await me(someone)).response.status).toBe(200);
  expect(someone.wire.count('/auth/refresh')).toBe(3);
  someone.spoil();
  expect((await me(someone)).response.status).toBe(200);
});

test('without a network nobody is signed out', async () => {
  const someone = await withStore();
  someone.spoil();
  someone.wire.meddle = ({ url }) => (url.endsWith('/auth/refresh') ? 'cut' : 'pass');
  expect((await me(someone)).error?.code).toBe('INVALID_TOKEN');
  expect(someone.client.session.current?.userId).toBe(someone.userId);
  someone.wire.meddle = () => 'pass';
  expect((await me(someone)).response.status).toBe(200);
});

test('a session that is over is told once, and not asked for again', async () => {
  const someone = await withStore();
  let told = 0;
  someone.client.session.subscribe(() => told++);
  const admin = await person(app, 'admin');
  const { response } = await admin.client.POST('/api/v1/account/users/{userId}/end-sessions', {
    params: { path: { userId: someone.userId } },
    body: { reason: 'test' },
  });
  expect(response.ok).toBe(true);
  expect((await Promise.all([me(someone), me(someone), me(someone)])).map(({ response }) => response.status)).toEqual([401, 401, 401]);
  expect([someone.wire.count('/auth/refresh'), told, someone.client.session.current]).toEqual([1, 1, null]);
  expect(someone.store.read()).toBeNull();
  expect((await me(someone)).error?.code).toBe('SIGN_IN_REQUIRED');
  expect(someone.wire.count('/auth/refresh')).toBe(1);
});

test('wrong codes and passwords ask for no new token', async () => {
  const someone = await withStore();
  const { error } = await someone.client.POST('/api/v1/auth/step-up', { body: { password: 'wrong' } });
  expect(error?.code).toBe('WRONG_PASSWORD');
  expect(someone.wire.count('/auth/refresh')).toBe(0);
});

test('signing out ends the session on the server, also with a token that has ended', async () => {
  const someone = await withStore();
  const { refreshToken } = someone.store.read()!;
  someone.spoil();
  expect(await someone.client.session.signOut()).toBe(true);
  expect(someone.client.session.current).toBeNull();
  const again = await app.call('POST', '/api/v1/auth/refresh', { body: { refreshToken } });
  expect(again.status).toBe(401);
});

test('a fresh proof goes on with its tokens, whatever an older refresh answers', async () => {
  const someone = await withStore();
  const old = someone.store.read()!;
  const { data } = await someone.client.POST('/api/v1/auth/step-up', { body: { password: PASSWORD } });
  // The refresh began before, and is answered after: its token is of the past by then.
  let answered: (() => void) | undefined;
  someone.wire.meddle = () => 'pass';
  const slow = createClient({
    baseUrl: app.url,
    store: someone.store,
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      if ((input as Request).url.endsWith('/refresh')) await new Promise<void>((resolve) => (answered = resolve));
      return response;
    },
  });
  someone.store.write(old);
  const renewing = slow.session.renew();
  await expect.poll(() => answered).toBeDefined();
  expect(slow.session.start(data!.data)).toBe(true);
  answered!();
  expect(await renewing).toBe('renewed');
  expect(slow.session.current?.sessionId).toBe((data!.data as { sessionId: string }).sessionId);
  expect((await me({ client: slow })).response.status).toBe(200);
  slow.close();
});

test('two clients with one store renew once between them', async () => {
  const texts = new Map<string, string>();
  const store = textStore({
    getItem: (name) => texts.get(name) ?? null,
    setItem: (name, value) => void texts.set(name, value),
    removeItem: (name) => void texts.delete(name),
  });
  const first = await person(app, 'member', { store });
  const wire = new Wire();
  const second = createClient({ baseUrl: app.url, store, fetch: wire.fetch });
  expect(second.session.current?.userId).toBe(first.userId);
  const tokens = store.read()!;
  store.write({ ...tokens, accessToken: 'eyJhbGciOiJFZERTQSJ9.e30.c3BvaWxlZA' });
  const answers = await Promise.all([me(first), me({ client: second }), me(first), me({ client: second })]);
  expect(answers.map(({ response }) => response.status)).toEqual([200, 200, 200, 200]);
  expect(first.wire.count('/auth/refresh') + wire.count('/auth/refresh')).toBe(1);

  await first.client.session.signOut();
  await expect.poll(() => second.session.current).toBeNull();
  first.client.close();
  second.close();
});
