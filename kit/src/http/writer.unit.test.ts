import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { compilePick } from './writer.ts';

const pick = (schema: z.ZodType, value: unknown): unknown => compilePick(schema, 'test')(value);

describe('what leaves the server', () => {
  test('an object keeps what its schema names, at any depth, and nothing else', () => {
    const schema = z.object({
      id: z.string(),
      'odd-key "': z.int(),
      inner: z.object({ a: z.int() }).nullable(),
      list: z.array(z.strictObject({ b: z.int() })).optional(),
    });
    const value = { id: 'x', 'odd-key "': 1, inner: { a: 1, secret: 2 }, list: [{ b: 1, secret: 2 }], secret: 3 };
    expect(pick(schema, value)).toEqual({ id: 'x', 'odd-key "': 1, inner: { a: 1 }, list: [{ b: 1 }] });
    expect(JSON.stringify(pick(schema, { id: 'x', 'odd-key "': 1, inner: null }))).toBe('{"id":"x","odd-key \\"":1,"inner":null}');
  });
  test('records, tuples, unions, intersections, defaults, pipes', () => {
    const inner = z.object({ a: z.int() });
    const full = { a: 1, secret: 2 };
    expect(pick(z.record(z.string(), inner), { x: full, y: full })).toEqual({ x: { a: 1 }, y: { a: 1 } });
    expect(pick(z.tuple([inner, z.string()], inner), [full, 's', full])).toEqual([{ a: 1 }, 's', { a: 1 }]);
    expect(pick(z.intersection(inner, z.object({ b: z.int() })), { ...full, b: 3 })).toEqual({ a: 1, b: 3 });
    expect(pick(inner.default({ a: 1 }).readonly(), full)).toEqual({ a: 1 });
    expect(pick(z.string().pipe(z.string()), 's')).toBe('s');
    const union = z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('a'), a: z.int() }),
      z.object({ kind: z.literal('b'), b: z.int() }),
    ]);
    expect(pick(union, { kind: 'b', b: 1, a: 2 })).toEqual({ kind: 'b', b: 1 });
    expect(pick(union, { kind: 'c', secret: 1 })).toBeUndefined();
    expect(pick(z.union([z.string(), inner]), 's')).toBe('s');
  });
  test('a recursive shape', () => {
    const Node = z.object({
      name: z.string(),
      get children() {
        return z.array(Node);
      },
    });
    const leaf = { name: 'leaf', secret: 1, children: [] };
    expect(pick(Node, { name: 'root', children: [leaf], secret: 2 })).toEqual({ name: 'root', children: [{ name: 'leaf', children: [] }] });
  });
  test('a loose object keeps the rest; dates become text; what JSON cannot say is refused at start', () => {
    expect(pick(z.looseObject({ a: z.int() }), { a: 1, more: 2 })).toEqual({ a: 1, more: 2 });
    expect(JSON.stringify(pick(z.object({ at: z.date() }), { at: new Date(0) }))).toBe('{"at":"1970-01-01T00:00:00.000Z"}');
    for (const schema of [z.object({ n: z.bigint() }), z.map(z.string(), z.string()), z.set(z.string())])
      expect(() => compilePick(schema, 'orders.get')).toThrow(/^orders\.get: .*JSON/);
  });
  test('a key called __proto__ is data', () => {
    const schema = z.object({ ['__proto__']: z.string() });
    const picked = pick(schema, JSON.parse('{"__proto__":"x"}')) as object;
    expect([Object.keys(picked), Object.getPrototypeOf(picked)]).toEqual([['__proto__'], Object.prototype]);
  });
  test('for any object it is what Zod itself would leave', () => {
    const schema = z.object({
      a: z.string().optional(),
      b: z.object({ c: z.number().nullable() }).optional(),
      d: z.array(z.object({ e: z.boolean() })).optional(),
    });
    const value = fc.record(
      {
        a: fc.string(),
        b: fc.record({ c: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })), x: fc.anything() }),
        d: fc.array(fc.record({ e: fc.boolean(), x: fc.anything() })),
        x: fc.anything(),
      },
      { requiredKeys: [] },
    );
    const cut = compilePick(schema, 'test');
    fc.assert(
      fc.property(value, (given) => {
        expect(JSON.stringify(cut(given))).toBe(JSON.stringify(schema.parse(given)));
      }),
      { numRuns: 300 },
    );
  });
});
