import { writeFile } from 'node:fs/promises';
import type { RunningServer } from './process.ts';

const FILE = new URL('../plans/list-scoped.txt', import.meta.url);

/** Asks the server for the plan of its scoped list and keeps it beside the results; throws when it walks through all documents. */
export async function keepPlan(server: RunningServer): Promise<void> {
  const response = await fetch(`${server.origin}/api/v1/plan/documents`, {
    headers: { authorization: `Bearer ${server.token}` },
    signal: AbortSignal.timeout(10_000),
  });
  const { plan } = ((await response.json()) as { data: { plan: string } }).data;
  if (/Seq Scan on (documents|grants)/.test(plan)) throw new Error(`the scoped list reads a whole table:\n${plan}`);
  await writeFile(FILE, `${plan}\n`);
}
