import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { compileValidate, createFields, type Fields, inspect } from './validate.ts';

const fieldsOf = (schema: z.ZodType, value: unknown): Fields => {
  const fields = createFields();
  compileValidate(schema, 'body')(value, fields);
  return fields;
};
const unknown = 'is not a field of this operation';

describe('keys that the contract does not name', () => {
  test('are refused by plain objects as by strict ones, at any depth, all of them', () => {
    for (const object of [z.object, z.strictObject]) {
      const schema = object({
        a: z.int().optional(),
        inner: object({ b: z.int() }).optional(),
        list: z.array(object({ c: z.int() })).default([]),
      });
      expect(fieldsOf(schema, { a: 1, x: 1, y: 2, inner: { b: 1, x: 1 }, list: [{ c: 1 }, { c: 1, x: 1 }] })).toEqual({
        x: unknown,
        y: unknown,
        'inner.x': unknown,
        'list.1.x': unknown,
      });
      expect(fieldsOf(schema, { a: 1, inner: { b: 1 }, list: [{ c: 1 }] })).toEqual({});
    }
  });
  test('pass where the contract says so: loose objects, records', () => {
    expect(fieldsOf(z.looseObject({ a: z.int() }), { a: 1, x: 1 })).toEqual({});
    expect(fieldsOf(z.record(z.string(), z.int()), { x: 1 })).toEqual({});
    expect(fieldsOf(z.record(z.string(), z.object({ a: z.int() })), { one: { a: 1, x: 1 } })).toEqual({ 'one.x': unknown });
    expect(fieldsOf(z.object({ free: z.unknown(), any: z.json() }), { free: { x: 1 }, any: { y: 1 } })).toEqual({});
  });
  test('in a union: what no branch knows', () => {
    const schema = z.union([z.object({ a: z.int() }), z.object({ b: z.int() })]);
    expect(fieldsOf(schema, { b: 1 })).toEqual({});
    expect(Object.keys(fieldsOf(schema, { b: 1, x: 1 }))).toEqual(['x']);
    const kinds = z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('a'), a: z.int() }),
      z.object({ kind: z.literal('b'), b: z.int() }),
    ]);
    expect(fieldsOf(kinds, { kind: 'b', b: 1 })).toEqual({});
  });
  test('through transforms, refinements and recursion', () => {
    const schema = z
      .object({ a: z.string() })
      .refine(() => true)
      .transform((value) => value.a);
    expect(Object.keys(fieldsOf(schema, { a: 'x', x: 1 }))).toEqual(['x']);
    const Node = z.object({
      name: z.string(),
      get next() {
        return Node.optional();
      },
    });
    expect(fieldsOf(Node, { name: 'a', next: { name: 'b', next: { name: 'c', x: 1 } } })).toEqual({ 'next.next.x': unknown });
  });
});

test('ids have one spelling behind validation, wherever a schema has them', () => {
  const [written, id] = ['0199ABCD-0000-7000-8000-0000000000AA', '0199abcd-0000-7000-8000-0000000000aa'];
  const Tree = z.object({
    id: z.uuid(),
    get inner() {
      return Tree.optional();
    },
  });
  const schema = z.strictObject({
    id: z.uuid(),
    maybe: z.uuid().nullable().optional(),
    list: z.array(z.uuid()),
    by: z.record(z.string(), z.uuid()),
    either: z.union([z.uuid(), z.literal('me')]),
    piped: z.uuid().transform((text) => `${text}!`),
    tree: Tree,
    text: z.string(),
  });
  const call = (of: string, text: string) => ({
    id: of,
    maybe: of,
    list: [of, of],
    by: { A: of },
    either: of,
    piped: of,
    tree: { id: of, inner: { id: of } },
    text,
  });
  const fields = createFields();
  expect(compileValidate(schema, 'body')(call(written, written), fields)).toEqual({ ...call(id, written), piped: `${id}!` });
  expect(fieldsOf(schema, { ...call(written, ''), either: 'me', list: 'none', maybe: null })).toEqual({ list: expect.any(String) });
});

test('what concerns no field is told of the whole', () => {
  expect(
    fieldsOf(
      z.object({}).refine(() => false, 'must name at least one field'),
      {},
    ),
  ).toEqual({ body: 'must name at least one field' });
});

describe('what no schema sees', () => {
  const found = (value: unknown): Fields => {
    const fields: Fields = {};
    inspect(value, '', fields);
    return fields;
  };
  test('NUL and lone surrogates, by field, in values and keys', () => {
    expect(Object.keys(found({ ok: 'ü 👍', a: '\0', b: { c: ['x', '\ud800'] }, d: [{ e: '\udc00x' }] }))).toEqual(['a', 'b.c.1', 'd.0.e']);
    expect(Object.keys(found({ inner: { ['\0']: 1 } }))).toEqual(['inner']);
    expect(Object.keys(found('\0'))).toEqual(['body']);
  });
  test('prototype keys and bottomless nesting end it at once', () => {
    const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
    expect(found(nested(64))).toEqual({});
    expect(() => found(nested(66))).toThrow('could not be read');
    expect(() => found(nested(100_000))).toThrow('could not be read');
    expect(() => found(JSON.parse('{"a":[{"__proto__":1}]}'))).toThrow('could not be read');
    expect(() => found({ constructor: { prototype: {} } })).toThrow('could not be read');
    expect(found({ constructor: 'a builder' })).toEqual({});
  });
});

describe('names that every object has', () => {
  test('B134: a field called toString or constructor is unknown like any other, and never passes for valid', () => {
    for (const name of ['toString', 'constructor', 'valueOf', 'hasOwnProperty', 'isPrototypeOf']) {
      for (const object of [z.object, z.strictObject]) {
        const schema = object({ a: z.int(), inner: object({ b: z.int() }).optional() });
        expect(Object.entries(fieldsOf(schema, { a: 1, [name]: 1 }))).toEqual([[name, unknown]]);
        expect(Object.entries(fieldsOf(schema, { a: 1, inner: { b: 1, [name]: 1 } }))).toEqual([[`inner.${name}`, unknown]]);
      }
      expect(Object.keys(fieldsOf(z.object({ [name]: z.int() }), { [name]: 'x' }))).toEqual([name]);
      expect(Object.keys(fieldsOf(z.union([z.object({ a: z.int() }), z.object({ b: z.int() })]), { b: 1, [name]: 1 }))).toEqual([name]);
    }
  });
  test('a hundred wrong fields are named, not a hundred thousand', () => {
    const many = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`x${i}`, 1]));
    for (const object of [z.object, z.strictObject]) expect(Object.keys(fieldsOf(object({}), many))).toHaveLength(100);
    const list = z.object({ list: z.array(z.int()) });
    expect(Object.keys(fieldsOf(list, { list: Array.from({ length: 50_000 }, () => 'x') }))).toHaveLength(100);
  });
});
