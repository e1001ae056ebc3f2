import { coreApp, RealtimeClient, startReceiver, type CoreApp } from '@plinth/core/testing';
import { type Actor } from '@plinth/kit/testing';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { features } from '../../features.ts';
import type { Project } from './contract.ts';
import { addMember, emailOf, invite, makeProject } from './projects.fixtures.ts';

// What others hear of a project: on open connections, by mail, and by webhook.

let app: CoreApp;
let node: CoreApp;
let admin: Actor;
let owner: Actor;
beforeAll(async () => {
  app = await coreApp(features);
  node = await coreApp(features, { database: app.database });
  [admin, owner] = await Promise.all([app.as('admin'), app.as('member')]);
});
afterAll(async () => {
  await node?.stop();
  await app?.stop();
});
const clients: RealtimeClient[] = [];
afterEach(() => clients.splice(0).forEach((client) => client.kill()));

const connect = async (who: Actor, on = app): Promise<RealtimeClient> => {
  const client = await RealtimeClient.open(on.url, who.token);
  clients.push(client);
  return client;
};
const call = (who: Actor, method: string, path: string, body?: unknown) =>
  app.call(method, `/api/v1${path}`, { token: who.token, ...(body !== undefined && { body }) });
const rename = async (who: Actor, { id }: Project, name: string): Promise<void> =>
  expect((await call(who, 'PATCH', `/projects/${id}`, { name })).status).toBe(200);
type Said = { type: string; channel?: string; event?: string; data?: Record<string, unknown>; code?: string };
const isEvent = (event: string, channel: string) => (said: Said) =>
  said.type === 'event' && said.event === event && said.channel === channel;
const eventsOf = (client: RealtimeClient): string[] =>
  client.told.filter(({ type }: Said) => type === 'event').map(({ event, channel }: Said) => `${channel!.split(':')[0]} ${event!}`);

describe('realtime', () => {
  test('B87: members hear on every node of each change, a stranger may not listen, not even to a public project', async () => {
    const [viewer, stranger] = [await app.as('member'), await app.as('member')];
    const project = await makeProject({ app }, owner, { visibility: 'public' });
    await addMember({ app }, owner, project.id, viewer);
    const channel = `project:${project.id}`;
    const listeners = [await connect(owner), await connect(viewer), await connect(viewer, node)];
    for (const listener of listeners) expect(await listener.subscribe(channel)).toMatchObject({ type: 'subscribed' });
    const refused = await connect(stranger);
    expect(await refused.subscribe(channel)).toMatchObject({ type: 'error', code: 'FORBIDDEN' });
    expect((await app.call('GET', `/realtime/events?channels=${channel}`, { token: stranger.token })).status).toBe(403);

    await rename(owner, project, 'Artemis');
    for (const listener of listeners)
      expect(await listener.hears(isEvent('projects.updated', channel))).toMatchObject({
        data: { projectId: project.id, slug: project.slug, version: 2 },
      });
    await call(owner, 'POST', `/projects/${project.id}/archive`);
    for (const listener of listeners) await listener.hears(isEvent('projects.archived', channel));
    expect(eventsOf(refused)).toEqual([]);
  });

  test('S102: who is removed is told, hears nothing more of the project, and cannot come back', async () => {
    const viewer = await app.as('member');
    const project = await makeProject({ app }, owner);
    await addMember({ app }, owner, project.id, viewer);
    const channel = `project:${project.id}`;
    const own = `user:${viewer.userId}`;
    for (const on of [app, node]) {
      const client = await connect(viewer, on);
      await client.subscribe(channel);
      await client.subscribe(own);
    }
    expect((await call(owner, 'DELETE', `/projects/${project.id}/members/${viewer.userId}`)).status).toBe(204);
    for (const client of clients) {
      expect(await client.hears(isEvent('projects.member-removed', own))).toMatchObject({ data: { slug: project.slug } });
      expect(await client.hears(({ type }: Said) => type === 'unsubscribed')).toMatchObject({ channel, code: 'FORBIDDEN' });
    }
    await rename(owner, project, 'Artemis');
    const listening = await connect(owner);
    await listening.subscribe(channel);
    await rename(owner, project, 'Gemini');
    await listening.hears(isEvent('projects.updated', channel));
    for (const client of clients.slice(0, 2)) {
      expect(eventsOf(client)).not.toContain('project projects.updated');
      expect(await client.subscribe(channel)).toMatchObject({ code: 'FORBIDDEN' });
    }
  });

  test('S102: a project that is deleted ends what its members follow', async () => {
    const viewer = await app.as('member');
    const project = await makeProject({ app }, owner);
    await addMember({ app }, owner, project.id, viewer);
    const client = await connect(viewer);
    await client.subscribe(`project:${project.id}`);
    await call(owner, 'DELETE', `/projects/${project.id}`);
    await client.hears(({ type }: Said) => type === 'unsubscribed');
  });

  test('personal notices: added, another role, removed; to nobody else', async () => {
    const [ada, eve] = [await app.as('member'), await app.as('member')];
    const project = await makeProject({ app }, owner);
    const [adas, eves] = [await connect(ada), await connect(eve)];
    await adas.subscribe(`user:${ada.userId}`);
    await eves.subscribe(`user:${eve.userId}`);
    expect(await eves.subscribe(`user:${ada.userId}`)).toMatchObject({ code: 'FORBIDDEN' });
    const member = `/projects/${project.id}/members/${ada.userId}`;
    await addMember({ app }, owner, project.id, ada, 'viewer');
    await call(owner, 'PUT', member, { role: 'editor' });
    await call(owner, 'DELETE', member);
    const told = (role?: string) => ({ data: { projectId: project.id, slug: project.slug, userId: ada.userId, ...(role && { role }) } });
    const [added, changed, removed] = ['added', 'changed', 'removed'].map((what) =>
      isEvent(`projects.member-${what}`, `user:${ada.userId}`),
    );
    expect(await adas.hears(added!)).toMatchObject(told('viewer'));
    expect(await adas.hears(changed!)).toMatchObject(told('editor'));
    expect(await adas.hears(removed!)).toMatchObject(told());
    expect(eventsOf(eves)).toEqual([]);
  });
});

describe('mail', () => {
  const SUBJECT = 'You were added to a project';
  const mailsTo = (email: string) =>
    [app, node].flatMap(({ mailbox }) => mailbox.messages).filter(({ to, subject }) => to === email && subject === SUBJECT);
  const jobsOf = async (project: Project): Promise<{ id: string; state: string; attempts: number }[]> => {
    const text = `select id, state::text, retry_count + 1 as attempts from pgboss.job where name = 'projects.tell-person' and data::text like $1`;
    return (await app.owner.query(text, [`%${project.id}%`])).rows;
  };
  const done = async (project: Project): Promise<void> => {
    const states = async () => new Set((await jobsOf(project)).map(({ state }) => state));
    await expect.poll(states, { timeout: 5000 }).toEqual(new Set(['completed']));
  };
  const queue = (what: 'pause' | 'resume') => call(admin, 'POST', `/jobs/queues/projects.tell-person/${what}`);

  test('S40: who is added gets one mail, and none for what was refused; who creates a project none', async () => {
    const ada = await app.as('member');
    const email = await emailOf({ app }, ada);
    const own = await makeProject({ app }, ada);
    const project = await makeProject({ app }, owner);
    await addMember({ app }, owner, project.id, ada, 'editor');
    expect((await call(owner, 'POST', `/projects/${project.id}/members`, { userId: ada.userId })).status).toBe(409);
    await expect.poll(() => mailsTo(email).length).toBe(1);
    await done(project);
    expect(mailsTo(email)).toMatchObject([{ text: expect.stringContaining('added you to the project "Apollo" as editor') }]);
    expect([(await jobsOf(project)).length, (await jobsOf(own)).length]).toEqual([1, 0]);
  });

  test('S40: who is invited is told once, by mail and on their own channel, however often they are asked', async () => {
    const ada = await app.as('member');
    const email = await emailOf({ app }, ada);
    const [adas, owners] = [await connect(ada), await connect(owner)];
    const project = await makeProject({ app }, owner);
    await adas.subscribe(`user:${ada.userId}`);
    await owners.subscribe(`project:${project.id}`);
    for (let i = 0; i < 3; i++) await invite({ app }, owner, project.id, email, 'editor');
    await adas.hears(isEvent('projects.member-invited', `user:${ada.userId}`));
    await done(project);
    const mails = [app, node]
      .flatMap(({ mailbox }) => mailbox.messages)
      .filter(({ to, subject }) => to === email && /invited/.test(subject));
    expect(mails).toMatchObject([{ text: expect.stringContaining('invites you to the project "Apollo" as editor') }]);
    expect((await call(ada, 'POST', `/projects/${project.id}/join`)).status).toBe(204);
    await owners.hears(isEvent('projects.member-added', `project:${project.id}`));
    await adas.hears(isEvent('projects.member-added', `user:${ada.userId}`));
    expect(eventsOf(adas)).toEqual(['user projects.member-invited', 'user projects.member-added']);
    expect(eventsOf(owners)).not.toContain('project projects.member-invited');
    expect(mailsTo(email)).toEqual([]); // they know
  });

  test('S40: added, removed and added again before it is sent is one mail; removed again, or joined, is none', async () => {
    const [ada, bob] = [await app.as('member'), await app.as('member')];
    const project = await makeProject({ app }, owner);
    await queue('pause');
    await new Promise((resolve) => setTimeout(resolve, 1000)); // each node looks four times a second
    for (const who of [ada, bob]) {
      await addMember({ app }, owner, project.id, who);
      expect((await call(owner, 'DELETE', `/projects/${project.id}/members/${who.userId}`)).status).toBe(204);
    }
    await addMember({ app }, owner, project.id, ada, 'owner');
    const eve = await app.as('member');
    await invite({ app }, owner, project.id, await emailOf({ app }, eve));
    expect((await call(eve, 'POST', `/projects/${project.id}/join`)).status).toBe(204);
    await queue('resume');
    await done(project);
    expect(mailsTo(await emailOf({ app }, ada))).toMatchObject([{ text: expect.stringContaining('as owner') }]);
    expect(mailsTo(await emailOf({ app }, bob))).toEqual([]);
    const toEve = await emailOf({ app }, eve);
    expect(
      [app, node].flatMap(({ mailbox }) => mailbox.messages).filter(({ to, text }) => to === toEve && text.includes('Apollo')),
    ).toEqual([]);
  });

  test('S40: when the mail server fails it is tried again, under the same Message-ID', async () => {
    const ada = await app.as('member');
    const email = await emailOf({ app }, ada);
    const tried: string[] = [];
    for (const { mailbox } of [app, node]) {
      const send = mailbox.send.bind(mailbox);
      mailbox.send = async (message) => {
        if (message.to === email && message.subject === SUBJECT && tried.push(message.id) === 1) throw new Error('421 come back later');
        return send(message);
      };
    }
    const project = await makeProject({ app }, owner);
    await addMember({ app }, owner, project.id, ada);
    await expect.poll(async () => (await jobsOf(project))[0]?.state).toBe('retry');
    expect((await call(admin, 'POST', `/jobs/${(await jobsOf(project))[0]!.id}/retry`)).status).toBeLessThan(300);
    await done(project);
    expect([tried.length, new Set(tried).size, mailsTo(email).length]).toEqual([2, 1, 1]);
  });
});

describe('webhooks', () => {
  test('S43: an endpoint gets projects.updated, signed, with what everybody may know who may see the project', async () => {
    const receiver = await startReceiver();
    try {
      const made = await call(admin, 'POST', '/webhooks/endpoints', { url: receiver.url, events: ['projects.updated'] });
      expect(made.status, made.text).toBe(201);
      const project = await makeProject({ app }, owner, { description: 'For members only' });
      await rename(owner, project, 'Artemis');
      await expect.poll(() => receiver.received.length, { timeout: 5000 }).toBe(1);
      const { headers, body } = receiver.received[0]!;
      expect(new Webhook(made.json.data.secret).verify(body, headers as Record<string, string>)).toMatchObject({
        type: 'projects.updated',
        data: { projectId: project.id, slug: project.slug, version: 2 },
      });
      expect(body).not.toMatch(/Artemis|For members only/);
    } finally {
      await receiver.stop();
    }
  });

  test('every event of projects may be subscribed to', async () => {
    const { json } = await call(admin, 'GET', '/webhooks/events');
    const names = (json.data as { name: string }[]).map(({ name }) => name).filter((name) => name.startsWith('projects.'));
    expect(names.sort()).toEqual(
      ['archived', 'created', 'deleted', 'member-added', 'member-changed', 'member-invited', 'member-removed', 'restored', 'updated'].map(
        (name) => `projects.${name}`,
      ),
    );
  });
});
