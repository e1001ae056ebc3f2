import type { Problem } from './problems.ts';

/** The header that lets a change through only as long as nobody else changed the same: `header: ifMatch(product)`. */
export const ifMatch = ({ version }: { readonly version: number }): { 'If-Match': string } => ({ 'If-Match': `"${version}"` });

/**
 * Reads, changes, and where somebody else was faster (412) reads and changes again.
 * @param change makes the change from what was just read: pass `header: ifMatch(current)`.
 * @returns the answer to the last try.
 */
export async function changing<Current, Answer extends { error?: Pick<Problem, 'status'> | undefined }>(
  read: () => Promise<Current>,
  change: (current: Current) => Promise<Answer>,
  attempts = 3,
): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const answer = await change(await read());
    if (answer.error?.status !== 412 || attempt >= attempts) return answer;
  }
}
