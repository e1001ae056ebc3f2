import type { z } from 'zod';
import { isPersonal } from '../definitions.ts';

/** Where personal data stand in a value: all of it, in fields, or in each item. */
export type PersonalTree = true | { readonly fields: ReadonlyMap<string, PersonalTree> } | { readonly items: PersonalTree };

interface Def {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly out?: z.ZodType;
  readonly left?: z.ZodType;
  readonly right?: z.ZodType;
  readonly options?: readonly z.ZodType[];
}

/** Finds the fields marked `personal()`; null when there are none. */
export function personalTree(schema: z.ZodType): PersonalTree | null {
  if (isPersonal(schema)) return true;
  const def = schema.def as unknown as Def;
  if (def.shape) return fieldsOf(Object.entries(def.shape).map(([key, field]) => [key, personalTree(field)]));
  const item = def.element ?? def.valueType;
  if (item) {
    const items = personalTree(item);
    return items && { items };
  }
  const inner = def.innerType ?? def.out;
  if (inner) return personalTree(inner);
  return [...(def.options ?? []), def.left, def.right].reduce<PersonalTree | null>(
    (tree, part) => (part ? merged(tree, personalTree(part)) : tree),
    null,
  );
}

export function fieldsOf(entries: readonly (readonly [string, PersonalTree | null])[]): PersonalTree | null {
  const fields = new Map(entries.filter((entry): entry is readonly [string, PersonalTree] => entry[1] !== null));
  return fields.size > 0 ? { fields } : null;
}

/** What is personal in one variant of a union is so in all. */
function merged(a: PersonalTree | null, b: PersonalTree | null): PersonalTree | null {
  if (a === null || b === null) return a ?? b;
  if (a === true || b === true || 'items' in a || 'items' in b) return a === true || b === true ? true : a;
  const fields = new Map(a.fields);
  for (const [key, tree] of b.fields) fields.set(key, merged(fields.get(key) ?? null, tree)!);
  return { fields };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Takes the personal data out. `personal` is undefined when the value holds none. */
export function split(value: unknown, tree: PersonalTree | null): { readonly kept: unknown; readonly personal: unknown } {
  if (tree === null || value === undefined || value === null) return { kept: value, personal: undefined };
  if (tree === true) return { kept: undefined, personal: value };
  if ('items' in tree) {
    const entries: [string, unknown][] = Array.isArray(value)
      ? value.map((item, i) => [String(i), item])
      : isRecord(value)
        ? Object.entries(value)
        : [];
    const parts = entries.map(([key, item]) => [key, split(item, tree.items)] as const);
    const kept = Array.isArray(value)
      ? parts.map(([, part]) => part.kept ?? null)
      : Object.fromEntries(parts.map(([key, part]) => [key, part.kept]));
    return { kept, personal: someOf(parts.map(([key, part]) => [key, part.personal])) };
  }
  if (!isRecord(value)) return { kept: value, personal: undefined };
  const kept: Record<string, unknown> = { ...value };
  const personal: [string, unknown][] = [];
  for (const [key, inner] of tree.fields) {
    if (!(key in value)) continue;
    const part = split(value[key], inner);
    if (part.kept === undefined) delete kept[key];
    else kept[key] = part.kept;
    personal.push([key, part.personal]);
  }
  return { kept, personal: someOf(personal) };
}
function someOf(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> | undefined {
  const present = entries.filter(([, value]) => value !== undefined);
  return present.length > 0 ? Object.fromEntries(present) : undefined;
}

/** Puts the personal data back where they were, for those who may see them. */
export function rejoin(kept: unknown, personal: unknown): unknown {
  if (personal === undefined || personal === null) return kept;
  if (!isRecord(personal) || (!isRecord(kept) && !Array.isArray(kept))) return personal;
  if (Array.isArray(kept)) return kept.map((item, i) => rejoin(item, personal[i]));
  const whole: Record<string, unknown> = { ...kept };
  for (const [key, value] of Object.entries(personal)) whole[key] = rejoin(whole[key], value);
  return whole;
}
