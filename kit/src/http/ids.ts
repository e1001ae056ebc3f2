import type { z } from 'zod';
import { isUuid } from '../uuid.ts';

type Def = z.core.$ZodTypes['_zod']['def'];
/** Spells the ids in a value that has been inspected, in place where it can. */
type Spell = (value: unknown) => unknown;
const WRAPPERS = new Set(['optional', 'nullable', 'default', 'prefault', 'catch', 'readonly', 'nonoptional']);

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const lower: Spell = (value) => (typeof value === 'string' && isUuid(value) ? value.toLowerCase() : value);

/**
 * Ids get one spelling before anything sees them: to Postgres `A0…` and `a0…` are the same uuid, to the tags, keys and sets in memory
 * they are two, and what was suspended under the one would live on under the other. Null where a schema has no ids.
 */
export function compileSpelling(schema: z.core.$ZodType, seen = new Map<z.core.$ZodType, { spell: Spell }>()): Spell | null {
  const def = schema._zod.def as Def;
  if (def.type === 'string') return (def as { format?: string }).format === 'uuid' ? lower : null;
  if (WRAPPERS.has(def.type)) return compileSpelling((def as unknown as { innerType: z.core.$ZodType }).innerType, seen);
  if (def.type === 'pipe') return compileSpelling(def.in, seen);
  const known = seen.get(schema);
  if (known) return (value) => known.spell(value);
  const entry = { spell: (value: unknown) => value };
  seen.set(schema, entry);
  const spell = ofMany(def, (inner) => compileSpelling(inner, seen));
  if (spell) entry.spell = spell;
  return spell;
}

function ofMany(def: Def, of: (schema: z.core.$ZodType) => Spell | null): Spell | null {
  if (def.type === 'lazy') return of(def.getter());
  if (def.type === 'object') {
    const inside = Object.entries(def.shape).flatMap(([key, field]) => {
      const spell = of(field);
      return spell ? [[key, spell] as const] : [];
    });
    if (inside.length === 0) return null;
    return (value) => {
      if (isRecord(value)) for (const [key, spell] of inside) if (Object.hasOwn(value, key)) value[key] = spell(value[key]);
      return value;
    };
  }
  if (def.type === 'array' || def.type === 'record') {
    const spell = of(def.type === 'array' ? def.element : def.valueType);
    if (!spell) return null;
    return (value) => {
      if (isRecord(value)) for (const key of Object.keys(value)) value[key] = spell(value[key]);
      return value;
    };
  }
  if (def.type !== 'union') return null;
  const options = def.options.flatMap((option) => of(option) ?? []);
  return options.length === 0 ? null : (value) => options.reduce((spelled, spell) => spell(spelled), value);
}
