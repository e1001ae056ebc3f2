import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import type { AnyEvent } from '../definitions.ts';

type State = Readonly<Record<string, unknown>> | undefined;
/** What one field was and became; null where it was not there. */
export interface Change {
  readonly before: unknown;
  readonly after: unknown;
}

const empty = (state: State): boolean => state === undefined || Object.keys(state).length === 0;

/**
 * The fields of the event's allow-list that differ (B145). A field counts when both states tell it, or when the other state
 * is empty: something was made, or is gone. Values pass the schema of their field, so nothing unnamed inside them is kept.
 * @throws when a value does not fit its field: the contract is wrong.
 */
export function changesOf(event: AnyEvent, before: State, after: State): Record<string, Change> | null {
  if (!event.changes || (empty(before) && empty(after))) return null;
  const changes: [string, Change][] = [];
  for (const [key, schema] of Object.entries(event.changes.shape)) {
    const told = (state: State): boolean => state !== undefined && state[key] !== undefined;
    if (!told(before) && !empty(before)) continue;
    if (!told(after) && !empty(after)) continue;
    const change = { before: allowed(event, key, schema, before?.[key]), after: allowed(event, key, schema, after?.[key]) };
    if (!isDeepStrictEqual(change.before, change.after)) changes.push([key, change]);
  }
  return changes.length > 0 ? Object.fromEntries(changes) : null;
}

function allowed(event: AnyEvent, key: string, schema: z.ZodType, value: unknown): unknown {
  if (value === undefined || value === null) return null;
  const parsed = schema.safeParse(value);
  if (!parsed.success)
    throw new Error(`event '${event.name}': the value of '${key}' does not fit the event's 'changes'`, { cause: parsed.error });
  return parsed.data;
}
