import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { call, type Reply } from '../client.ts';
import {
  type Contract,
  fill,
  idOf,
  itemOf,
  keyOf,
  type Match,
  match,
  mayCall,
  type Mine,
  type Operation,
  queryOf,
  words,
} from '../contract.ts';
import { csv, download } from '../csv.ts';
import { ProblemNotice } from '../problems.tsx';
import { Button, Card, Notice, Skeleton } from '../ui.tsx';
import { text } from '../values.tsx';
import { OperationDialog } from './act.tsx';
import { columnsOf, valueAt } from './columns.ts';
import { Filters, PAGING } from './filters.tsx';
import { Table } from './table.tsx';

type Row = Readonly<Record<string, unknown>>;
export interface ResourceProps {
  readonly contract: Contract;
  readonly mine: Mine;
  /** Below `/api/v1`. */
  readonly path: string;
}

const LIMIT = 25;

export function List({ contract, mine, path, found }: ResourceProps & { found: Match }) {
  const { operation, params } = found;
  const search = useSearch({ strict: false }) as Readonly<Record<string, string>>;
  const navigate = useNavigate();
  const [acting, setActing] = useState<Operation | null>(null);
  const query = queryOf(operation);
  const byCursor = query.some(({ name }) => name === 'cursor');
  const paged = byCursor || query.some(({ name }) => name === 'page');
  const given = Object.fromEntries(query.filter(({ name }) => !PAGING.has(name) && search[name]).map(({ name }) => [name, search[name]]));

  const list = useInfiniteQuery({
    queryKey: ['list', path, given],
    initialPageParam: byCursor ? '' : 1,
    queryFn: ({ pageParam, signal }: { pageParam: string | number; signal: AbortSignal }) =>
      call<Row[]>({
        method: 'get',
        path: fill(operation.template, params),
        query: { ...given, ...(paged && { limit: LIMIT, [byCursor ? 'cursor' : 'page']: pageParam }) },
        signal,
      }),
    getNextPageParam: ({ meta: { pagination } }: Reply): string | number | undefined =>
      pagination?.nextCursor ?? (pagination?.hasMore && pagination.page !== undefined ? pagination.page + 1 : undefined),
  });

  const rows = list.data?.pages.flatMap(({ data }) => data) ?? [];
  const total = list.data?.pages[0]?.meta.pagination?.total;
  const item = itemOf(contract, operation);
  const columns = columnsOf(contract, item, rows);
  const key = keyOf(contract, operation.template);
  const create = match(contract, 'post', path)?.operation;
  const mayCreate = create !== undefined && mayCall(mine, create);
  // What is done to many at once: `POST /jobs/redrive`. What wants no permission is a step of somebody's own.
  const acts = contract.operations.filter(
    (each) =>
      each.method === 'post' &&
      each.permission !== undefined &&
      each.template.startsWith(`${operation.template}/`) &&
      /^\/[^/{]+$/.test(each.template.slice(operation.template.length)) &&
      !contract.operations.some(({ method, template }) => method === 'get' && template === each.template) &&
      mayCall(mine, each),
  );
  const title = words(path.split('/').at(-1)!);
  const filtered = Object.keys(given).length > 0;
  const hrefOf = (row: Row): string | undefined => {
    const id = idOf(row, key);
    return id === undefined ? undefined : `${path}/${id}`;
  };
  const toFile = (): void =>
    download(
      `${path.slice(1).replaceAll('/', '-')}.csv`,
      csv([columns.map(({ name }) => name), ...rows.map((row) => columns.map(({ name, schema }) => text(valueAt(row, name), schema)))]),
    );

  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="text-2xl font-semibold">
          {title}
          {total !== undefined && <span className="ml-2 text-base font-normal text-quiet tabular-nums">{total.toLocaleString()}</span>}
        </h1>
        <div className="flex gap-2">
          <Button disabled={rows.length === 0} onClick={toFile}>
            CSV
          </Button>
          {acts.map((each) => (
            <Button key={each.id} title={each.summary} onClick={() => setActing(each)}>
              {words(each.template.slice(each.template.lastIndexOf('/') + 1))}
            </Button>
          ))}
          {mayCreate && (
            <Button kind="primary" onClick={() => setActing(create)}>
              {create.summary}
            </Button>
          )}
        </div>
      </div>
      <Filters key={path} query={query} search={search} onChange={(next) => void navigate({ to: '.', search: next, replace: true })} />
      <Card className="mt-4 overflow-hidden">
        {list.isPending ? (
          <Skeleton />
        ) : list.error && rows.length === 0 ? (
          <ProblemNotice error={list.error} onRetry={() => void list.refetch()} />
        ) : rows.length === 0 ? (
          <Notice
            title={filtered ? 'Nothing fits these filters' : `There are no ${title.toLowerCase()} yet`}
            action={
              filtered ? (
                <Button onClick={() => void navigate({ to: '.', search: {}, replace: true })}>Without filters</Button>
              ) : (
                mayCreate && <Button onClick={() => setActing(create)}>{create.summary}</Button>
              )
            }
          />
        ) : (
          <Table columns={columns} rows={rows} hrefOf={hrefOf} label={title} />
        )}
      </Card>
      {rows.length > 0 && (
        <div className="mt-3 flex items-center justify-between gap-3 text-sm text-quiet">
          <span>{rows.length.toLocaleString()} shown</span>
          {list.hasNextPage && (
            <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              More
            </Button>
          )}
        </div>
      )}
      {acting && (
        <OperationDialog
          key={acting.id}
          open
          onClose={() => setActing(null)}
          contract={contract}
          operation={acting}
          params={params}
          path={path}
          {...(acting !== create && { current: { name: title } })}
        />
      )}
    </>
  );
}
