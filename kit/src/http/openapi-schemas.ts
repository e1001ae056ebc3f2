import { z } from 'zod';

export type Json = { readonly [key: string]: unknown };
type Mutable = Record<string, unknown>;

/** Says what a format says already, in a way nobody reads. */
const FORMATS = new Set([
  'uuid',
  'date-time',
  'date',
  'time',
  'email',
  'uri',
  'ipv4',
  'ipv6',
  'duration',
  'base64',
  'base64url',
  'cidrv4',
  'cidrv6',
  'e164',
  'jwt',
]);

/** Cuts what only repeats: patterns beside their format, the bounds of safe integers. */
function tidy(schema: unknown, output: boolean): unknown {
  if (Array.isArray(schema)) return schema.map((item) => tidy(item, output));
  if (typeof schema !== 'object' || schema === null) return schema;
  const out: Mutable = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'default' || key === 'const' || key === 'enum' || key === 'examples') out[key] = value;
    else out[key] = tidy(value, output);
  }
  if (typeof out['format'] === 'string' && FORMATS.has(out['format'])) delete out['pattern'];
  if (out['minimum'] === Number.MIN_SAFE_INTEGER) delete out['minimum'];
  if (out['maximum'] === Number.MAX_SAFE_INTEGER) delete out['maximum'];
  // A reply may gain fields: clients that refuse unknown ones would break on the next release.
  if (output && out['additionalProperties'] === false) delete out['additionalProperties'];
  return out;
}

function renamed(schema: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(schema)) return schema.map((item) => renamed(item, names));
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      const name = key === '$ref' && typeof value === 'string' ? /^#\/\$defs\/(.+)$/.exec(value)?.[1] : undefined;
      return [key, name === undefined ? renamed(value, names) : `#/components/schemas/${names.get(name) ?? name}`];
    }),
  );
}

/** JSON Schemas of one document. Schemas with an id (`.meta({ id: 'Money' })`) and recursive ones become components, each once. */
export class SchemaComponents {
  readonly #components = new Map<string, Json>();

  /**
   * @param io `output` for replies, `input` for what clients send: defaults make them differ.
   * @param hint names a recursive schema that has no id of its own.
   */
  schema(schema: z.ZodType, io: 'input' | 'output', hint: string): Json {
    const { properties, $defs = {} } = z.toJSONSchema(z.object({ it: schema }), {
      io,
      target: 'draft-2020-12',
      unrepresentable: 'any',
      override: ({ zodSchema, jsonSchema }) => {
        delete jsonSchema['plinthPersonal'];
        if (zodSchema._zod.def.type === 'date') Object.assign(jsonSchema, { type: 'string', format: 'date-time' });
      },
    }) as unknown as { properties: { it: Json }; $defs?: Readonly<Record<string, Json>> };
    const output = io === 'output';
    const names = new Map(
      Object.keys($defs).map((id) => [
        id,
        id.startsWith('__schema') ? `${hint}${id.slice('__schema'.length)}` : id.replace(/[^\w.-]/g, '_'),
      ]),
    );
    const written = (): [string, Json][] =>
      Object.entries($defs).map(([id, definition]) => [
        names.get(id)!,
        renamed(tidy({ ...definition, id: undefined }, output), names) as Json,
      ]);
    // The same id with other content: what is sent and what is answered have different shapes.
    for (const [id, name] of names) {
      const [, content] = written().find(([each]) => each === name)!;
      const known = this.#components.get(name);
      if (known !== undefined && JSON.stringify(known) !== JSON.stringify(content)) names.set(id, `${name}${output ? 'Output' : 'Input'}`);
    }
    for (const [name, content] of written()) this.#components.set(name, JSON.parse(JSON.stringify(content)) as Json);
    return JSON.parse(JSON.stringify(renamed(tidy(properties.it, output), names))) as Json;
  }

  /** By name, so that the order of features does not show. */
  all(): Record<string, Json> {
    return Object.fromEntries([...this.#components].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }
  resolve(schema: Json): Json {
    const name = typeof schema['$ref'] === 'string' ? schema['$ref'].slice('#/components/schemas/'.length) : undefined;
    return name === undefined ? schema : (this.#components.get(name) ?? {});
  }
}

const BY_FORMAT: Readonly<Record<string, string>> = {
  uuid: '01977f2e-8a1c-7d3b-9c4e-5f6a7b8c9d0e',
  'date-time': '2026-01-31T09:30:00.000000Z',
  date: '2026-01-31',
  time: '09:30:00',
  email: 'ada@example.com',
  uri: 'https://example.com/',
  ipv4: '203.0.113.7',
  ipv6: '2001:db8::7',
  duration: 'PT10M',
};

/** A value that fits the schema, for the reference page: what the schema itself gives as example, else the plainest. */
export function exampleOf(given: Json, components: SchemaComponents, depth = 0): unknown {
  const schema: Mutable = components.resolve(given);
  const {
    examples,
    example,
    const: constant,
    enum: choices,
    default: fallback,
    anyOf,
    oneOf,
    allOf,
    type,
    properties,
    items,
    prefixItems,
  } = schema;
  if (Array.isArray(examples) && examples.length > 0) return examples[0];
  for (const value of [example, constant, Array.isArray(choices) ? choices[0] : undefined, fallback]) if (value !== undefined) return value;
  const options = (anyOf ?? oneOf) as Json[] | undefined;
  if (options) return exampleOf(options.find((option) => option['type'] !== 'null') ?? options[0]!, components, depth);
  if (allOf) return Object.assign({}, ...(allOf as Json[]).map((part) => exampleOf(part, components, depth)));
  const kind = Array.isArray(type) ? (type as string[]).find((each) => each !== 'null') : type;
  if (kind === 'object') {
    const required = new Set(schema['required'] as string[] | undefined);
    const shown = Object.entries((properties ?? {}) as Record<string, Json>).filter(([name]) => depth < 3 || required.has(name));
    return depth > 5 ? {} : Object.fromEntries(shown.map(([name, property]) => [name, exampleOf(property, components, depth + 1)]));
  }
  if (kind === 'array') {
    if (Array.isArray(prefixItems)) return (prefixItems as Json[]).map((item) => exampleOf(item, components, depth + 1));
    return depth > 3 || !items ? [] : [exampleOf(items as Json, components, depth + 1)];
  }
  if (kind === 'integer' || kind === 'number')
    return Math.max(Number(schema['minimum'] ?? schema['exclusiveMinimum'] ?? 0), Math.min(1, Number(schema['maximum'] ?? 1)));
  if (kind === 'boolean') return true;
  if (kind === 'string')
    return (
      BY_FORMAT[String(schema['format'])] ??
      'string'.padEnd(Number(schema['minLength'] ?? 0), 'x').slice(0, Number(schema['maxLength'] ?? 200))
    );
  return null;
}
