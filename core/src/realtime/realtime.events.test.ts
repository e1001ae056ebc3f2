import { afterAll, afterEach, beforeAll, describe, expect, test, onTestFinished } from 'vitest';
import { coreApp, type CoreApp } from '../testing/index.ts';
import { features, grant, happen, newRoom, print, Publishing, type Said } from './realtime.testing.ts';

let app: CoreApp;
let other: CoreApp;
let admin: { userId: string; token: string };
let ada: { userId: string; token: string };
const streams: Stream[] = [];

/** A client of the event stream, as a browser's EventSource reads it. */
class Stream {
  readonly told: { id: string | undefined; data: Said }[] = [];
  ended = false;
  readonly #gone = new AbortController();
  static async open(node: CoreApp, channels: readonly string[], headers: Record<string, string>): Promise<Stream> {
    const stream = new Stream();
    streams.push(stream);
    const reply = await fetch(`${node.url}/realtime/events?channels=${channels.join(',')}`, { headers, signal: stream.#gone.signal });
    if (reply.headers.get('content-type') !== 'text/event-stream; charset=utf-8')
      throw new Error(`no stream: ${reply.status} ${await reply.text()}`);
    void stream.#read(reply.body!).catch(() => (stream.ended = true));
    return stream;
  }
  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true });
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const lines = text.slice(0, end).split('\n');
        text = text.slice(end + 2);
        const of = (name: string): string | undefined => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
        const data = of('data');
        if (data !== undefined) this.told.push({ id: of('id'), data: JSON.parse(data) });
      }
    }
    this.ended = true;
  }
  async hears(is: (said: Said) => boolean): Promise<Said> {
    const end = performance.now() + 3000;
    for (;;) {
      const found = this.told.find(({ data }) => is(data));
      if (found) return found.data;
      if (performance.now() > end) throw new Error(`not heard: ${JSON.stringify(this.told.slice(-5))}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  get lastId(): string {
    return this.told.findLast(({ id }) => id !== undefined)!.id!;
  }
  events(): string[] {
    return this.told.flatMap(({ data }) => (data.type === 'event' ? [`${data.channel} ${data.data.n}`] : []));
  }
  kill(): void {
    this.#gone.abort();
  }
}
const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
const get = (path: string, headers: Record<string, string> = {}) => app.call('GET', path, { headers });

beforeAll(async () => {
  app = await coreApp(features);
  other = await coreApp(features, { database: app.database });
  [admin, ada] = await Promise.all([app.as('admin'), app.as('member')]);
});
afterEach(() => streams.splice(0).forEach((stream) => stream.kill()));
afterAll(async () => {
  await other.stop();
  await app.stop();
});

describe('server-sent events', () => {
  test('the same messages, each with its offset as the id', async () => {
    const stream = await Stream.open(app, ['news', `user:${ada.userId}`], bearer(ada.token));
    await stream.hears((said) => said.type === 'subscribed' && said.channel === `user:${ada.userId}`);
    await print(app, 1, 'zwei\nZeilen');
    expect(await stream.hears((said) => said.type === 'event')).toMatchObject({
      channel: 'news',
      event: 'rooms.printed',
      data: { n: 1, text: 'zwei\nZeilen' },
    });
    app.kit.realtime.say('news', 7);
    await stream.hears((said) => said.type === 'message' && said.data === 7);
    expect(stream.told.map(({ data }) => data.type).filter((type) => type !== 'joined')).toEqual([
      'authenticated',
      'subscribed',
      'subscribed',
      'event',
      'message',
    ]);
  });
  test('S105: one Last-Event-ID resumes all channels, also from between two channels of one fact, on another node', async () => {
    const rooms = [newRoom(), newRoom(), newRoom()];
    for (const room of rooms) await grant(app, admin.token, ada.userId, 'rooms:read', room);
    const channels = rooms.map((room) => `room:${room}`);
    const [a, b, c] = channels as [string, string, string];
    const stream = await Stream.open(app, channels, bearer(ada.token));
    await stream.hears((said) => said.type === 'subscribed' && said.channel === c);
    await happen(app, rooms, 1);
    await happen(app, [rooms[1]!], 2);
    await happen(app, [rooms[2]!, rooms[0]!], 3);
    await stream.hears((said) => said.type === 'event' && said.channel === a && said.data.n === 3);
    const all = [`${a} 1`, `${b} 1`, `${c} 1`, `${b} 2`, `${c} 3`, `${a} 3`];
    expect(stream.events()).toEqual(all);
    const ids = stream.told.filter(({ data }) => data.type === 'event').map(({ id }) => id!);
    for (const [i, id] of ids.entries()) {
      const again = await Stream.open(i % 2 ? app : other, channels, { ...bearer(ada.token), 'last-event-id': id });
      expect(await again.hears((said) => said.type === 'subscribed' && said.channel === c)).toMatchObject({ recovered: true });
      expect(again.events()).toEqual(all.slice(i + 1));
    }
  });
  test('S106: killed and resumed again and again, a stream of three channels misses nothing and is told nothing twice', async () => {
    const rooms = [newRoom(), newRoom(), newRoom()];
    for (const room of rooms) await grant(app, admin.token, ada.userId, 'rooms:read', room);
    const channels = rooms.map((room) => `room:${room}`);
    // What was given on this node counts on the other as soon as that one hears of it.
    await expect.poll(() => Stream.open(other, channels, bearer(ada.token)).catch(() => null)).not.toBeNull();
    const publishing = new Publishing((n) => happen(n % 2 ? app : other, rooms, n), 3);
    onTestFinished(() => publishing.stop());
    const heard: string[] = [];
    let id: string | undefined;
    for (let life = 0; life < 20; life++) {
      const stream = await Stream.open(life % 2 ? app : other, channels, {
        ...bearer(ada.token),
        ...(id !== undefined && { 'last-event-id': id }),
      });
      await stream.hears((said) => said.type === 'subscribed');
      if (life === 19) {
        await publishing.stop();
        await stream.hears((said) => said.channel === channels[2] && said.data?.n === publishing.last);
      }
      id = stream.lastId;
      heard.push(...stream.events());
      stream.kill();
    }
    const first = Number(heard[0]!.split(' ')[1]);
    const expected = Array.from({ length: publishing.last - first + 1 }, (_, i) =>
      channels.map((channel) => `${channel} ${first + i}`),
    ).flat();
    expect(heard.slice(0, 3)).toEqual(expected.slice(0, 3));
    expect(heard).toEqual(expected);
  });
  test('who may not is told so before anything flows', async () => {
    expect((await get('/realtime/events?channels=news')).status).toBe(401);
    expect((await get(`/realtime/events?channels=room:${newRoom()}`, bearer(ada.token))).status).toBe(403);
    expect((await get('/realtime/events?channels=news,nothing', bearer(ada.token))).status).toBe(404);
    expect((await get(`/realtime/events?channels=${Array(51).fill('news').join()}`, bearer(ada.token))).status).toBe(422);
    expect((await get('/realtime/events', bearer(ada.token))).status).toBe(422);
  });
  test('S101: it ends with its session, says why, and is not let in again', async () => {
    const eve = await app.as('member');
    const stream = await Stream.open(app, ['news'], bearer(eve.token));
    await stream.hears((said) => said.type === 'subscribed');
    await app.call('POST', '/api/v1/auth/sign-out', { token: eve.token, body: {} });
    expect(await stream.hears((said) => said.type === 'closing')).toMatchObject({ code: 3503, reason: 'SESSION_ENDED' });
    await expect.poll(() => stream.ended).toBe(true);
    expect((await get('/realtime/events?channels=news', bearer(eve.token))).status).toBe(401);
  });
  test('S107: one that is not read is closed, and holds no more than its bound', async () => {
    const { connect } = await import('node:net');
    const { port } = new URL(app.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(`GET /realtime/events?channels=news HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ada.token}\r\n\r\n`);
    await new Promise((resolve) => socket.once('data', resolve));
    socket.pause();
    const closed = async (): Promise<boolean> => (await get('/metrics')).text.includes('realtime_closed_total{reason="TOO_SLOW"} 1\n');
    for (let n = 0; n < 100 && !(await closed()); n++) await print(app, n, 'x'.repeat(200_000));
    expect(await closed()).toBe(true);
    socket.destroy();
  });
});
