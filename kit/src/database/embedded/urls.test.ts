import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort, query, refusal } from './embedded.testing.ts';
import { startEmbedded } from './index.ts';
import { embeddedUrls } from './urls.ts';

let project: string;
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'plinth-test-'));
  await chmod(project, 0o755);
});
afterEach(() => rm(project, { recursive: true, force: true }));

test('the addresses are those of the running server, whatever the asker was configured with', async () => {
  const directory = join(project, '.plinth');
  expect(await refusal(embeddedUrls(directory, null))).toMatch(/There is no database in .* yet: start the server once/);
  const port = await freePort();
  const server = await startEmbedded({ directory, port });
  try {
    const urls = await embeddedUrls(directory, null);
    expect(urls.socket).toBe(server.ownerUrl);
    for (const url of [urls.socket, urls.port ?? ''])
      expect(await query(url, 'select current_user as who')).toEqual([{ who: 'plinth_owner' }]);
  } finally {
    await server.stop();
  }
  const closed = await embeddedUrls(directory, null);
  expect(closed.port).toBeNull();
  const again = await startEmbedded({ directory });
  try {
    expect(again.ownerUrl).toBe(closed.socket);
    expect(await embeddedUrls(directory, port)).toEqual(closed);
  } finally {
    await again.stop();
  }
});
