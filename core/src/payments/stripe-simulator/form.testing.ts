// Stripe takes forms: `line_items[0][price_data][currency]=eur`. What it does not know, it refuses.

export type Param = string | Params | Param[];
export interface Params {
  [name: string]: Param;
}

/** What Stripe answers instead of an object (docs.stripe.com/api/errors). */
export class Refusal extends Error {
  readonly status: number;
  readonly error: Readonly<Record<string, unknown>>;
  constructor(
    status: number,
    error: { readonly type?: string; readonly code?: string; readonly message: string } & Record<string, unknown>,
  ) {
    super(error.message);
    this.status = status;
    this.error = { type: 'invalid_request_error', ...error };
  }
}
export const invalid = (message: string, code?: string, param?: string): Refusal =>
  new Refusal(400, { message, ...(code && { code }), ...(param && { param }) });

export function parseForm(body: string): Params {
  const root: Params = {};
  for (const [name, value] of new URLSearchParams(body)) {
    const path = name.replaceAll(']', '').split('[');
    let at = root;
    for (const part of path.slice(0, -1)) at = (at[part] ??= {}) as Params;
    at[path.at(-1)!] = value;
  }
  return withLists(root) as Params;
}
function withLists(value: Param): Param {
  if (typeof value === 'string' || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([name, each]) => [name, withLists(each)] as const);
  if (entries.length > 0 && entries.every(([name]) => /^\d+$/.test(name))) return entries.map(([, each]) => each);
  return Object.fromEntries(entries);
}

/** @param allowed `metadata.*`, `line_items.#.quantity`. @throws Refusal before anything is done, so that no key remembers it */
export function check(params: Params, allowed: readonly string[], required: readonly string[] = []): void {
  const patterns = [...allowed, 'expand.#'].map(
    (pattern) => new RegExp(`^${pattern.replace('.*', '\\.[^.]+').replaceAll('.#', '\\.\\d+')}$`),
  );
  const walk = (value: Param, path: string): void => {
    if (typeof value === 'string') {
      if (!patterns.some((pattern) => pattern.test(path))) throw invalid(`Received unknown parameter: ${path}`, 'parameter_unknown', path);
      if (value === '') throw invalid(`You passed an empty string for '${path}'.`, 'parameter_invalid_empty', path);
    } else for (const [name, each] of Object.entries(value)) walk(each, path === '' ? name : `${path}.${name}`);
  };
  walk(params, '');
  for (const name of required) if (params[name] === undefined) throw invalid(`Missing required param: ${name}.`, 'parameter_missing', name);
}
export const text = (params: Params, name: string): string | null => (typeof params[name] === 'string' ? params[name] : null);
export function whole(params: Params, name: string): number | null {
  const value = text(params, name);
  if (value === null) return null;
  if (!/^-?\d+$/.test(value)) throw invalid(`Invalid integer: ${value}`, 'parameter_invalid_integer', name);
  return Number(value);
}
export const group = (params: Params, name: string): Params => (typeof params[name] === 'object' ? (params[name] as Params) : {});
export const metadataOf = (params: Params): Record<string, string> => group(params, 'metadata') as Record<string, string>;
