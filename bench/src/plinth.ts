import type { ServerDefinition } from './definition.ts';

/** The servers of Plinth that take part, in the order of the tables. */
export const plinth: readonly ServerDefinition[] = [];
