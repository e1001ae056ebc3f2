import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { coreApp } from '../testing/index.ts';
import { features } from './realtime.testing.ts';

const EXAMPLE = fileURLToPath(new URL('../../../docs/examples/realtime.mjs', import.meta.url));

test('the client of the guide signs in, follows, and comes back by itself after a shutdown', async () => {
  const app = await coreApp(features);
  const { userId } = await app.as('member');
  const { rows } = await app.owner.query<{ email: string }>('select email from users.users where id = $1', [userId]);
  const first = await coreApp(features, { database: app.database });
  const { port } = new URL(first.url);
  const client = spawn(process.execPath, [EXAMPLE, first.url, rows[0]!.email, 'quiet harbour under a tin moon']);
  let said = '';
  client.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  client.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  try {
    const channel = `user:${userId}`;
    await expect.poll(() => said, { timeout: 5000 }).toContain(`following ${channel}`);
    const hears = async (n: number): Promise<void> => {
      await expect
        .poll(
          () => {
            app.kit.realtime.say(channel, { n });
            return said;
          },
          { timeout: 8000, interval: 100 },
        )
        .toContain(`{"type":"message","channel":"${channel}","from":null,"data":{"n":${n}}}`);
    };
    await hears(1);
    await first.stop();
    const second = await coreApp(features, { database: app.database, env: { PORT: port } });
    await hears(2);
    await second.stop();
  } finally {
    client.kill();
    await app.stop();
  }
});
