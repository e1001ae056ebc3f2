import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Where archives are kept: a folder; a bucket fits as well. */
export interface ArchiveStore {
  /** Stores it whole or not at all, and to stay. Each name is written once. @returns its size, and its SHA-256 in hex. */
  write(name: string, content: AsyncIterable<Uint8Array>): Promise<{ readonly bytes: number; readonly sha256: string }>;
  read(name: string): AsyncIterable<Uint8Array>;
  remove(name: string): Promise<void>;
}

/** A process that dies while it writes leaves a `.partial` behind, which nobody reads. @param directory is made when it is not there. */
export const folderStore = (directory: string): ArchiveStore => ({
  async write(name, content) {
    await mkdir(directory, { recursive: true, mode: 0o750 });
    const path = join(directory, name);
    const hash = createHash('sha256');
    let bytes = 0;
    try {
      const file = await open(`${path}.partial`, 'wx', 0o640);
      try {
        for await (const part of content) {
          await file.writeFile(part);
          hash.update(part);
          bytes += part.length;
        }
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(`${path}.partial`, path);
    } catch (error) {
      await rm(`${path}.partial`, { force: true });
      throw error;
    }
    const folder = await open(directory);
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
    return { bytes, sha256: hash.digest('hex') };
  },
  read: (name) => createReadStream(join(directory, name)),
  remove: (name) => rm(join(directory, name), { force: true }),
});
