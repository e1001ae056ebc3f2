/** Releases `n` callers at one barrier and waits for all of them. */
export async function race<T>(n: number, run: (i: number) => Promise<T>): Promise<PromiseSettledResult<T>[]> {
  const { promise: barrier, resolve: open } = Promise.withResolvers<void>();
  const runs = Array.from({ length: n }, async (_, i) => {
    await barrier;
    return run(i);
  });
  open();
  return Promise.allSettled(runs);
}
/** How many of each: `{ 201: 1, 409: 15 }`. */
export const tally = (values: readonly (string | number)[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
};
