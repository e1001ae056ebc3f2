import { uuidv7 } from '@plinth/kit';
import fc from 'fast-check';
import { expect } from 'vitest';
import { makeProduct } from '../../products/products.fixtures.ts';
import { checkBooks, UNEXPLAINED } from './books.testing.ts';
import { commands } from './chances.testing.ts';
import type { Model } from './model.testing.ts';
import { Run } from './run.testing.ts';
import type { World } from './world.testing.ts';

export interface Told {
  runs: number;
  commands: number;
  payments: number;
  orders: number;
}
/** As a failure prints them: `CHAOS_SEED=1 CHAOS_PATH=7:0 CHAOS_REPLAY=AAB:C npx vitest run …/chaos.test.ts`. `CHAOS_QUICK=1` looks for no smaller one. */
const { CHAOS_SEED: seed, CHAOS_PATH: path, CHAOS_REPLAY: replayPath, CHAOS_QUICK: quick } = process.env;

/**
 * Whatever happens, in any order: in the end our books are the provider's, and what was granted has happened once.
 * @param seconds after which it gives up, or looks for no smaller counterexample. @returns what was tried.
 */
export async function checkProperty(world: World, numRuns: number, maxCommands: number, seconds: number): Promise<Told> {
  const told: Told = { runs: 0, commands: 0, payments: 0, orders: 0 };
  const end = fc.record({ asked: fc.boolean(), backwards: fc.boolean(), lateLast: fc.boolean() });
  const all = fc.commands(commands, { maxCommands, size: 'max', ...(replayPath !== undefined && { replayPath }) });
  await fc.assert(
    fc.asyncProperty(all, end, async (given, how) => {
      const model: Model = { products: [], orders: [], pays: [] };
      for (const stock of [4, 7]) {
        const { id, price } = await makeProduct(world.node, world.admin, { sku: `C-${uuidv7()}`.toUpperCase(), stock });
        (model.products as { id: string; price: number; stock: number }[]).push({ id, price: price.amount, stock });
      }
      const run = new Run(world, model);
      try {
        await fc.asyncModelRun(() => ({ model, real: run }), given);
        await run.settle(how);
        await checkBooks(run);
      } finally {
        await run.release();
        await world.sweep();
      }
      told.runs += 1;
      told.commands += [...given].filter((each) => (each as { hasRan?: boolean }).hasRan ?? true).length;
      told.payments += model.pays.length;
      told.orders += model.orders.length;
    }),
    {
      numRuns,
      ...(seed !== undefined && { seed: Number(seed) }),
      ...(path !== undefined && { path }),
      skipAllAfterTimeLimit: seconds * 1000,
      endOnFailure: replayPath !== undefined || quick !== undefined,
    },
  );
  await checkAll(world);
  return told;
}

/** Of everything that was ever paid here. */
async function checkAll(world: World): Promise<void> {
  const [sums] = await world.sql<{ all: number; clearing: number }>(
    `select coalesce(sum(amount), 0)::int as all, coalesce(sum(amount) filter (where account = 'clearing'), 0)::int as clearing from payments.entries`,
  );
  const { movements } = await world.atSandbox<{ movements: { amount: number }[] }>('GET', '/test/book');
  expect(sums).toEqual({ all: 0, clearing: movements.reduce((sum, { amount }) => sum + amount, 0) });
  expect(await world.sql(UNEXPLAINED)).toEqual([]);
}
