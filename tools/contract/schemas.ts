import type { Schema } from './baseline.ts';

/** Who fills the schema: what a request must satisfy may only become wider, what a reply promises only narrower. */
export type Side = 'request' | 'reply';
export interface Comparison {
  readonly side: Side;
  readonly before: Readonly<Record<string, Schema>>;
  readonly after: Readonly<Record<string, Schema>>;
  /** Where in the operation: `body.lines[].quantity`. */
  readonly place: string;
  /** Pairs under comparison: a schema may hold itself. */
  readonly seen?: ReadonlySet<string>;
}
type Compare = (a: Schema, b: Schema, at: Comparison) => string[];

const resolve = (schema: Schema, all: Readonly<Record<string, Schema>>): Schema => {
  const name = typeof schema['$ref'] === 'string' ? schema['$ref'].slice('#/components/schemas/'.length) : undefined;
  const target = name === undefined ? schema : (all[name] ?? {});
  const parts = target['allOf'] as Schema[] | undefined;
  if (!parts) return target;
  const resolved = parts.map((part) => resolve(part, all));
  return {
    ...Object.assign({}, ...resolved),
    properties: Object.assign({}, ...resolved.map(({ properties }) => properties)),
    required: resolved.flatMap(({ required }) => list(required)),
  } as Schema;
};
const list = (value: unknown): string[] => (Array.isArray(value) ? (value as string[]) : []);

/** What breaks for callers between two schemas, or nothing. */
export const narrower: Compare = (old, now, at) => {
  const pair = `${JSON.stringify(old)} ${JSON.stringify(now)}`;
  if (at.seen?.has(pair)) return [];
  const deeper = { ...at, seen: new Set([...(at.seen ?? []), pair]) };
  const a = resolve(old, at.before);
  const b = resolve(now, at.after);
  const options = [optionsOf(a), optionsOf(b)] as const;
  if (options[0] || options[1]) return unionProblems(options[0] ?? [a], options[1] ?? [b], deeper);
  const types = typeProblems(a, b, at);
  if (types.length > 0) return types;
  return [valueProblems, boundProblems, propertyProblems, itemProblems].flatMap((compare) => compare(a, b, deeper));
};

const optionsOf = (schema: Schema): Schema[] | undefined => (schema['anyOf'] ?? schema['oneOf']) as Schema[] | undefined;

/** Each option of the side that must be understood has one that does: of a request the old ones, of a reply the new ones. */
function unionProblems(old: readonly Schema[], now: readonly Schema[], at: Comparison): string[] {
  const asked = at.side === 'request' ? old : now;
  const answers = at.side === 'request' ? now : old;
  const against = (one: Schema, other: Schema): string[] => (at.side === 'request' ? narrower(one, other, at) : narrower(other, one, at));
  return asked.flatMap((option, index) => {
    const tried = answers.map((other) => against(option, other));
    if (tried.some((problems) => problems.length === 0)) return [];
    // The one at the same place is the likeliest to be the same, changed.
    return old.length === now.length
      ? (tried[index] ?? [])
      : [`${at.place} ${at.side === 'request' ? 'no longer takes one of its forms' : 'may have a form that it never had'}`];
  });
}

function typesOf(schema: Schema): Set<string> | undefined {
  const { type } = schema;
  if (type === undefined) return undefined;
  const types = new Set(Array.isArray(type) ? (type as string[]) : [type as string]);
  if (types.has('number')) types.add('integer');
  return types;
}
const shown = (schema: Schema): string => [...(typesOf(schema) ?? ['anything'])].join(' or ');

const typeProblems: Compare = (a, b, { side, place }) => {
  const [asked, answers] = side === 'request' ? [typesOf(a), typesOf(b)] : [typesOf(b), typesOf(a)];
  const fits = answers === undefined || (asked !== undefined && [...asked].every((type) => answers.has(type)));
  return fits ? [] : [`${place} is ${shown(b)} instead of ${shown(a)}`];
};

const valuesOf = (schema: Schema): Set<unknown> | undefined =>
  'const' in schema ? new Set([schema['const']]) : Array.isArray(schema['enum']) ? new Set(schema['enum'] as unknown[]) : undefined;

/** A reply may learn new values: callers are told to expect them. It may not stop having any list of them. */
const valueProblems: Compare = (a, b, { side, place }) => {
  const problems: string[] = [];
  const [old, now] = [valuesOf(a), valuesOf(b)];
  if (side === 'request' && now) {
    const lost = old ? [...old].filter((value) => !now.has(value)) : null;
    if (lost === null) problems.push(`${place} takes only ${[...now].join(', ')}`);
    else if (lost.length > 0) problems.push(`${place} no longer takes ${lost.join(', ')}`);
  }
  if (side === 'reply' && old && !now) problems.push(`${place} may be anything, not only ${[...old].join(', ')}`);
  const [was, is] = [a['format'], b['format']];
  if (was !== is && (side === 'request' ? is !== undefined : was !== undefined))
    problems.push(`${place} has the format ${said(is)} instead of ${said(was)}`);
  return problems;
};

const said = (value: unknown): string => (value === undefined ? 'none' : typeof value === 'string' ? value : JSON.stringify(value));

const LOWER = ['minLength', 'minimum', 'exclusiveMinimum', 'minItems', 'minProperties'];
const UPPER = ['maxLength', 'maximum', 'exclusiveMaximum', 'maxItems', 'maxProperties'];
const boundProblems: Compare = (a, b, { side, place }) => {
  if (side === 'reply') return [];
  const number = (schema: Schema, name: string, open: number): number => (typeof schema[name] === 'number' ? schema[name] : open);
  return [
    ...LOWER.filter((name) => number(b, name, -Infinity) > number(a, name, -Infinity)),
    ...UPPER.filter((name) => number(b, name, Infinity) < number(a, name, Infinity)),
    ...['pattern', 'multipleOf', 'uniqueItems'].filter((name) => b[name] !== undefined && b[name] !== a[name]),
  ].map((name) => `${place} has ${name} ${said(b[name])} instead of ${said(a[name])}`);
};

const propertyProblems: Compare = (a, b, at) => {
  const properties = (schema: Schema): Record<string, Schema> => (schema['properties'] ?? {}) as Record<string, Schema>;
  const [old, now] = [properties(a), properties(b)];
  const [wasRequired, isRequired] = [new Set(list(a['required'])), new Set(list(b['required']))];
  const inside = (name: string): string => `${at.place}.${name}`;
  const problems = Object.entries(old).flatMap(([name, schema]) => {
    const given = now[name];
    if (given) return narrower(schema, given, { ...at, place: inside(name) });
    return at.side === 'reply' || b['additionalProperties'] === false ? [`${inside(name)} is gone`] : [];
  });
  if (at.side === 'reply') {
    for (const name of wasRequired) if (name in now && !isRequired.has(name)) problems.push(`${inside(name)} may be absent`);
  } else for (const name of isRequired) if (!wasRequired.has(name)) problems.push(`${inside(name)} is required`);
  const [oldRest, newRest] = [a['additionalProperties'], b['additionalProperties']];
  if (isSchema(oldRest) && isSchema(newRest)) problems.push(...narrower(oldRest, newRest, { ...at, place: inside('*') }));
  return problems;
};
const itemProblems: Compare = (a, b, at) => {
  const place = `${at.place}[]`;
  const items = isSchema(a['items']) && isSchema(b['items']) ? narrower(a['items'], b['items'], { ...at, place }) : [];
  const [old, now] = [a['prefixItems'], b['prefixItems']] as (Schema[] | undefined)[];
  if (!old || !now) return items;
  if (old.length !== now.length) return [`${place} has ${now.length} places instead of ${old.length}`];
  return [...items, ...old.flatMap((schema, index) => narrower(schema, now[index]!, { ...at, place: `${at.place}[${index}]` }))];
};
const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null;
