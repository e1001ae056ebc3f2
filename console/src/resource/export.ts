import { toast } from 'sonner';
import { call, type Pagination } from '../client.ts';
import { csv, download } from '../csv.ts';
import { toastProblem } from '../problems.tsx';

type Row = Readonly<Record<string, unknown>>;
const MOST = 10_000;
const PAGE = 100;

export interface Export {
  /** Of the file, without its ending. */
  readonly name: string;
  readonly path: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly by: 'cursor' | 'page' | undefined;
  readonly columns: readonly { readonly title: string; readonly text: (row: Row) => string }[];
}
/** The whole list as the filters leave it, page by page, up to ten thousand rows; says how far it is, and can be stopped. */
export async function exportCsv({ name, path, query, by, columns }: Export): Promise<void> {
  const stop = new AbortController();
  const rows: Row[] = [];
  const id = toast.loading('Reading…', { cancel: { label: 'Stop', onClick: () => stop.abort() } });
  try {
    for (let at: string | number | undefined = by === 'cursor' ? '' : 1; at !== undefined && rows.length < MOST;) {
      const paging = by === undefined ? {} : { limit: PAGE, [by]: at };
      const page: { data: Row[]; meta: { pagination?: Pagination } } = await call<Row[]>({
        method: 'get',
        path,
        query: { ...query, ...paging },
        signal: stop.signal,
      });
      rows.push(...page.data);
      const { nextCursor, hasMore, page: number } = page.meta.pagination ?? { hasMore: false };
      at = nextCursor ?? (hasMore && number !== undefined ? number + 1 : undefined);
      if (at !== undefined) toast.loading(`${rows.length.toLocaleString()} read…`, { id });
    }
    download(`${name}.csv`, csv([columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ text }) => text(row)))]));
    const cut = rows.length >= MOST ? ` These are the first ${MOST.toLocaleString()}: narrow the list for others.` : '';
    toast.success(`${rows.length.toLocaleString()} rows in ${name}.csv.${cut}`, { id, cancel: undefined });
  } catch (error) {
    toast.dismiss(id);
    if (!stop.signal.aborted) toastProblem(error);
  }
}
