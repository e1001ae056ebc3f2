import { PRODUCTS } from './data.ts';
import type { Database, Paths, ServerDefinition } from './definition.ts';
import { environment, PASSWORD, runNode, signIn, at } from './plinth.ts';

/** How many documents the callers of these scenarios see; of how many, each server says. */
export const SEEN = PRODUCTS;
const FOLDERS = 20;
const READER = 'reader@example.com';
const GUEST = 'guest@example.com';

const server = (
  name: string,
  title: string,
  { count, as, ...paths }: { count: number; as: string } & Partial<Paths>,
): ServerDefinition => ({
  name,
  title,
  async prepare(database: Database): Promise<void> {
    const made = { reader: READER, guest: GUEST, password: PASSWORD, count, seen: SEEN, folders: FOLDERS };
    await runNode(at('servers/plinth/prepare-documents.ts'), {
      ...environment(database, 1, 'worker'),
      LOG_LEVEL: 'error',
      BENCH_DOCUMENTS: JSON.stringify(made),
    });
  },
  launch(database, port) {
    const process = (roles: string) => ({
      command: ['--max-semi-space-size=8', '--conditions=plinth-source', at('servers/plinth/serve-documents.ts')],
      env: environment(database, port, roles),
    });
    return { ...process('api'), beside: process('worker') };
  },
  ready: '/health/ready',
  paths: { ...NOWHERE, ...paths },
  replays: false,
  token: (origin) => signIn(origin, as),
});
const NOWHERE: Paths = { read: '', list: '', create: '', signIn: '', openSession: '', refresh: '' };

const few = { count: 2 * SEEN, as: READER };
export const documentReads: readonly ServerDefinition[] = [
  server('signed-in', 'signed in: no more is asked', { ...few, read: '/api/v1/plain/documents/{id}' }),
  server('signed-in-again', 'signed in again (A/A control)', { ...few, read: '/api/v1/plain/documents/{id}' }),
  server('scoped', 'under a rule about rows: the caller holds the permission in 20 folders', { ...few, read: '/api/v1/documents/{id}' }),
];
const many = { count: 100 * SEEN, as: GUEST };
export const documentLists: readonly ServerDefinition[] = [
  server('shares-by-hand', 'signed in, and a join with a table of shares by hand', { ...many, list: '/api/v1/plain/documents?limit=20' }),
  server('granted', 'under a rule about rows: 10,000 grants, each on one document of 1,000,000', {
    ...many,
    list: '/api/v1/documents?limit=20',
  }),
];
