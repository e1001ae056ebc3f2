// The contract of the server, and what a console makes of it: which addresses are lists, what belongs to a thing, what may be filled in.
import { queryOptions } from '@tanstack/react-query';
import { call } from './client.ts';

export interface Schema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly (string | number)[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly $ref?: string;
}
export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Schema;
}
type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
export interface Operation {
  readonly id: string;
  readonly feature: string;
  readonly method: Method;
  readonly template: string;
  readonly summary: string;
  readonly permission: string | undefined;
  readonly parameters: readonly Parameter[];
  readonly body: Schema | undefined;
  readonly reply: Schema | undefined;
  readonly takesIfMatch: boolean;
}
export interface Contract {
  readonly operations: readonly Operation[];
  readonly features: readonly { readonly name: string; readonly title: string }[];
  resolve(schema: Schema): Schema;
}
interface Json {
  readonly [name: string]: never;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const PREFIX = '/api/v1';

function contractOf(document: {
  tags: { name: string; 'x-displayName': string }[];
  paths: Record<string, Record<string, Json>>;
  components: { schemas: Record<string, Schema>; parameters: Record<string, Parameter> };
}): Contract {
  const { components } = document;
  const last = (reference: string): string => reference.slice(reference.lastIndexOf('/') + 1);
  const operations = Object.entries(document.paths)
    .filter(([path]) => path.startsWith(PREFIX))
    .flatMap(([path, methods]) =>
      METHODS.filter((method) => method in methods).map((method): Operation => {
        const operation = methods[method] as unknown as {
          operationId: string;
          tags: string[];
          summary: string;
          'x-permission'?: string;
          parameters: (Parameter & { $ref?: string })[];
          requestBody?: { content: Record<string, { schema?: Schema }> };
          responses: Record<string, { content?: Record<string, { schema?: Schema }> }>;
        };
        const parameters = operation.parameters.map((each) => (each.$ref ? components.parameters[last(each.$ref)]! : each));
        const success = Object.entries(operation.responses).find(([status]) => Number(status) < 400)?.[1];
        return {
          id: operation.operationId,
          feature: operation.tags[0]!,
          method,
          template: path.slice(PREFIX.length),
          summary: operation.summary,
          permission: operation['x-permission'],
          parameters,
          body: operation.requestBody?.content['application/json']?.schema,
          reply: success?.content?.['application/json']?.schema?.properties?.['data'],
          takesIfMatch: parameters.some(({ name }) => name === 'If-Match'),
        };
      }),
    );
  return {
    operations,
    features: document.tags.map(({ name, 'x-displayName': title }) => ({ name, title })),
    resolve: (schema) => (schema.$ref === undefined ? schema : (components.schemas[last(schema.$ref)] ?? {})),
  };
}

export const contractQuery = queryOptions({
  queryKey: ['contract'],
  queryFn: async ({ signal }) => contractOf((await (await fetch('/openapi.json', { signal })).json()) as never),
  staleTime: Infinity,
});
export interface Mine {
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
  readonly scoped: readonly { readonly type: string; readonly permissions: readonly string[] }[];
}
export const mineQuery = queryOptions({
  queryKey: ['mine'],
  queryFn: async ({ signal }) => (await call<Mine>({ method: 'get', path: '/api/v1/access/me', signal })).data,
  staleTime: 30_000,
});
/** The server decides; this only keeps what would be refused out of the way. */
export function mayCall({ permissions, scoped }: Mine, { permission, template }: Operation): boolean {
  if (permission === undefined) return true;
  const grants = (held: string): boolean =>
    held === '*' || held === permission || (held.endsWith(':*') && permission.startsWith(held.slice(0, -1)));
  return permissions.some(grants) || (template.includes('{') && scoped.some((scope) => scope.permissions.some(grants)));
}

export interface Match {
  readonly operation: Operation;
  readonly params: Readonly<Record<string, string>>;
}
const expressions = new Map<string, RegExp>();
export const expressionOf = (template: string): RegExp => {
  let expression = expressions.get(template);
  if (!expression)
    expressions.set(
      template,
      (expression = new RegExp(`^${template.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`)),
    );
  return expression;
};
/** The operation at an address; one that names it in letters goes before one that takes it as a parameter. */
export function match({ operations }: Contract, method: Method, path: string): Match | undefined {
  const found = operations.flatMap((operation) => {
    const groups = operation.method === method ? expressionOf(operation.template).exec(path) : null;
    return groups ? [{ operation, params: { ...groups.groups } }] : [];
  });
  return found.toSorted((a, b) => Object.keys(a.params).length - Object.keys(b.params).length)[0];
}
/** A thing that has no page of its own in the API, only acts: `/jobs/queues/{job}` of `/jobs/queues/{job}/pause`. */
export function matchBelow({ operations }: Contract, path: string): (Omit<Match, 'operation'> & { readonly template: string }) | undefined {
  const parts = path.split('/').length;
  for (const { template: whole } of operations) {
    const template = whole.split('/').slice(0, parts).join('/');
    const groups = template !== whole && template.endsWith('}') ? expressionOf(template).exec(path) : null;
    if (groups) return { template, params: { ...groups.groups } };
  }
  return undefined;
}
export const typeOf = ({ type }: Schema): string | undefined => (typeof type === 'string' ? type : type?.find((each) => each !== 'null'));
/** Without what only says that it may be null. */
export function plain(contract: Contract, given: Schema): Schema {
  const schema = contract.resolve(given);
  const options = (schema.anyOf ?? schema.oneOf)?.filter(({ type }) => type !== 'null');
  return options?.length === 1
    ? plain(contract, { ...options[0]!, ...(schema.description && { description: schema.description }) })
    : schema;
}
export const isList = (contract: Contract, { reply, method }: Operation): boolean =>
  method === 'get' && reply !== undefined && typeOf(contract.resolve(reply)) === 'array';
export const itemOf = (contract: Contract, { reply }: Operation): Schema => {
  const list = contract.resolve(reply ?? {});
  return plain(contract, list.items ?? {});
};
export const queryOf = ({ parameters }: Operation): readonly Parameter[] => parameters.filter((each) => each.in === 'query');
/** Lists that stand by themselves: what the navigation offers. */
export const collections = (contract: Contract, mine: Mine): Operation[] =>
  contract.operations.filter((operation) => isList(contract, operation) && !operation.template.includes('{') && mayCall(mine, operation));

const depth = (template: string): number => template.split('/').length;
/** The parameter that the things of a list are named by: `/products` has `{productId}` below it. */
export function keyOf({ operations }: Contract, list: string): string | undefined {
  const below = operations.find(({ template }) => template.startsWith(`${list}/{`) && depth(template) >= depth(list) + 1);
  return below && /\{(\w+)\}/.exec(below.template.slice(list.length))?.[1];
}
/** What names a row in addresses. */
export function idOf(row: Readonly<Record<string, unknown>>, key: string | undefined): string | undefined {
  if (key === undefined) return undefined;
  const value = row[key] ?? row['id'] ?? row['name'];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
/** How somebody would call it. */
export function nameOf(row: Readonly<Record<string, unknown>>): string {
  for (const key of ['displayName', 'name', 'label', 'title', 'number', 'sku', 'email', 'slug', 'url', 'id'])
    if (typeof row[key] === 'string' && row[key] !== '') return row[key];
  return 'this';
}
export const words = (name: string): string => {
  const text = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[-_./]/g, ' ')
    .toLowerCase()
    .trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
};
export const fill = (template: string, params: Readonly<Record<string, string>>): string =>
  PREFIX + template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
