import type { z } from 'zod';
import { maxAgeOf, ruleOf } from '../definitions.ts';
import type { Catalog, CatalogOperation } from '../feature.ts';
import { isSafe, type BodyKind, type Operation, type ReplyKind } from '../operation.ts';
import { ABOUT, HEADERS, META_SCHEMAS, PARAMETERS, ref, SECURITY } from './openapi-parts.ts';
import { ERROR_SCHEMAS, ErrorResponses } from './openapi-errors.ts';
import { exampleOf, type Json, SchemaComponents } from './openapi-schemas.ts';

/** What a document says of itself. */
export interface ApiInfo {
  readonly title?: string;
  readonly version?: string;
}
export type OpenApiDocument = Json & { readonly paths: Readonly<Record<string, Readonly<Record<string, Json>>>> };

function securityOf({ access }: Operation): Json[] {
  if (access === 'public') return [];
  const rule = ruleOf(access);
  const ways = ['bearer', 'accessToken', 'cookie', ...(rule !== null && rule.fresh === undefined ? ['apiKey'] : [])]; // a key is no person
  const anonymous = rule?.permission.roles.includes('guest') === true;
  return [...ways.map((way) => ({ [way]: [] })), ...(anonymous ? [{}] : [])];
}

function descriptionOf({ description, access, deprecated, limit, tx }: Operation): string {
  const rule = ruleOf(access);
  const fresh = maxAgeOf(access);
  const lines = [
    description,
    access === 'public'
      ? 'Open to everybody.'
      : rule === null
        ? 'For everybody who is signed in.'
        : `Needs the permission \`${rule.permission.name}\` (${rule.permission.title}).`,
    rule?.own && `Without \`${rule.own.name}\` only your own are seen.`,
    rule?.scope && `The permission also counts when it is held in the ${rule.scope}.`,
    fresh && `You must have proved who you are in the last ${fresh}; neither API keys nor impersonators can.`,
    limit && `At most ${limit.requests} requests in ${limit.seconds} seconds${limit.by === 'address' ? ' from one network' : ''}.`,
    tx === 'own' && 'It may call other systems and take longer.',
    deprecated && `Deprecated since ${deprecated.since}${deprecated.sunset ? `; it ends on ${deprecated.sunset}` : ''}.`,
  ];
  return lines.filter(Boolean).join('\n\n');
}

const camel = (id: string): string =>
  id
    .split(/[.-]/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
/** `/things/:id` as OpenAPI writes it. */
const templateOf = ({ path, at }: Operation): string =>
  (at === 'root' ? path : `/api/v1${path}`).replace(/:(\w+)(\([^)]*\))?/g, '{$1}').replace(/\*$/, '{path}');

class Writer {
  readonly schemas = new SchemaComponents();
  readonly errors = new ErrorResponses();

  /** The reply where it succeeds. Written for all operations before any body, so that replies keep the plain names of shared schemas. */
  success(entry: CatalogOperation): [string, Json] {
    const { operation, id } = entry;
    const { reply, upgrade } = operation;
    const headers = {
      'X-Request-Id': ref('headers', 'X-Request-Id'),
      ...(isSafe(operation) ? {} : { 'Idempotent-Replayed': ref('headers', 'Idempotent-Replayed') }),
    };
    if (upgrade) return ['101', { description: 'The connection is a WebSocket from now on.', headers }];
    const status = String(operation.status ?? (reply === undefined ? 204 : 200));
    if (reply === undefined) return [status, { description: 'Done; nothing to say.', headers }];
    if ('kind' in reply && reply.kind === 'redirect')
      return ['302', { description: 'Elsewhere.', headers: { ...headers, Location: ref('headers', 'Location') } }];
    const { description, content, versioned } = this.#content(reply, camel(id));
    return [status, { description, headers: versioned ? { ...headers, ETag: ref('headers', 'ETag') } : headers, content }];
  }

  #content(reply: Exclude<ReplyKind, { kind: 'redirect' }>, hint: string): { description: string; content: Json; versioned?: boolean } {
    const binary = { type: 'string', format: 'binary' };
    if (!('kind' in reply)) return this.#json(reply, hint, true);
    if (reply.kind === 'bare') return this.#json(reply.schema, hint, false);
    if (reply.kind === 'file') return { description: 'The file.', content: { [reply.type]: { schema: binary } } };
    if (reply.kind === 'stream') return { description: 'Bytes as they come.', content: { [reply.type]: { schema: binary } } };
    if (reply.kind === 'sse') {
      const schema = this.schemas.schema(reply.schema, 'output', hint);
      return {
        description: 'Server-sent events; the `data` of each is JSON as `x-event-schema` says.',
        content: { 'text/event-stream': { schema: { type: 'string' }, 'x-event-schema': schema } },
      };
    }
    const item = this.schemas.schema(reply.item, 'output', hint);
    const pagination = reply.cursor
      ? { oneOf: [ref('schemas', 'Pagination'), ref('schemas', 'CursorPagination')] }
      : ref('schemas', 'Pagination');
    const meta = { allOf: [ref('schemas', 'Meta'), { type: 'object', required: ['pagination'], properties: { pagination } }] };
    const data = [exampleOf(item, this.schemas)];
    const example = {
      success: true,
      data,
      meta: { timestamp: '2026-01-31T09:30:00.000Z', pagination: { page: 1, limit: 20, total: 1, totalPages: 1, hasMore: false } },
    };
    return {
      description: 'One page.',
      content: { 'application/json': { schema: envelope({ type: 'array', items: item }, meta), example } },
    };
  }

  #json(schema: z.ZodType, hint: string, enveloped: boolean): { description: string; content: Json; versioned: boolean } {
    const data = this.schemas.schema(schema, 'output', hint);
    const sample = exampleOf(data, this.schemas);
    const versioned = ['integer', 'number'].includes(
      String((this.schemas.resolve(data)['properties'] as Record<string, Json> | undefined)?.['version']?.['type']),
    );
    const content = enveloped
      ? {
          schema: envelope(data, ref('schemas', 'Meta')),
          example: { success: true, data: sample, meta: { timestamp: '2026-01-31T09:30:00.000Z' } },
        }
      : { schema: data, example: sample };
    return { description: 'Success.', content: { 'application/json': content }, versioned };
  }

  parameters({ id, operation }: CatalogOperation): Json[] {
    const { params, query, headers, ifMatch, path, example } = operation;
    const placeholders = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name!).concat(path.endsWith('*') ? ['path'] : []);
    const paths = params ? this.#fields(params, 'path', `${camel(id)}Params`) : [];
    const undeclared = placeholders
      .filter((name) => !paths.some((each) => each['name'] === name))
      .map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
    return [
      ...paths.filter((each) => placeholders.includes(String(each['name']))),
      ...undeclared,
      ...(query ? this.#fields(query, 'query', `${camel(id)}Query`, example?.query) : []),
      ...(headers ? this.#fields(headers, 'header', `${camel(id)}Headers`) : []),
      ...(isSafe(operation) ? [] : [ref('parameters', 'Idempotency-Key')]),
      ...(ifMatch ? [ref('parameters', 'If-Match')] : []),
    ];
  }

  #fields(schema: z.ZodObject, where: 'path' | 'query' | 'header', hint: string, example?: unknown): Json[] {
    const { properties = {}, required = [] } = this.schemas.resolve(this.schemas.schema(schema, 'input', hint)) as {
      properties?: Record<string, Json>;
      required?: string[];
    };
    return Object.entries(properties).map(([name, property]) => {
      const { description, ...rest } = property;
      const given = (example as Record<string, unknown> | undefined)?.[name];
      const shown = where === 'path' ? exampleOf(property, this.schemas) : given;
      return { name, in: where, required: where === 'path' || required.includes(name), description, schema: rest, example: shown };
    });
  }

  body({ id, operation }: CatalogOperation): Json | null {
    const { body, example } = operation;
    if (body === undefined) return null;
    const schema = schemaOf(body);
    if (schema) {
      const type = 'kind' in body && body.kind === 'form' ? 'application/x-www-form-urlencoded' : 'application/json';
      const written = this.schemas.schema(schema, 'input', `${camel(id)}Body`);
      return {
        required: !schema.safeParse(undefined).success,
        content: { [type]: { schema: written, example: example?.body ?? exampleOf(written, this.schemas) } },
      };
    }
    if ('kind' in body && body.kind === 'raw') {
      return {
        required: true,
        description: `At most ${body.limit} bytes, exactly as they are.`,
        content: Object.fromEntries(body.types.map((type) => [type, {}])),
      };
    }
    if (!('kind' in body) || body.kind !== 'upload') return null;
    const file = { type: 'string', format: 'binary', ...(body.types && { description: `One of ${body.types.join(', ')}.` }) };
    const files = body.files > 1 ? { type: 'array', items: file, maxItems: body.files } : file;
    const encoding = body.types ? { encoding: { file: { contentType: body.types.join(', ') } } } : {};
    return {
      required: true,
      description: `At most ${body.files} file${body.files > 1 ? 's' : ''} of ${body.limit} bytes.`,
      content: { 'multipart/form-data': { schema: { type: 'object', properties: { file: files } }, ...encoding } },
    };
  }
}

const schemaOf = (body: BodyKind): z.ZodType | null => (!('kind' in body) ? body : 'schema' in body ? body.schema : null);
const envelope = (data: Json, meta: Json): Json => ({
  type: 'object',
  required: ['success', 'data', 'meta'],
  properties: { success: { type: 'boolean', const: true }, data, meta },
});
const title = (feature: string): string => feature.charAt(0).toUpperCase() + feature.slice(1).replaceAll('-', ' ');

/** The whole catalogue as OpenAPI 3.1. The same catalogue gives the same text, so that the file can be committed and compared. */
export function openApiDocument(
  catalog: Pick<Catalog, 'operations' | 'features'>,
  { title: name = 'Plinth API', version = '1' }: ApiInfo = {},
): OpenApiDocument {
  const writer = new Writer();
  const successes = new Map(catalog.operations.map((entry) => [entry.id, writer.success(entry)]));
  const paths: Record<string, Record<string, Json>> = {};
  for (const entry of catalog.operations) {
    const { operation, id, feature } = entry;
    const [status, success] = successes.get(id)!;
    const requestBody = writer.body(entry);
    const rule = ruleOf(operation.access);
    (paths[templateOf(operation)] ??= {})[operation.method.toLowerCase()] = {
      operationId: id,
      tags: [feature],
      summary: operation.summary,
      description: descriptionOf(operation),
      ...(operation.deprecated && { deprecated: true }),
      ...(rule && { 'x-permission': rule.permission.name }),
      ...(Array.isArray(operation.publishes) && { 'x-publishes': operation.publishes.map((event: { name: string }) => event.name) }),
      security: securityOf(operation),
      parameters: writer.parameters(entry),
      ...(requestBody && { requestBody }),
      responses: Object.fromEntries([[status, success], ...writer.errors.responses(operation)]),
    };
  }
  const used = new Set(catalog.operations.map(({ feature }) => feature));
  const tags = catalog.features
    .filter((feature) => used.has(feature.name))
    .map((feature) => ({ name: feature.name, 'x-displayName': title(feature.name) }));
  const document = {
    openapi: '3.1.0',
    info: { title: name, version, description: ABOUT },
    servers: [{ url: '/' }],
    tags,
    paths,
    components: {
      schemas: { ...META_SCHEMAS, ...ERROR_SCHEMAS, ...writer.schemas.all() },
      responses: writer.errors.all(),
      parameters: PARAMETERS,
      headers: HEADERS,
      securitySchemes: SECURITY,
    },
  };
  return JSON.parse(JSON.stringify(document)) as OpenApiDocument; // without what is undefined
}
