import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { coreApp, type CoreApp } from '../testing/index.ts';
import { Client, features, grant, happen, happened, newRoom, print, printed, publisher, Publishing } from './realtime.testing.ts';

let app: CoreApp;
let other: CoreApp;
let admin: { userId: string; token: string };
let ada: { userId: string; token: string };
const clients: Client[] = [];
const open = async (node: CoreApp = app): Promise<Client> => {
  const client = await Client.open(node.url, ada.token);
  clients.push(client);
  return client;
};
/** A channel of its own for each test. */
async function ownRoom(): Promise<string> {
  const room = newRoom();
  await grant(app, admin.token, ada.userId, 'rooms:read', room);
  return room;
}
beforeAll(async () => {
  app = await coreApp(features, { realtime: { checkpointMs: 200 } });
  other = await coreApp(features, { realtime: { checkpointMs: 200 }, database: app.database });
  [admin, ada] = await Promise.all([app.as('admin'), app.as('member')]);
});
afterEach(() => clients.splice(0).forEach((client) => client.kill()));
afterAll(async () => {
  await other.stop();
  await app.stop();
});
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
/** Everything that is committed has its place, and these nodes know it. */
const settled = async (): Promise<void> => {
  for (const { kit } of [app, other])
    await expect
      .poll(async () => {
        const { waiting, behind } = await kit.log.statistics();
        return waiting + behind;
      })
      .toBe(0);
};
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('following', () => {
  test('S104: what is committed after `subscribed` arrives, on both nodes, also while others publish all the time', async () => {
    const room = await ownRoom();
    const publishing = new Publishing((n) => happen(n % 2 ? app : other, [room], n));
    const followers = await Promise.all(
      Array.from({ length: 12 }, async (_, i) => {
        await pause(20 * i);
        const client = await open(i % 2 ? app : other);
        await client.subscribe(`room:${room}`);
        return { client, state: publishing.last };
      }),
    );
    await pause(100);
    await publishing.stop();
    const { last } = publishing;
    for (const { client, state } of followers) {
      await client.hears((said) => said.type === 'event' && said.data.n === last);
      const heard = client.numbers().filter((n) => n > state);
      expect(heard).toEqual(upTo(last).slice(state));
    }
  });
  test('S113: nothing of a transaction that rolls back, and nothing before its commit; it holds up nobody else’s', async () => {
    const client = await open();
    await client.subscribe('news');
    const failed = app.kit.db.transaction(async (tx) => {
      await app.kit.log.publish(tx, publisher, printed, { n: 1 });
      throw new Error('rolled back');
    });
    await expect(failed).rejects.toThrow('rolled back');
    let commit = (): void => undefined;
    const held = new Promise<void>((resolve) => (commit = resolve));
    const holding = app.kit.db.transaction(async (tx) => {
      await app.kit.log.publish(tx, publisher, printed, { n: 2 });
      await tx.run({ text: 'select 1', values: [] }); // the fact is in Postgres
      await held;
    });
    for (let n = 3; n <= 12; n++) {
      const startedAt = performance.now();
      await print(n % 2 ? app : other, n);
      await client.hears((said) => said.type === 'event' && said.data.n === n);
      expect(performance.now() - startedAt).toBeLessThan(1000);
    }
    expect(client.numbers()).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    commit();
    await holding;
    await client.hears((said) => said.type === 'event' && said.data.n === 2, 1000);
    expect(client.numbers().filter((n) => n < 3)).toEqual([2]);
  });
});

describe('resuming', () => {
  test('S105: what was missed comes in order, before `subscribed`, which says that it was all; on another node too', async () => {
    const room = `room:${await ownRoom()}`;
    const id = room.slice(5);
    const before = await open();
    await before.subscribe(room);
    for (const n of upTo(3)) await happen(app, [id], n);
    await before.hears((said) => said.data?.n === 3);
    before.kill();
    for (const n of [4, 5, 6]) await happen(app, [id, newRoom()], n);
    await settled();
    const after = await open(other);
    expect(await after.subscribe(room, before.offset(room))).toMatchObject({ type: 'subscribed', recovered: true });
    expect(after.told.flatMap(({ type, data }) => (type === 'event' ? [data.n] : type === 'subscribed' ? [type] : []))).toEqual([
      4,
      5,
      6,
      'subscribed',
    ]);
    await happen(app, [id], 7);
    await after.hears((said) => said.data?.n === 7);
    expect(after.numbers()).toEqual([4, 5, 6, 7]);
  });
  test('S105: more than a page was missed, and more happens meanwhile', async () => {
    const id = await ownRoom();
    const room = `room:${id}`;
    const before = await open();
    await before.subscribe(room);
    before.kill();
    const missed = async (from: number, to: number): Promise<void> => {
      for (let n = from; n <= to; n += 50)
        await app.kit.db.transaction(async (tx) => {
          for (let i = n; i < n + 50; i++) await app.kit.log.publish(tx, publisher, happened, { roomIds: [id], n: i });
        });
    };
    await missed(1, 450);
    const after = await open();
    const [told] = await Promise.all([after.subscribe(room, before.offset(room)), missed(451, 600)]);
    expect(told).toMatchObject({ recovered: true });
    await after.hears((said) => said.data?.n === 600);
    expect(after.numbers()).toEqual(upTo(600));
  });
  test('S105: an offset that is forged, of another history, or older than 24 hours recovers nothing, and says so', async () => {
    const id = await ownRoom();
    const room = `room:${id}`;
    const client = await open();
    await client.subscribe(room);
    for (const n of upTo(3)) await happen(app, [id], n);
    await client.hears((said) => said.data?.n === 3);
    const { position } = app.kit.log as unknown as { position: number };
    const offsets = {
      forged: `${client.offset(room).slice(0, -4)}AAAA`,
      nonsense: 'nonsense',
      'of another secret': 'A'.repeat(80),
      'of a database that was restored': app.kit.seal.seal([position, 1_000_000, newRoom()], 'realtime.offset'),
      'of one that went further': app.kit.seal.seal([position + 1000, 1_000_000, newRoom()], 'realtime.offset'),
    };
    for (const [what, offset] of Object.entries(offsets)) {
      await client.ask({ type: 'unsubscribe', channel: room });
      expect(await client.subscribe(room, offset), what).toMatchObject({ type: 'subscribed', recovered: false });
    }
    const old = client.told.find((said) => said.data?.n === 1).offset as string;
    await app.owner.query(`alter table log.events disable trigger append_only; alter table log.events disable trigger all`);
    await app.owner.query(`update log.events set occurred_at = occurred_at - interval '25 hours' where channels @> array[$1]`, [room]);
    await app.owner.query(`alter table log.events enable trigger all`);
    await client.ask({ type: 'unsubscribe', channel: room });
    expect(await client.subscribe(room, old)).toMatchObject({ recovered: false });
    expect(client.numbers()).toEqual([1, 2, 3]);
  });
  test('S105: a quiet channel is still resumed from what a checkpoint said long after its last fact', async () => {
    const id = await ownRoom();
    const room = `room:${id}`;
    const client = await open();
    await client.subscribe(room);
    await happen(app, [id], 1);
    await client.hears((said) => said.data?.n === 1);
    await print(app, 1); // elsewhere
    const heard = client.told.length;
    await expect.poll(() => client.told.slice(heard).some((said) => said.type === 'checkpoint')).toBe(true);
    const checkpoint = client.told.findLast((said) => said.type === 'checkpoint').offset as string;
    const pong = await client.ask({ type: 'ping' });
    await happen(app, [id], 2);
    await settled();
    for (const since of [checkpoint, pong.offset as string]) {
      const next = await open();
      expect(await next.subscribe(room, since)).toMatchObject({ recovered: true });
      expect(next.numbers()).toEqual([2]);
    }
  });
  test('S106: killed and resumed 50 times, on either node, a client misses nothing and is told nothing twice', async () => {
    const id = await ownRoom();
    const room = `room:${id}`;
    const publishing = new Publishing((n) => happen(n % 2 ? app : other, [id], n), 2);
    const heard: number[] = [];
    let offset: string | undefined;
    for (let life = 0; life < 51; life++) {
      const client = await open(life % 2 ? app : other);
      const told = await client.subscribe(room, offset);
      expect(told.recovered).toBe(offset === undefined ? undefined : true);
      if (life < 50) await pause(Math.random() * 30);
      else {
        await publishing.stop();
        await client.hears((said) => said.data?.n === publishing.last);
      }
      client.kill();
      heard.push(...client.numbers());
      offset = client.offset(room);
    }
    const [first] = heard;
    expect(heard.length).toBeGreaterThan(100);
    expect(heard).toEqual(upTo(publishing.last).slice(first! - 1));
  });
});
