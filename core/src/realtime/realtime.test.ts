import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { coreApp, type CoreApp } from '../testing/index.ts';
import { Client, features, grant, happen, newRoom, print } from './realtime.testing.ts';

let app: CoreApp;
let admin: { userId: string; token: string };
let ada: { userId: string; token: string };
const clients: Client[] = [];
const open = async (token: string): Promise<Client> => {
  const client = await Client.open(app.url, token);
  clients.push(client);
  return client;
};
beforeAll(async () => {
  app = await coreApp(features, { realtime: { authenticateMs: 300 } });
  [admin, ada] = await Promise.all([app.as('admin'), app.as('member')]);
});
afterEach(() => clients.splice(0).forEach((client) => client.kill()));
afterAll(() => app.stop());

describe('what clients say and hear', () => {
  test('a fact arrives with its name, payload and offset', async () => {
    const client = await open(ada.token);
    expect(await client.subscribe('news')).toMatchObject({ type: 'subscribed', channel: 'news', offset: expect.any(String) });
    await print(app, 7, 'hello');
    const event = await client.hears((said) => said.type === 'event');
    expect(event).toMatchObject({ channel: 'news', event: 'rooms.printed', data: { n: 7, text: 'hello' }, offset: expect.any(String) });
  });
  test('a room is open to who holds the permission there, and to nobody else', async () => {
    const [mine, other] = [newRoom(), newRoom()];
    await grant(app, admin.token, ada.userId, 'rooms:read', mine);
    const client = await open(ada.token);
    expect(await client.subscribe(`room:${mine}`)).toMatchObject({ type: 'subscribed' });
    expect(await client.subscribe(`room:${other}`)).toMatchObject({ type: 'error', code: 'FORBIDDEN' });
    await happen(app, [other, mine], 1);
    await client.hears((said) => said.type === 'event');
    expect(client.numbers()).toEqual([1]);
  });
});
