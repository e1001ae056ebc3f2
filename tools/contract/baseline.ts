// The contract without its prose: what callers depend on, one line an operation, so that its history can be read.
type Json = Record<string, unknown>;
export type Schema = Json;
export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: Schema;
}
type Content = Readonly<Record<string, Schema>>;
export interface ContractOperation {
  readonly method: string;
  readonly path: string;
  readonly permission?: string;
  /** The ways to prove who one is; `anonymous` where nothing is wanted. */
  readonly ways: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly body?: { readonly required: boolean; readonly content: Content };
  readonly success: { readonly status: string; readonly content: Content };
  /** Status by code, without those that any operation may answer. */
  readonly errors: Readonly<Record<string, number>>;
}
export interface Contract {
  readonly operations: Readonly<Record<string, ContractOperation>>;
  readonly schemas: Readonly<Record<string, Schema>>;
}
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  readonly components: { readonly schemas: Record<string, Schema>; readonly responses: Record<string, Json>; readonly parameters: Json };
}

/** Nobody breaks by words: they are left out, at any depth. A property may be called so, hence the second parameter. */
function plain(value: unknown, names = false): unknown {
  if (Array.isArray(value)) return value.map((item) => plain(item));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => names || !['description', 'example', 'examples', 'title'].includes(name));
  return Object.fromEntries(kept.map(([name, item]) => [name, plain(item, name === 'properties' && !names)]));
}
const lastOf = (reference: string): string => reference.slice(reference.lastIndexOf('/') + 1);
const contentOf = (holder: Json | undefined): Content =>
  Object.fromEntries(
    Object.entries((holder?.['content'] ?? {}) as Record<string, { schema?: Schema; 'x-event-schema'?: Schema }>).map(([type, media]) => [
      type,
      plain(media['x-event-schema'] ?? media.schema ?? {}) as Schema,
    ]),
  );
function codesOf(response: Json, { components }: OpenApi): string[] {
  const { $ref } = response;
  const { content } = (typeof $ref === 'string' ? components.responses[lastOf($ref)]! : response) as {
    content?: Record<string, { schema: { allOf?: { properties?: { code?: { enum?: string[] } } }[] } }>;
  };
  return content?.['application/problem+json']?.schema.allOf?.flatMap(({ properties }) => properties?.code?.enum ?? []) ?? [];
}

/** @param general codes of the kit, which come and go with the shape of an operation. */
export function contractOf(document: string, general: ReadonlySet<string>): Contract {
  const api = JSON.parse(document) as OpenApi;
  const operations: Record<string, ContractOperation> = {};
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const responses = Object.entries(operation['responses'] as Record<string, Json>);
      const [status, success] = responses.find(([each]) => Number(each) < 400)!;
      const failures = responses.filter(([each]) => Number(each) >= 400);
      const security = operation['security'] as Record<string, unknown>[];
      const body = operation['requestBody'] as Json | undefined;
      operations[operation['operationId'] as string] = {
        method: method.toUpperCase(),
        path,
        ...(operation['x-permission'] !== undefined && { permission: operation['x-permission'] as string }),
        ways: security.length === 0 ? ['anonymous'] : security.map((way) => Object.keys(way)[0] ?? 'anonymous'),
        parameters: (operation['parameters'] as Json[]).map((given) => {
          const parameter = (typeof given['$ref'] === 'string' ? api.components.parameters[lastOf(given['$ref'])] : given) as Parameter;
          return {
            name: parameter.name,
            in: parameter.in,
            required: parameter.required,
            schema: plain(parameter.schema) as Schema,
          };
        }),
        ...(body && { body: { required: body['required'] === true, content: contentOf(body) } }),
        success: { status, content: contentOf(success) },
        errors: Object.fromEntries(
          failures.flatMap(([code, response]) =>
            codesOf(response, api)
              .filter((name) => !general.has(name))
              .map((name) => [name, Number(code)]),
          ),
        ),
      };
    }
  }
  const schemas = Object.entries(api.components.schemas).filter(([name]) => name !== 'Failure' && name !== 'Problem');
  return { operations, schemas: Object.fromEntries(schemas.map(([name, schema]) => [name, plain(schema) as Schema])) };
}

const lines = (values: Readonly<Record<string, unknown>>): string =>
  Object.entries(values)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
    .join(',\n');
export const writeContract = ({ operations, schemas }: Contract): string =>
  `{ "operations": {\n${lines(operations)}\n}, "schemas": {\n${lines(schemas)}\n} }\n`;
