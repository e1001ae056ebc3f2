import { ApiError, type Problem } from './problems.ts';

type Query<Operation> = Operation extends { parameters: { query?: infer Q } } ? NonNullable<Q> : never;
type GetOf<Paths, Path extends keyof Paths> = Paths[Path] extends { get: infer Operation } ? Operation : never;
/** Lists that are read by cursor, or by page number. */
export type ListPath<Paths, By extends 'cursor' | 'page'> = {
  [Path in keyof Paths]: By extends keyof Query<GetOf<Paths, Path>> ? Path : never;
}[keyof Paths] &
  string;
export type ItemOf<Paths, Path extends keyof Paths> =
  GetOf<Paths, Path> extends { responses: { 200: { content: { 'application/json': { data: (infer Item)[] } } } } } ? Item : never;

type Parameters<Operation> = Operation extends { parameters: infer P } ? P : never;
type PathParameters<Operation> = Parameters<Operation> extends { path: infer P } ? { path: P } : { path?: never };
export type ListInit<Paths, Path extends keyof Paths> = {
  params?: { query?: Omit<Query<GetOf<Paths, Path>>, 'cursor' | 'page'> } & PathParameters<GetOf<Paths, Path>>;
  signal?: AbortSignal;
};
interface Page {
  readonly data?: { data: unknown[]; meta: { pagination: { nextCursor?: string | null; hasMore: boolean } } };
  readonly error?: Problem;
}
/** What reads one page; the types of a call are made above. */
export type Get = (path: string, init: object) => Promise<Page>;

interface Init {
  readonly params?: { query?: object };
}
/** Every item of a list, read by cursor: page after page as they are asked for, none twice, none left out, whatever is added meanwhile. */
export async function* byCursor(get: Get, path: string, init: Init = {}): AsyncGenerator<unknown, void> {
  for (let cursor: string | null | undefined = ''; typeof cursor === 'string';) {
    const { data, error } = await get(path, at(init, { cursor }));
    if (error) throw new ApiError(error);
    yield* data!.data;
    cursor = data!.meta.pagination.nextCursor;
  }
}
/** The same by page number, where a list has no cursor: what is added or removed meanwhile moves the pages. */
export async function* byNumber(get: Get, path: string, init: Init = {}): AsyncGenerator<unknown, void> {
  for (let page = 1, more = true; more; page++) {
    const { data, error } = await get(path, at(init, { page }));
    if (error) throw new ApiError(error);
    yield* data!.data;
    more = data!.meta.pagination.hasMore;
  }
}
const at = (init: Init, query: object): object => ({ ...init, params: { ...init.params, query: { ...init.params?.query, ...query } } });
