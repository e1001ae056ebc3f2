// From the steps of the API, which are in the order of time, to lines: what was led to by a step stands below it.
import type { operations } from '@plinth/client';

export type Timeline = operations['timeline.get']['responses'][200]['content']['application/json']['data'];
export type Step = Timeline['steps'][number];
/** One line of the tree. */
export interface Line {
  readonly step: Step;
  readonly depth: number;
  /** The only run of a job, the only try of a delivery: told on its line. */
  readonly run: Step | null;
}

/** @param steps none before its cause. */
export function treeOf(steps: readonly Step[]): Line[] {
  const tries = new Map<string, Step[]>();
  for (const step of steps)
    if (step.kind === 'attempt' && step.cause !== null) tries.set(step.cause, [...(tries.get(step.cause) ?? []), step]);
  const runs = new Map([...tries].flatMap(([id, [only, ...more]]) => (only && more.length === 0 ? [[id, only] as const] : [])));
  const merged = new Map([...runs].map(([id, run]) => [run.id, id]));
  const below = new Map<string | null, Step[]>();
  for (const step of steps) {
    if (merged.has(step.id)) continue;
    const cause = step.cause === null ? null : (merged.get(step.cause) ?? step.cause);
    below.set(cause, [...(below.get(cause) ?? []), step]);
  }
  const lines: Line[] = [];
  const add = (cause: string | null, depth: number): void => {
    for (const step of below.get(cause) ?? []) {
      lines.push({ step, depth, run: runs.get(step.id) ?? null });
      add(step.id, depth + 1);
    }
  };
  add(null, 0);
  return lines;
}
