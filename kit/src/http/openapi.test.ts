import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { allow, defineError, definePermission } from '../definitions.ts';
import { createCatalog, defineFeature } from '../feature.ts';
import { bare, CursorPaging, defineOperations, file, form, paged, Paging, raw, redirect, sse, stream, upload } from '../operation.ts';
import { openApiDocument } from './openapi.ts';

const read = definePermission('things:read', 'Read things', ['guest', 'member']);
const write = definePermission('things:write', 'Change things', ['member']);
const manage = definePermission('things:manage', 'Manage things');
const NameTaken = defineError('THING_NAME_TAKEN', 409, 'A thing with this name exists');
const Money = z
  .object({ amount: z.int().min(0), currency: z.string().length(3).default('EUR') })
  .meta({ id: 'Money', description: 'Minor units' });
const Thing = z.object({
  id: z.uuid(),
  name: z.string(),
  version: z.int(),
  price: Money,
  madeAt: z.iso.datetime(),
  get parts() {
    return z.array(Thing).optional();
  },
});
const nothing = 'nothing, because it is a test';
const byId = z.object({ id: z.uuid().describe('Which thing') });

const operations = defineOperations({
  get: {
    method: 'GET',
    path: '/things/:id',
    summary: 'Read a thing',
    description: 'With its parts.',
    access: allow(read, { own: manage }),
    params: byId,
    reply: Thing,
  },
  list: {
    method: 'GET',
    path: '/things',
    summary: 'List things',
    access: allow(read),
    query: CursorPaging.extend({ colour: z.enum(['red', 'blue']).optional().describe('Only of this colour') }),
    reply: paged(Thing, { cursor: true }),
    example: { query: { colour: 'blue' } },
  },
  pages: { method: 'GET', path: '/pages', summary: 'List pages', access: 'public', query: Paging, reply: paged(z.object({ n: z.int() })) },
  create: {
    method: 'POST',
    path: '/things',
    summary: 'Make a thing',
    access: allow(write),
    body: z.strictObject({ name: z.string().min(1), price: Money }),
    status: 201,
    reply: Thing,
    errors: [NameTaken],
    publishes: nothing,
    example: { body: { name: 'Lamp', price: { amount: 1250, currency: 'EUR' } } },
  },
  change: {
    method: 'PATCH',
    path: '/things/:id',
    summary: 'Change a thing',
    access: allow(write, { scope: 'project' }),
    params: byId,
    ifMatch: true,
    body: z.strictObject({ name: z.string() }),
    reply: Thing,
    publishes: nothing,
  },
  remove: {
    method: 'DELETE',
    path: '/things/:id',
    summary: 'Remove a thing',
    access: allow(manage, { fresh: '10m' }),
    params: byId,
    publishes: nothing,
    deprecated: { since: '2026-01-01', sunset: '2027-01-01' },
  },
  search: {
    method: 'POST',
    path: '/search',
    summary: 'Search',
    access: 'signed-in',
    safe: true,
    body: z.object({ q: z.string() }).optional(),
    reply: z.array(Thing),
  },
  key: {
    method: 'POST',
    path: '/keys',
    summary: 'Make a key',
    access: 'signed-in',
    secret: true,
    tx: 'own',
    reply: z.object({ secret: z.string() }),
    publishes: nothing,
  },
  token: {
    method: 'POST',
    path: '/oauth/token',
    at: 'root',
    summary: 'Token',
    access: 'public',
    safe: true,
    body: form(z.strictObject({ grant_type: z.string() })),
    reply: bare(z.object({ access_token: z.string() })),
  },
  hook: {
    method: 'POST',
    path: '/hook',
    summary: 'Hook',
    access: 'public',
    safe: true,
    body: raw({ types: ['application/json', 'text/plain'], limit: 1000 }),
  },
  store: {
    method: 'POST',
    path: '/files',
    summary: 'Upload',
    access: allow(write),
    body: upload({ limit: 1000, files: 2, types: ['image/png'] }),
    publishes: nothing,
    limit: { requests: 5, seconds: 60, by: 'address' },
  },
  download: { method: 'GET', path: '/files/*', summary: 'Download', access: 'public', reply: file('text/csv') },
  flow: { method: 'GET', path: '/flow', summary: 'Flow', access: 'public', reply: stream('text/plain') },
  events: { method: 'GET', path: '/events', summary: 'Events', access: 'public', reply: sse(z.object({ n: z.int() })) },
  away: { method: 'GET', path: '/away', summary: 'Away', access: 'public', reply: redirect() },
  socket: { method: 'GET', path: '/socket', at: 'root', summary: 'Socket', access: 'signed-in', upgrade: true },
});
const things = defineFeature({
  name: 'things',
  contract: { read, write, manage, NameTaken, operations },
  setup: () => ({ api: {}, controller: {} as never }),
});
const catalog = createCatalog([things]);
const document = JSON.parse(JSON.stringify(openApiDocument(catalog))) as ReturnType<typeof openApiDocument>;
// oxlint-disable-next-line typescript/no-explicit-any
const at = (path: string, method: string): any => document.paths[path]![method];

test('it is a valid OpenAPI 3.1 document and every reference leads somewhere', async () => {
  const validator = new Validator();
  const result = await validator.validate(structuredClone(document));
  expect(result).toEqual({ valid: true });
  expect(validator.version).toBe('3.1');
  for (const [, pointer] of JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    const found = pointer!.split('/').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document);
    expect(found, pointer).toBeDefined();
  }
});

test('every operation is there once, with summary, tag, description, security, success and failures in both forms', () => {
  const written = Object.values(document.paths).flatMap((methods) => Object.values(methods)) as {
    operationId: string;
    [key: string]: unknown;
  }[];
  expect(written.map(({ operationId }) => operationId).toSorted()).toEqual(catalog.operations.map(({ id }) => id).toSorted());
  const { responses } = document['components'] as {
    responses: Record<
      string,
      { content: Record<string, { examples: Record<string, { value: { error?: { code: string }; code?: string } }> }> }
    >;
  };
  for (const operation of written) {
    expect(operation).toMatchObject({
      tags: ['things'],
      summary: expect.stringMatching(/./),
      description: expect.stringMatching(/./),
      security: expect.any(Array),
    });
    const statuses = Object.entries(operation['responses'] as Record<string, { $ref?: string }>);
    expect(statuses.filter(([status]) => status < '400').length).toBe(1);
    for (const needed of ['400', '401', '429', '500', '503']) expect(statuses.map(([status]) => status)).toContain(needed);
    for (const [, { $ref }] of statuses.filter(([status]) => status >= '400')) {
      const { content } = responses[$ref!.slice('#/components/responses/'.length)]!;
      for (const [code, { value }] of Object.entries(content['application/json']!.examples))
        expect(value).toMatchObject({ success: false, error: { code, message: expect.any(String), requestId: expect.any(String) } });
      for (const [code, { value }] of Object.entries(content['application/problem+json']!.examples))
        expect(value).toMatchObject({ code, type: expect.stringContaining('urn:'), status: expect.any(Number) });
    }
  }
});

test('replies: envelope, page, bare, file, stream, events, redirect, nothing, socket', () => {
  const content = (path: string, method: string, status: string) => at(path, method).responses[status].content;
  expect(content('/api/v1/things/{id}', 'get', '200')['application/json'].schema).toMatchObject({
    required: ['success', 'data', 'meta'],
    properties: { data: { $ref: expect.stringMatching(/^#\/components\/schemas\//) } },
  });
  expect(at('/api/v1/things/{id}', 'get').responses['200'].headers).toHaveProperty('ETag');
  expect(content('/api/v1/things', 'get', '200')['application/json'].schema.properties.data.type).toBe('array');
  expect(JSON.stringify(content('/api/v1/things', 'get', '200'))).toContain('CursorPagination');
  expect(JSON.stringify(content('/api/v1/pages', 'get', '200'))).not.toContain('CursorPagination');
  expect(content('/oauth/token', 'post', '200')['application/json'].schema.properties).toEqual({ access_token: { type: 'string' } });
  expect(content('/api/v1/files/{path}', 'get', '200')).toHaveProperty(['text/csv']);
  expect(content('/api/v1/flow', 'get', '200')).toHaveProperty(['text/plain']);
  expect(content('/api/v1/events', 'get', '200')['text/event-stream']['x-event-schema'].properties).toEqual({ n: { type: 'integer' } });
  expect(at('/api/v1/away', 'get').responses['302'].headers).toHaveProperty('Location');
  expect(at('/api/v1/things/{id}', 'delete').responses['204'].content).toBeUndefined();
  expect(at('/socket', 'get').responses).toHaveProperty('101');
});

test('bodies: JSON, form, raw, upload, each with its media type; examples come from the contract', () => {
  const body = (path: string, method = 'post') => at(path, method).requestBody;
  expect(body('/api/v1/things')).toMatchObject({
    required: true,
    content: { 'application/json': { example: { name: 'Lamp' }, schema: { additionalProperties: false, required: ['name', 'price'] } } },
  });
  expect(body('/api/v1/search').required).toBe(false);
  expect(body('/oauth/token').content).toHaveProperty(['application/x-www-form-urlencoded']);
  expect(Object.keys(body('/api/v1/hook').content)).toEqual(['application/json', 'text/plain']);
  expect(body('/api/v1/files').content['multipart/form-data'].schema.properties.file).toMatchObject({ type: 'array', maxItems: 2 });
  expect(at('/api/v1/keys', 'post').requestBody).toBeUndefined();
});

test('parameters: path, query with defaults, Idempotency-Key on unsafe ones, If-Match where it counts', () => {
  const names = (path: string, method: string): string[] =>
    at(path, method).parameters.map((each: { name?: string; $ref?: string }) => each.name ?? each.$ref!.split('/').at(-1));
  expect(names('/api/v1/things', 'get')).toEqual(['page', 'limit', 'cursor', 'colour']);
  expect(at('/api/v1/things', 'get').parameters[3]).toMatchObject({
    name: 'colour',
    in: 'query',
    required: false,
    description: 'Only of this colour',
    example: 'blue',
    schema: { enum: ['red', 'blue'] },
  });
  expect(at('/api/v1/things', 'get').parameters[1]).toMatchObject({ required: false, schema: { default: 20, minimum: 1, maximum: 100 } });
  expect(names('/api/v1/things/{id}', 'patch')).toEqual(['id', 'Idempotency-Key', 'If-Match']);
  expect(names('/api/v1/search', 'post')).toEqual([]);
  expect(names('/api/v1/files/{path}', 'get')).toEqual(['path']);
});

test('access: open, signed in, permission, guests, fresh; and what follows for the errors', () => {
  const codes = (path: string, method: string): string => JSON.stringify(at(path, method).responses);
  expect(at('/api/v1/pages', 'get').security).toEqual([]);
  expect(at('/api/v1/search', 'post').security).toEqual([{ bearer: [] }, { accessToken: [] }, { cookie: [] }]);
  expect(at('/api/v1/things', 'post').security).toEqual([{ bearer: [] }, { accessToken: [] }, { cookie: [] }, { apiKey: [] }]);
  expect(at('/api/v1/things', 'get').security).toContainEqual({});
  expect(at('/api/v1/things/{id}', 'delete').security).not.toContainEqual({ apiKey: [] });
  expect(at('/api/v1/things', 'post')).toMatchObject({
    'x-permission': 'things:write',
    description: expect.stringContaining('`things:write`'),
  });
  expect(at('/api/v1/things/{id}', 'delete')).toMatchObject({ deprecated: true, description: expect.stringContaining('2027-01-01') });
  expect(codes('/api/v1/things', 'post')).toContain('THING_NAME_TAKEN');
  expect(codes('/api/v1/pages', 'get')).not.toMatch(/FORBIDDEN|SIGN_IN_REQUIRED|NOT_FOUND|IDEMPOTENCY/);
  expect(codes('/api/v1/things/{id}', 'delete')).toMatch(/INSUFFICIENT_USER_AUTHENTICATION.*FORBIDDEN.*NOT_FOUND.*IDEMPOTENCY_KEY_BUSY/);
  expect(codes('/api/v1/things/{id}', 'patch')).toContain('PRECONDITION_FAILED');
  expect(codes('/api/v1/keys', 'post')).toContain('REPLAY_WITHHELD');
});

test('schemas with an id are components once; input and output forms are told apart', () => {
  const { schemas } = document['components'] as { schemas: Record<string, { required?: string[]; description?: string }> };
  expect(schemas['Money']).toMatchObject({ description: 'Minor units', required: ['amount', 'currency'] });
  expect(schemas['MoneyInput']!.required).toEqual(['amount']);
  expect(JSON.stringify(at('/api/v1/things', 'post').requestBody)).toContain('#/components/schemas/MoneyInput');
  expect(JSON.stringify(document)).not.toMatch(/__schema|\$defs|9007199254740991|plinthPersonal/);
});

test('the same catalogue gives the same text', () => {
  expect(JSON.stringify(openApiDocument(createCatalog([things])))).toBe(JSON.stringify(openApiDocument(catalog)));
});
