import type { z } from 'zod';
import { InvalidInput, MalformedRequest } from '../errors.ts';
import { compileSpelling } from './ids.ts';

/** Messages by field path: all of them, not the first. */
export type Fields = Record<string, string>;
/** Gives the parsed value, or adds to `fields` what is wrong with it. */
export type Validate = (value: unknown, fields: Fields) => unknown;
/** No prototype: a field called `toString` is not there until someone puts it there. */
export const createFields = (): Fields => Object.create(null) as Fields;
/** So many wrong fields are named; a reply must not be many times what was sent. */
const MOST = 100;

type Def = z.core.$ZodTypes['_zod']['def'];
type FindUnknown = (value: unknown, path: string, fields: Fields) => void;
const defOf = (schema: z.core.$ZodType): Def => schema._zod.def as Def;
const INNER = new Set(['optional', 'nullable', 'default', 'prefault', 'catch', 'readonly', 'nonoptional']);

const UNKNOWN = 'is not a field of this operation';
const at = (path: string, key: string | number): string => (path === '' ? String(key) : `${path}.${key}`);
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Plain `z.object` drops keys it does not name, so a misspelt field would be lost in silence. This walks the value along the
 * schema and names them; null where the schema is strict all through, and says it itself.
 */
function unknownKeys(schema: z.core.$ZodType, seen: Map<z.core.$ZodType, { find: FindUnknown | null }>): FindUnknown | null {
  const def = defOf(schema);
  if (INNER.has(def.type)) return unknownKeys((def as unknown as { innerType: z.core.$ZodType }).innerType, seen);
  if (def.type === 'pipe') return unknownKeys(def.in, seen);
  const known = seen.get(schema);
  if (known) return (value, path, fields) => known.find?.(value, path, fields);
  const entry: { find: FindUnknown | null } = { find: null };
  seen.set(schema, entry);
  entry.find = finder(def, (inner) => unknownKeys(inner, seen));
  return entry.find;
}
function finder(def: Def, of: (schema: z.core.$ZodType) => FindUnknown | null): FindUnknown | null {
  if (def.type === 'object') {
    const loose = def.catchall !== undefined;
    const inside = Object.entries(def.shape).flatMap(([key, field]) => {
      const find = of(field);
      return find ? [[key, find] as const] : [];
    });
    if (loose && inside.length === 0) return null;
    const names = new Set(Object.keys(def.shape));
    return (value, path, fields) => {
      if (!isRecord(value)) return;
      let left = loose ? 0 : MOST;
      for (const key in value) {
        if (left === 0) break;
        if (names.has(key)) continue;
        fields[at(path, key)] ??= UNKNOWN;
        left--;
      }
      for (const [key, find] of inside) if (Object.hasOwn(value, key)) find(value[key], at(path, key), fields);
    };
  }
  if (def.type === 'array' || def.type === 'record') {
    const find = of(def.type === 'array' ? def.element : def.valueType);
    if (!find) return null;
    return (value, path, fields) => {
      if (typeof value === 'object' && value !== null) for (const [key, item] of Object.entries(value)) find(item, at(path, key), fields);
    };
  }
  if (def.type === 'lazy') return of(def.getter());
  if (def.type !== 'union') return null;
  const options = def.options.map(of);
  if (options.every((option) => option === null)) return null;
  // A key is unknown when no branch of the union knows all keys; the branch that knows most speaks.
  return (value, path, fields) => {
    const found = options.map((find) => {
      const own = createFields();
      find?.(value, path, own);
      return own;
    });
    Object.assign(
      fields,
      found.reduce((least, own) => (Object.keys(own).length < Object.keys(least).length ? own : least)),
    );
  };
}

function addIssues(issues: readonly z.core.$ZodIssue[], root: string, fields: Fields): void {
  for (const issue of issues.slice(0, MOST)) {
    const path = issue.path.map(String).join('.');
    if (issue.code === 'unrecognized_keys') for (const key of issue.keys.slice(0, MOST)) fields[at(path, key)] ??= UNKNOWN;
    else fields[path === '' ? root : path] ??= issue.message;
  }
}

/** @param root what the whole is called where no field is to blame: `body`, `query`. */
export function compileValidate(schema: z.ZodType, root: string): Validate {
  const find = unknownKeys(schema, new Map());
  const spell = compileSpelling(schema);
  return (value, fields) => {
    find?.(value, '', fields);
    const parsed = schema.safeParse(spell ? spell(value) : value);
    if (parsed.success) return parsed.data;
    addIssues(parsed.error.issues, root, fields);
    return undefined;
  };
}

/** For bodies that an RFC prescribes: unknown keys are ignored, what is wrong is a 400. @throws MalformedRequest with every field that is wrong. */
export function compileLenient(schema: z.ZodType): (value: unknown) => unknown {
  return (value) => {
    const fields = createFields();
    inspect(value, '', fields);
    const parsed = schema.safeParse(value);
    if (!parsed.success) addIssues(parsed.error.issues, 'body', fields);
    for (const _ in fields) throw new MalformedRequest({ reason: 'not as prescribed' }, { fields: { ...fields } });
    return parsed.data;
  };
}

/** @throws InvalidInput with every field that is wrong. */
export function refuseInvalid(fields: Fields): void {
  for (const _ in fields) throw new InvalidInput(undefined, { fields: Object.fromEntries(Object.entries(fields).slice(0, MOST)) });
}

// ---- Text and structure that no schema should ever see ---------------------------------------------

const DEEPEST = 64;
const NUL = '\u0000';
const BAD_TEXT = 'holds a character that cannot be stored (NUL or half of a surrogate pair)';

const badText = (text: string): boolean => text.includes(NUL) || !text.isWellFormed();

/**
 * Refuses, before any schema looks at it, what breaks code behind: nesting that overflows stacks, keys that reach prototypes;
 * and text that Postgres cannot hold. `JSON.parse` itself is iterative: 100,000 levels cost it 11 ms.
 * @throws MalformedRequest for nesting and prototype keys.
 */
export function inspect(value: unknown, path: string, fields: Fields, depth = 0): void {
  if (typeof value === 'string') {
    if (badText(value)) fields[path === '' ? 'body' : path] = BAD_TEXT;
    return;
  }
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return;
  if (depth === DEEPEST) throw new MalformedRequest({ reason: `nested deeper than ${DEEPEST}` });
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) inspectField(value[i], path, i, fields, depth);
    return;
  }
  for (const key of Object.keys(value)) {
    const inner = (value as Record<string, unknown>)[key];
    if (key === '__proto__' || (key === 'constructor' && isRecord(inner) && Object.hasOwn(inner, 'prototype')))
      throw new MalformedRequest({ reason: 'prototype key' });
    if (badText(key)) fields[path === '' ? 'body' : path] = BAD_TEXT;
    inspectField(inner, path, key, fields, depth);
  }
}
function inspectField(value: unknown, path: string, key: string | number, fields: Fields, depth: number): void {
  // Paths cost more than the check itself: they are made only where something is wrong, or further down.
  if (typeof value === 'string') {
    if (badText(value)) fields[at(path, key)] = BAD_TEXT;
  } else if (typeof value === 'object' && value !== null) inspect(value, at(path, key), fields, depth + 1);
}
