import { setTimeout as sleep } from 'node:timers/promises';
import { createDatabase } from '../database/database.ts';
import { caller, createNode, happened, quiet } from './node.testing.ts';

// A process with four writers, a sequencer and a signer of its own. Each transaction writes a row and publishes a fact of the same
// name, in many shapes; whoever starts it kills it. Afterwards both must be there, or neither.
const [url, name] = process.argv.slice(2);
const node = createNode({ appUrl: url! }, { signs: true, poolSize: 6 });
const beside = createDatabase({ url: url!, poolSize: 2, statements: 'named', slowQueryMs: 60_000, logger: quiet, guard: false });
// Whose first connection is cut does not start; it is started again.
await node.start([], 'api').catch(() => process.exit(7));
process.stdout.write('writing\n');

const undone = new Error('undone on purpose');
const WRITE = 'insert into public.changes (name) values ($1)';
const chance = (share: number): boolean => Math.random() < share;
const by = caller('u1');

async function once(change: string): Promise<void> {
  await node.db.transaction(async (tx) => {
    const write = async (part: string): Promise<void> => {
      const text = `${change}-${part}`;
      if (chance(0.5)) await tx.run({ text: WRITE, values: [text] });
      else tx.write({ text: WRITE, values: [text] });
      await node.log.publish(tx, by, happened, { n: 0, text });
    };
    if (chance(0.7)) await write('a');
    if (chance(0.4)) {
      const nested = tx.savepoint(async () => {
        await write('b');
        if (chance(0.5)) await tx.savepoint(() => write('c'));
        if (chance(0.5)) throw undone;
      });
      await nested.catch((error: unknown) => (error === undone ? undefined : Promise.reject(error as Error)));
    }
    // A second connection of the same request writes too, and ends first (B138).
    if (chance(0.2))
      await beside.transaction(async (other) => {
        const text = `${change}-beside`;
        other.write({ text: WRITE, values: [text] });
        await node.log.publish(other, by, happened, { n: 0, text });
      });
    if (chance(0.2)) await sleep(Math.random() * 20);
    if (chance(0.3)) await write('d');
    if (chance(0.2)) throw undone;
  });
}
const writer = async (number: number): Promise<void> => {
  // What is cut off fails, and the next one goes on.
  for (let i = 0; ; i++) await once(`${name}-${number}-${i}`).catch(() => sleep(1));
};
await Promise.all([0, 1, 2, 3].map(writer));
