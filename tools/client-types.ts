// The types of @plinth/client, made from openapi.json by openapi-typescript.
import openapiTS, { astToString } from 'openapi-typescript';

type Json = Record<string, unknown>;
type Operation = Json & { responses: Json };

const PROBLEM = 'application/problem+json';

/** What the client itself answers where no server did: one more error of every operation. `client/src/problems.ts` makes them. */
const OF_THE_CLIENT = {
  description: 'No answer, or none of this server.',
  content: { [PROBLEM]: { schema: problemOf(['UNREACHABLE', 'UNEXPECTED_REPLY']) } },
};

function problemOf(codes: unknown): Json {
  return {
    allOf: [
      { $ref: '#/components/schemas/Problem' },
      { type: 'object', required: ['code'], properties: { code: { type: 'string', enum: codes } } },
    ],
  };
}
/** The client asks for errors as RFC 9457 has them; nothing of the other form, and of headers, is of use in a type. */
function errorResponse(response: Json): Json {
  const { schema } = (response['content'] as Record<string, { schema: { allOf: Json[] } }>)[PROBLEM]!;
  const codes = schema.allOf.map(({ properties }) => (properties as { code?: { enum?: string[] } } | undefined)?.code?.enum).find(Boolean);
  return { description: response['description'], content: { [PROBLEM]: { schema: problemOf(codes) } } };
}
/** Any value of JSON is a schema that holds itself; as a type of its own TypeScript refuses it. */
const isAnyJson = (name: string, schema: Json): boolean =>
  !('properties' in schema) && JSON.stringify(schema).includes(`"#/components/schemas/${name}"`);
/** Examples are for the reference page: as comments they would be most of the file. */
function withoutExamples(value: unknown, names = false): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutExamples(item));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => names || (name !== 'example' && name !== 'examples'));
  return Object.fromEntries(kept.map(([name, item]) => [name, withoutExamples(item, name === 'properties' && !names)]));
}
const describedShortly = (response: Json): Json => ({ ...response, headers: undefined, description: '' });

/** @param document what `openapi.json` holds. @returns the text of `client/src/generated/api.ts`. */
export async function clientTypes(document: string): Promise<string> {
  const api = withoutExamples(JSON.parse(document)) as {
    paths: Record<string, Record<string, Operation>>;
    components: { responses: Record<string, Json>; schemas: Record<string, Json>; headers?: unknown };
  };
  delete api.components.headers;
  delete api.components.schemas['Failure'];
  for (const [name, schema] of Object.entries(api.components.schemas)) if (isAnyJson(name, schema)) api.components.schemas[name] = {};
  api.components.responses = Object.fromEntries(
    Object.entries(api.components.responses).map(([name, response]) => [name, describedShortly(errorResponse(response))]),
  );
  api.components.responses['OfTheClient'] = OF_THE_CLIENT;
  for (const operations of Object.values(api.paths)) {
    for (const operation of Object.values(operations)) {
      operation.responses = {
        ...Object.fromEntries(
          Object.entries(operation.responses).map(([status, response]) => [status, describedShortly(response as Json)]),
        ),
        default: { $ref: '#/components/responses/OfTheClient' },
      };
    }
  }
  const ast = await openapiTS(JSON.stringify(api), { alphabetize: false, defaultNonNullable: false });
  return `// Generated from openapi.json: npm run generate.\n${astToString(ast)}`;
}
