import { readFile } from 'node:fs/promises';
import { type Contract, writeContract } from './baseline.ts';
import { breakingChanges } from './breaking.ts';

export interface Verdict {
  /** What breaks callers, a line each, the operation's name first. */
  readonly breaking: string[];
  /** What the baseline is to hold; null: what it holds, since nothing that breaks is taken unasked. */
  readonly text: string | null;
}
/** @param path of the baseline; where there is none yet, the contract is the first. @param accept take what breaks, too. */
export async function judge(path: string, contract: Contract, accept: boolean): Promise<Verdict> {
  const committed = await readFile(path, 'utf8').catch(() => null);
  const breaking = committed === null ? [] : breakingChanges(JSON.parse(committed) as Contract, contract);
  return { breaking, text: breaking.length === 0 || accept ? writeContract(contract) : null };
}
export const refusal = (breaking: readonly string[]): string =>
  `the contract breaks callers:\n${breaking.map((change) => `  ${change}\n`).join('')}` +
  'on purpose? npm run generate -- --accept-breaking, and a line in CHANGELOG.md that begins with "Breaking:"\n';
