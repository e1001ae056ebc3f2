import { coreApp, type CoreApp } from '@plinth/core/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { features } from '../../store/src/features.ts';
import { PASSWORD, type Person, person, Wire } from './client.testing.ts';
import { createClient, memoryStore, type RealtimeError, unwrap } from './index.ts';

// The client follows projects of the store, on a server that is stopped and started anew under it.

let app: CoreApp;
let admin: Person;
/** Every socket that was opened. */
const sockets: WebSocket[] = [];
class Counted extends WebSocket {
  constructor(url: string, protocol: string) {
    super(url, protocol);
    sockets.push(this);
  }
  /** Of another history: what is resumed from is no offset of this one. */
  static strange = false;
  override send(data: string): void {
    const said = JSON.parse(data) as { since?: string };
    super.send(JSON.stringify(Counted.strange && said.since !== undefined ? { ...said, since: 'of-another-history' } : said));
  }
}
beforeAll(async () => {
  app = await coreApp(features);
  admin = await person(app, 'admin');
});
afterAll(() => app?.stop());
const people: Person[] = [];
beforeEach(() => {
  vi.stubGlobal('WebSocket', Counted);
  sockets.length = 0;
});
afterEach(() => {
  vi.unstubAllGlobals();
  people.splice(0).forEach(({ client }) => client.close());
});
const someone = async (...parameters: Parameters<typeof person>): Promise<Person> => {
  const made = await person(...parameters);
  people.push(made);
  return made;
};
const makeProject = async ({ client }: Person) => unwrap(await client.POST('/api/v1/projects', { body: { name: 'Apollo' } }));
const rename = async ({ client }: Person, id: string, name: string): Promise<number> =>
  unwrap(await client.PATCH('/api/v1/projects/{projectId}', { params: { path: { projectId: id } }, body: { name } })).version;

/** Follows a channel, and writes down what it was told. */
function follow({ client }: Pick<Person, 'client'>, channel: string) {
  const told: string[] = [];
  const versions: number[] = [];
  const leave = client.realtime.subscribe(channel, {
    onEvent: ({ event, data }) => event === 'projects.updated' && versions.push((data as { version: number }).version),
    onMessage: ({ data }) => told.push(`message ${JSON.stringify(data)}`),
    onReload: (why) => told.push(why),
    onResumed: () => told.push('resumed'),
    onError: ({ code }: RealtimeError) => told.push(code),
  });
  return { told, versions, leave };
}

test('follows, says when to read the state, tells what happens; two who follow the same are one for the server', async () => {
  const ada = await someone(app, 'member');
  const project = await makeProject(ada);
  const channel = `project:${project.id}`;
  const first = follow(ada, channel);
  await expect.poll(() => first.told).toEqual(['first']);
  const second = follow(ada, channel);
  await expect.poll(() => second.told).toEqual(['first']);
  await rename(ada, project.id, 'Artemis');
  await expect.poll(() => [first.versions, second.versions]).toEqual([[2], [2]]);
  first.leave();
  await rename(ada, project.id, 'Gemini');
  await expect.poll(() => second.versions).toEqual([2, 3]);
  expect([first.versions, sockets.length, ada.client.realtime.status]).toEqual([[2], 1, 'open']);

  const strange = follow(await someone(app, 'member'), channel);
  await expect.poll(() => strange.told).toEqual(['FORBIDDEN']);
  await expect(ada.client.realtime.publish('user:nobody', {})).rejects.toThrow('NOT_SUBSCRIBED');
});

test('messages, and who is there', async () => {
  const ada = await someone(app, 'member');
  const channel = `user:${ada.userId}`;
  const heard = follow(ada, channel);
  await expect.poll(() => heard.told).toEqual(['first']);
  app.kit.realtime.say(channel, { progress: 0.4 });
  await expect.poll(() => heard.told).toEqual(['first', 'message {"progress":0.4}']);
});

test('S105: comes back by itself after a server went away, hears what it missed, each once and in order', { timeout: 40_000 }, async () => {
  const node = await coreApp(features, { database: app.database });
  const { port } = new URL(node.url);
  const ada = await someone(app, 'member');
  const store = memoryStore();
  const elsewhere = createClient({ baseUrl: node.url, store, fetch: new Wire().fetch });
  unwrap(await elsewhere.signIn({ email: ada.email, password: PASSWORD }));
  const project = await makeProject(ada);
  const heard = follow({ client: elsewhere }, `project:${project.id}`);
  await expect.poll(() => heard.told).toEqual(['first']);
  const statuses: string[] = [];
  elsewhere.realtime.onStatus(() => statuses.push(elsewhere.realtime.status));
  await rename(ada, project.id, 'v2');
  await expect.poll(() => heard.versions).toEqual([2]);

  await node.stop();
  await expect.poll(() => statuses).toContain('waiting');
  for (let n = 3; n <= 6; n++) await rename(ada, project.id, `v${n}`);
  const again = await coreApp(features, { database: app.database, env: { PORT: port } });
  await expect.poll(() => heard.versions, { timeout: 20_000 }).toEqual([2, 3, 4, 5, 6]);
  await rename(ada, project.id, 'v7');
  await expect.poll(() => heard.versions).toEqual([2, 3, 4, 5, 6, 7]);
  expect(heard.told).toEqual(['first', 'resumed']); // nothing was missed, so nothing is read anew
  elsewhere.close();
  await again.stop();
});

test('S105: where it cannot be known what was missed, it is told to read the state again', async () => {
  const ada = await someone(app, 'member');
  const project = await makeProject(ada);
  const heard = follow(ada, `project:${project.id}`);
  await expect.poll(() => heard.told).toEqual(['first']);
  await rename(ada, project.id, 'v2');
  await expect.poll(() => heard.versions).toEqual([2]);
  // As after a restore of the database.
  Counted.strange = true;
  sockets.at(-1)!.close(4000);
  await expect.poll(() => heard.told).toEqual(['first', 'gap']);
  Counted.strange = false;
  await rename(ada, project.id, 'v3');
  await expect.poll(() => heard.versions).toEqual([2, 3]);
});

test('S103: shows a fresh token on the open connection before the old one ends, and never leaves', { timeout: 60_000 }, async () => {
  const node = await coreApp(features, { database: app.database, env: { ACCESS_TOKEN_SECONDS: '31' } });
  const ada = await someone(node, 'member');
  const project = await makeProject(ada);
  const heard = follow(ada, `project:${project.id}`);
  await expect.poll(() => heard.told).toEqual(['first']);
  await expect.poll(() => ada.wire.count('/auth/refresh'), { timeout: 10_000 }).toBeGreaterThan(1);
  await rename(ada, project.id, 'v2');
  await expect.poll(() => heard.versions).toEqual([2]);
  expect([sockets.length, heard.told]).toEqual([1, ['first']]);
  ada.client.close();
  await node.stop();
});

test('S103: a session that is over stops it for good; the next sign-in starts it again', async () => {
  const ada = await someone(app, 'member');
  const heard = follow(ada, `user:${ada.userId}`);
  await expect.poll(() => heard.told).toEqual(['first']);
  unwrap(
    await admin.client.POST('/api/v1/account/users/{userId}/end-sessions', {
      params: { path: { userId: ada.userId } },
      body: { reason: 'test' },
    }),
  );
  await expect.poll(() => ada.client.realtime.status).toBe('ended');
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect([sockets.length, ada.client.session.current]).toEqual([1, null]);
  unwrap(await ada.client.signIn({ email: ada.email, password: PASSWORD }));
  await expect.poll(() => heard.told).toEqual(['first', 'first']);
  expect(sockets).toHaveLength(2);
});

test('S103: after a fresh proof the connection of the old session comes back with the new token', async () => {
  const ada = await someone(app, 'member');
  const heard = follow(ada, `user:${ada.userId}`);
  await expect.poll(() => heard.told).toEqual(['first']);
  const proved = unwrap(await ada.client.POST('/api/v1/auth/step-up', { body: { password: PASSWORD } }));
  expect(ada.client.session.start(proved)).toBe(true);
  await expect.poll(() => sockets.at(-1)!.readyState === 1 && ada.client.realtime.status).toBe('open');
  app.kit.realtime.say(`user:${ada.userId}`, 1);
  await expect.poll(() => heard.told).toContain('message 1');
  expect(ada.client.session.current?.sessionId).toBe((proved as { sessionId: string }).sessionId);
});

test('S102: a permission that is taken away is told, and nothing of the channel comes after it', async () => {
  const [ada, viewer] = [await someone(app, 'member'), await someone(app, 'member')];
  const project = await makeProject(ada);
  const path = { projectId: project.id };
  unwrap(
    await ada.client.POST('/api/v1/projects/{projectId}/members', { params: { path }, body: { userId: viewer.userId, role: 'viewer' } }),
  );
  const heard = follow(viewer, `project:${project.id}`);
  await expect.poll(() => heard.told).toEqual(['first']);
  await ada.client.DELETE('/api/v1/projects/{projectId}/members/{userId}', { params: { path: { ...path, userId: viewer.userId } } });
  await expect.poll(() => heard.told).toEqual(['first', 'FORBIDDEN']);
  const before = [...heard.versions];
  await rename(ada, project.id, 'secret');
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(heard.versions).toEqual(before);
});
