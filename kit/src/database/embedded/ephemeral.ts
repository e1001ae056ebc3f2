import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type EmbeddedOptions, type EmbeddedPostgres, startEmbedded } from './index.ts';
import { isAbandoned, thisProcess } from './previous.ts';

/** Without durability: the data live as long as the server. */
const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

const prefix = 'plinth-ephemeral-';
const remove = (path: string): Promise<void> => rm(path, { recursive: true, force: true });

/** Starts a PostgreSQL in a temporary directory, for tests; stop() removes it. */
export async function startEphemeral(options: Pick<EmbeddedOptions, 'port' | 'settings'> = {}): Promise<EmbeddedPostgres> {
  await removeAbandoned();
  const directory = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-${thisProcess}-`));
  try {
    const server = await startEmbedded({ ...options, directory, settings: { ...settings, ...options.settings } });
    return {
      ...server,
      async stop() {
        await server.stop();
        await remove(dirname(server.directory));
        await remove(directory);
        // Where the path was too long for a socket, it was outside.
        await remove(server.socketDirectory);
      },
    };
  } catch (error) {
    await remove(directory);
    throw error;
  }
}

/** What test runs that were killed have left. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    // Another user's stays.
    if (name.startsWith(prefix) && isAbandoned(name.slice(prefix.length))) await remove(join(tmpdir(), name)).catch(() => undefined);
  }
}
