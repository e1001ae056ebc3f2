import pg from 'pg';
import { system } from '../caller.ts';
import { testDatabase } from '../testing/database.ts';
import type { TrustedKeys } from './heads.ts';
import { replaceKey, trustedKeys } from './keys.ts';
import { caller, createNode, demoCatalog, happened, type Node, quiet, testSeal } from './node.testing.ts';
import { createSigning } from './signer.ts';
import { askOf } from './verify.ts';

export * from './node.testing.ts';

/** A database and what was opened on it, let go of together. */
export async function fixture(options: Parameters<typeof createNode>[1] = {}) {
  const database = await testDatabase(options.catalog ?? demoCatalog());
  const nodes: Node[] = [];
  const clients: pg.Client[] = [];
  const client = async (url: string): Promise<pg.Client> => {
    const opened = new pg.Client({ connectionString: url });
    await opened.connect();
    clients.push(opened);
    return opened;
  };
  return {
    database,
    node(over: Parameters<typeof createNode>[1] = {}): Node {
      const node = createNode(database, { ...options, ...over });
      nodes.push(node);
      return node;
    },
    asOwner: () => client(database.ownerUrl),
    asSuperuser: () => client(database.superuserUrl),
    asApp: () => client(database.appUrl),
    async end() {
      for (const node of nodes) await node.stop();
      for (const opened of clients) await opened.end().catch(() => undefined);
      await database.drop();
    },
  };
}
export type Fixture = Awaited<ReturnType<typeof fixture>>;

/** Waits until it holds. @param ms at most. */
export async function until(holds: () => boolean | Promise<boolean>, ms = 5000): Promise<void> {
  const end = performance.now() + ms;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error('it did not come true in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
export const publishMany = async (node: Node, n: number, from = 0): Promise<void> => {
  for (let i = from; i < from + n; i++) await node.db.transaction((tx) => node.log.publish(tx, caller(), happened, { n: i }));
};

/** The key that signs heads; it is the first fact. */
export const makeKey = (node: Node): Promise<unknown> =>
  node.db.transaction((tx) => replaceKey(tx, system('log.sign', null, 'first'), testSeal));
/** Signs the head as a worker would within a second. @returns its position. */
export const signHead = (node: Node): Promise<number | null> => createSigning({ db: node.db, seal: testSeal, logger: quiet })(0);
/** The keys that the secret of these tests vouches for. */
export const keysIn = (client: pg.Client): Promise<TrustedKeys> => trustedKeys(askOf(client), testSeal);
