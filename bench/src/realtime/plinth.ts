/** Plinth with one channel: facts are published to the log in a transaction, and travel to the sockets from there. */
import { access, auth, realtime, users } from '@plinth/core';
import { Caller, defineChannel, defineEvent, defineFeature, nobody, system, uuidv7 } from '@plinth/kit';
import { migrateAll, readConfig } from '@plinth/kit/tools';
import { z } from 'zod';
import { createApp } from '../../../kit/src/app.ts';
import type { Asked } from './server.ts';

const news = defineChannel('news', 'signed-in');
const printed = defineEvent('bench.printed', z.object({ text: z.string() }), { title: 'News', channels: () => [news({})] });
const bench = defineFeature({ name: 'bench', contract: { news, printed }, setup: () => ({ api: {} }) });
const features = [users, access, auth, realtime, bench];

const config = readConfig();
const url = config.database.url!;
await migrateAll({ ownerUrl: url, appRole: 'postgres' }, features, () => undefined);
const app = await createApp({
  config: { ...config, secret: config.secret! },
  features,
  databaseUrl: url,
  realtime: { acceptsPerSecond: 100_000 },
});
await app.start();

const operator = system('bench', null, uuidv7());
const email = 'reader@example.com';
const password = uuidv7();
const { id } = await app.kit.db.transaction(async (tx) => {
  const user = await app.api(users).create(operator, tx, { email, displayName: 'Reader', verified: true });
  await app.api(access).assign(operator, tx, { userId: user.id, role: 'member' });
  return user;
});
await app.api(auth).setPassword(operator, id, password);
const reply = await fetch(`http://127.0.0.1:${config.port}/api/v1/auth/sign-in`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ email, password }),
});
const { data } = (await reply.json()) as { data: { accessToken: string } };
process.send!({ token: data.accessToken });

const origin = { address: null, userAgent: null, requestId: 'bench-realtime', traceId: null, operation: 'bench.publish' };
const publisher = new Caller({ ...nobody, job: { name: 'bench', cause: null } }, origin, null);
process.on('message', (asked: Asked) => {
  if (asked.do === 'usage') {
    if (asked.collected) (globalThis as { gc?: () => void }).gc?.();
    const { user, system: inSystem } = process.cpuUsage();
    const { rss, heapUsed, external } = process.memoryUsage();
    process.send!({ cpu: user + inSystem, resident: rss, held: heapUsed + external });
  }
  if (asked.do === 'publish')
    void app.kit.db.transaction(async (tx) => {
      for (let i = 0; i < asked.count; i++) await app.kit.log.publish(tx, publisher, printed, { text: asked.text });
    });
});
process.on('disconnect', () => process.exit(0));
