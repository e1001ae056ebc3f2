import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as kit from '@plinth/kit';
import { expect, test } from 'vitest';
import { type Contract, contractOf, writeContract } from './baseline.ts';
import { breakingChanges } from './breaking.ts';
import { judge, refusal } from './gate.ts';
import { generalCodes } from './general-codes.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- a document that is meddled with at any place
type Any = any;

const text = await readFile(join(import.meta.dirname, '../../openapi.json'), 'utf8');
const general = generalCodes(kit);
const before = contractOf(text, general);
/** What breaks when the committed document is changed so. */
function broken(change: (document: Any) => void, from = before): string[] {
  const document: Any = JSON.parse(text);
  change(document);
  return breakingChanges(from, contractOf(JSON.stringify(document), general));
}
const PRODUCT = '/api/v1/products/{productId}';
const body = (document: Any, schema: string): Any => document.components.schemas[schema];

test('the same contract breaks nothing, and reads back as it was written', () => {
  expect(broken(() => undefined)).toEqual([]);
  expect(JSON.parse(writeContract(before))).toEqual(before);
  expect(Object.keys(before.operations).length).toBeGreaterThan(100);
  expect(before.operations['products.update']!.errors).toEqual({ PRODUCT_NOT_FOUND: 404, SKU_TAKEN: 409, PRODUCT_CHANGED: 412 });
});

test.each<[what: string, change: (document: Any) => void, said: string[]]>([
  ['an operation that is gone', (d) => delete d.paths[PRODUCT].delete, ['products.delete: is gone']],
  [
    'another address',
    (d) => {
      d.paths['/api/v1/goods/{productId}'] = { delete: d.paths[PRODUCT].delete };
      delete d.paths[PRODUCT].delete;
    },
    ['products.delete: is DELETE /api/v1/goods/{productId} instead of DELETE /api/v1/products/{productId}'],
  ],
  [
    'a field of a reply that is gone, or has another name',
    (d) => {
      const { properties } = body(d, 'CategoryCount');
      properties.count = properties.products;
      delete properties.products;
    },
    ['products.categories: reply.data[].products is gone'],
  ],
  [
    'a field of a reply that may be absent now',
    (d) => (body(d, 'CategoryCount').required = ['category']),
    ['products.categories: reply.data[].products may be absent'],
  ],
  [
    'a field of a reply that may be null now',
    (d) => (body(d, 'CategoryCount').properties.products.type = ['integer', 'null']),
    ['products.categories: reply.data[].products is integer or null instead of integer'],
  ],
  [
    'a field of another type',
    (d) => (body(d, 'NewProduct').properties.stock = { type: 'string' }),
    ['products.create: body.stock is string instead of integer'],
  ],
  [
    'a new field that a request must have',
    (d) => {
      const schema = body(d, 'NewProduct');
      schema.properties.weight = { type: 'integer' };
      schema.required.push('weight');
    },
    ['products.create: body.weight is required'],
  ],
  [
    'a field that a request may not have any more',
    (d) => delete body(d, 'NewProduct').properties.description,
    ['products.create: body.description is gone'],
  ],
  [
    'a bound that is tighter',
    (d) => (body(d, 'NewOrder').properties.lines.maxItems = 50),
    ['orders.place: body.lines has maxItems 50 instead of 100'],
  ],
  [
    'a parameter that is gone',
    (d) =>
      (d.paths['/api/v1/products'].get.parameters = d.paths['/api/v1/products'].get.parameters.filter((p: Any) => p.name !== 'category')),
    ['products.list: no longer takes the query category'],
  ],
  [
    'a parameter that must be there',
    (d) => (d.paths['/api/v1/products'].get.parameters.find((p: Any) => p.name === 'category').required = true),
    ['products.list: requires the query category'],
  ],
  [
    'a code that is gone, or renamed',
    (d) => (d.paths[PRODUCT].patch.responses['409'] = d.paths[PRODUCT].delete.responses['409']),
    ['products.update: no longer answers SKU_TAKEN'],
  ],
  [
    'a code under another status',
    (d) => {
      const { responses } = d.paths[PRODUCT].get;
      responses['410'] = responses['404'];
      delete responses['404'];
    },
    ['products.get: answers PRODUCT_NOT_FOUND with 410 instead of 404'],
  ],
  [
    'another status of success',
    (d) => {
      const { responses } = d.paths['/api/v1/products'].post;
      responses['200'] = responses['201'];
      delete responses['201'];
    },
    ['products.create: answers 200 instead of 201'],
  ],
  [
    'a sign-in that was not wanted before',
    (d) => (d.paths[PRODUCT].get.security = [{ bearer: [] }, { accessToken: [] }, { cookie: [] }, { apiKey: [] }]),
    ['products.get: wants a sign-in'],
  ],
  [
    'another permission',
    (d) => (d.paths[PRODUCT].get['x-permission'] = 'products:see'),
    ['products.get: needs the permission products:see instead of products:read'],
  ],
])('finds %s', (_what, change, said) => {
  expect(broken(change)).toEqual(expect.arrayContaining(said));
  // Whoever uses the same schema is named too, and nobody else.
  expect(broken(change).every((line) => /^[a-z-]+\.\w+: /.test(line))).toBe(true);
});

test('finds a value that is no longer taken, and not one that is new', () => {
  const sort = (document: Any): Any => document.paths['/api/v1/products'].get.parameters.find((p: Any) => p.name === 'sort').schema;
  expect(broken((d) => (sort(d).enum = sort(d).enum.slice(1)))).toEqual([
    `products.list: query sort no longer takes ${sort(JSON.parse(text)).enum[0]}`,
  ]);
  expect(broken((d) => sort(d).enum.push('weight'))).toEqual([]);
});

test.each<[what: string, change: (document: Any) => void]>([
  ['a new operation', (d) => (d.paths['/api/v1/new'] = { get: { ...d.paths[PRODUCT].get, operationId: 'products.new' } })],
  ['a new field of a reply', (d) => (body(d, 'CategoryCount').properties.share = { type: 'number' })],
  ['a new field that a request may have', (d) => (body(d, 'NewProduct').properties.weight = { type: 'integer' })],
  ['a field that a request need not have any more', (d) => (body(d, 'NewProduct').required = ['sku'])],
  ['a wider bound', (d) => (body(d, 'NewOrder').properties.lines.maxItems = 500)],
  ['words', (d) => (body(d, 'NewOrder').properties.lines.description = 'Lines')],
  ['a general error that the shape brings', (d) => delete d.paths[PRODUCT].get.responses['429']],
  [
    'a page for everybody that wanted a permission',
    (d) => {
      d.paths[PRODUCT].patch.security = [];
      delete d.paths[PRODUCT].patch['x-permission'];
    },
  ],
])('takes %s', (_what, change) => expect(broken(change)).toEqual([]));

test('nothing that breaks is taken unasked, and it is said by name; what is only more is taken', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'contract-'));
  const path = join(directory, 'baseline.json');
  const changed = (change: (document: Any) => void): Contract => {
    const document: Any = JSON.parse(text);
    change(document);
    return contractOf(JSON.stringify(document), general);
  };
  const lessAndMore = changed((d) => {
    delete d.paths[PRODUCT].delete;
    body(d, 'CategoryCount').properties.share = { type: 'number' };
  });
  try {
    expect(await judge(path, before, false)).toEqual({ breaking: [], text: writeContract(before) });
    await writeFile(path, writeContract(before));
    expect(await judge(path, lessAndMore, false)).toEqual({ breaking: ['products.delete: is gone'], text: null });
    expect(refusal(['products.delete: is gone'])).toContain('\n  products.delete: is gone\n');
    expect(await judge(path, lessAndMore, true)).toMatchObject({ text: writeContract(lessAndMore) });
    const more = changed((d) => (body(d, 'CategoryCount').properties.share = { type: 'number' }));
    expect(await judge(path, more, false)).toEqual({ breaking: [], text: writeContract(more) });
  } finally {
    await rm(directory, { recursive: true });
  }
});

test('a schema that holds itself, and unions, end', () => {
  const contract = (schema: Any, extra: Any = {}): Contract => ({
    operations: {
      'a.b': {
        method: 'GET',
        path: '/a',
        ways: ['anonymous'],
        parameters: [],
        success: { status: '200', content: { 'application/json': schema } },
        errors: {},
      },
    },
    schemas: extra,
  });
  const tree = (value: string): Any => ({
    Tree: {
      type: 'object',
      properties: { value: { type: value }, children: { type: 'array', items: { $ref: '#/components/schemas/Tree' } } },
    },
  });
  const reference = { $ref: '#/components/schemas/Tree' };
  expect(breakingChanges(contract(reference, tree('string')), contract(reference, tree('integer')))).toEqual([
    'a.b: reply.value is integer instead of string',
  ]);
  const one = { type: 'object', properties: { kind: { const: 'one' } }, required: ['kind'] };
  const two = { type: 'object', properties: { kind: { const: 'two' } }, required: ['kind'] };
  expect(breakingChanges(contract({ anyOf: [one, two] }), contract({ anyOf: [two, one] }))).toEqual([]);
  expect(breakingChanges(contract(one), contract({ anyOf: [one, { type: 'null' }] }))).toEqual([
    'a.b: reply may have a form that it never had',
  ]);
});
