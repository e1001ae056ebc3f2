import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ServiceUnavailable } from '../errors.ts';
import { emptyDatabase, type TestDatabase } from '../testing/postgres.ts';
import { createDatabase } from './database.ts';
import { silenceable } from './silenceable.testing.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await emptyDatabase();
});
afterAll(() => database.drop());

test('S70: a connection that answers nothing is given up: statements, transactions and short reads fail, and the next ones work', async () => {
  const between = await silenceable(database.ownerUrl);
  const db = createDatabase({
    url: between.url,
    poolSize: 4,
    statements: 'named',
    slowQueryMs: 10_000,
    logger: pino({ level: 'silent' }),
    guard: true,
    answerMs: 400,
  });
  const one = { text: 'select 1 as one', values: [] };
  try {
    await Promise.all([db.run(one), db.lane.run(one), db.transaction((tx) => tx.run(one))]);
    await new Promise((resolve) => setTimeout(resolve, 600)); // an idle connection is not a silent one
    const before = db.statistics().total;
    await db.run(one);
    expect(db.statistics().total).toBe(before);
    between.silence();
    const startedAt = performance.now();
    const asked = await Promise.allSettled([db.run(one), db.lane.run(one), db.transaction((tx) => tx.run(one))]);
    for (const answer of asked) expect(answer).toMatchObject({ status: 'rejected', reason: expect.any(ServiceUnavailable) as unknown });
    expect(performance.now() - startedAt).toBeLessThan(3000);
    expect((await db.run(one)).rows).toEqual([{ one: 1 }]);
    expect((await db.run({ text: 'select pg_sleep(0.3), 2 as two', values: [] })).rows[0]).toMatchObject({ two: 2 });
  } finally {
    await Promise.race([db.close(), new Promise((resolve) => setTimeout(resolve, 2000))]);
    between.close();
  }
});

test('S70: a connection that is lost in the very packet that opened it fails its statement, and no more', async () => {
  const message = (type: string, body: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(body.length + 4);
    return Buffer.concat([Buffer.from(type), length, body]);
  };
  const opened = [message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))];
  const ended = message('E', Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0'));
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(Buffer.concat([...opened, ended])));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const uncaught: unknown[] = [];
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException').on('uncaughtException', (error) => uncaught.push(error));
  const { port } = server.address() as AddressInfo;
  const db = createDatabase({
    url: `postgres://someone:secret@127.0.0.1:${port}/somewhere`,
    poolSize: 2,
    statements: 'named',
    slowQueryMs: 10_000,
    logger: pino({ level: 'silent' }),
    guard: true,
  });
  try {
    const one = { text: 'select 1', values: [] };
    for (const work of [() => db.run(one), () => db.lane.run(one), () => db.transaction((tx) => tx.run(one))])
      await expect(work()).rejects.toThrow(ServiceUnavailable);
    const client = await db.connect();
    await expect(client.query('select 1')).rejects.toThrow('not queryable');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(uncaught).toEqual([]);
  } finally {
    process.removeAllListeners('uncaughtException');
    for (const listener of others) process.on('uncaughtException', listener);
    await db.close();
    server.close();
  }
});
