import { pino } from 'pino';
import { createDatabase, type Database } from '../database/database.ts';
import { createSeal } from '../seal.ts';
import { type ArchiveStore, folderStore } from './archive-store.ts';
import { archiveNext } from './archiving.ts';
import { TEST_SECRET } from './secret.testing.ts';

// A worker that archives four facts a file until nothing is due. It dies where it is told to, or when whoever started it kills it.
const [url, directory, end] = process.argv.slice(2);
const die = (): void => void process.kill(process.pid, 'SIGKILL');
const db = createDatabase({
  url: url!,
  poolSize: 2,
  statements: 'named',
  slowQueryMs: 60_000,
  guard: true,
  logger: pino({ level: 'silent' }),
});
const dropping: Database = {
  ...db,
  run: (query) => (end === 'recorded' && /drop_archived/.test(JSON.stringify(query)) && takenUp() ? new Promise(die) : db.run(query)),
};
const folder = folderStore(directory!);
let stored = false;
/** Not where it drops what another left. */
const takenUp = (): boolean => stored;
const store: ArchiveStore = {
  ...folder,
  async write(name, content) {
    const half = async function* () {
      for await (const part of content) {
        yield part;
        die();
        await new Promise(() => undefined);
      }
    };
    const written = await folder.write(name, end === 'writing' ? half() : content);
    stored = true;
    return written;
  },
  read(name) {
    if (end === 'stored') die();
    return folder.read(name);
  },
};
process.stdout.write('archiving\n');
const record = async (): Promise<void> => {
  if (end === 'recording') await new Promise(die);
};
while (await archiveNext({ db: dropping, seal: createSeal(TEST_SECRET) }, { store, facts: 4, record }));
await db.close();
