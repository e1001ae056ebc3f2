import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { call, type Reply } from '../client.ts';
import {
  type Contract,
  fill,
  idOf,
  itemOf,
  keyOf,
  match,
  type Mine,
  mayCall,
  type Operation,
  type Parameter,
  queryOf,
  words,
} from '../contract.ts';
import { useHere } from '../here.tsx';
import { ProblemNotice } from '../problems.tsx';
import { Button, Card, Notice, Skeleton } from '../ui.tsx';
import { text } from '../values.tsx';
import { OperationDialog } from './act.tsx';
import type { Inputs } from './form.tsx';
import { type Column, columnsOf, valueAt, withSchemas } from './columns.ts';
import { ColumnsMenu } from './columns-menu.tsx';
import { exportCsv } from './export.ts';
import { Filters, PAGING } from './filters.tsx';
import { Table } from './table.tsx';

type Row = Readonly<Record<string, unknown>>;
export interface ListProps {
  readonly operation: Operation;
  readonly params?: Readonly<Record<string, string>>;
  /** Absent: those that the contract suggests. */
  readonly columns?: readonly Column[];
  /** Narrows it for good: sent with every page, and no filter. */
  readonly fixed?: Readonly<Record<string, string>>;
  /** Which parameters can be narrowed by, in this order; absent: all of them. */
  readonly filters?: readonly string[];
  /** What a parameter can be, where the contract does not say: chosen from instead of typed. */
  readonly choices?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Where a row leads; absent: to the page of that thing. */
  readonly hrefOf?: (row: Row) => string | undefined;
  readonly title?: string;
  /** A part of a page that has its heading already. */
  readonly within?: boolean;
  /** False: what is made, is made elsewhere. */
  readonly creates?: boolean;
  /** Buttons of the page beside those that the contract knows. */
  readonly actions?: ReactNode;
  readonly empty?: string;
  /** Read again so often, in milliseconds: for what moves by itself. Not for what records each look. */
  readonly refreshMs?: number;
  /** The page has a better export than reading the list page by page. */
  readonly ownExport?: boolean;
  /** For the form of what can be made here. */
  readonly inputs?: Inputs;
}

const LIMIT = 25;
const REFRESHED_PAGES = 3;

/** A list: narrowed, ordered and chosen from in the address, more by its cursor, exported as CSV; what can be made and done to many. */
export function OperationList(props: ListProps) {
  const { operation, params = {}, fixed = {}, within = false, actions } = props;
  const { contract, mine } = useHere();
  const [acting, setActing] = useState<Operation | null>(null);
  const { search, change, given, query } = useNarrowed(operation, props);
  const path = fill(operation.template, params).slice('/api/v1'.length);
  const by = (['cursor', 'page'] as const).find((way) => queryOf(operation).some(({ name }) => name === way));
  const list = useInfiniteQuery({
    queryKey: ['list', path, given, fixed],
    // Whoever has gone far down does not have all of it read again and again.
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 1) > REFRESHED_PAGES ? false : (props.refreshMs ?? false)),
    initialPageParam: by === 'cursor' ? '' : 1,
    queryFn: ({ pageParam, signal }: { pageParam: string | number; signal: AbortSignal }) =>
      call<Row[]>({
        method: 'get',
        path: fill(operation.template, params),
        query: { ...given, ...fixed, ...(by && { limit: LIMIT, [by]: pageParam }) },
        signal,
      }),
    getNextPageParam: ({ meta: { pagination } }: Reply): string | number | undefined =>
      pagination?.nextCursor ?? (pagination?.hasMore && pagination.page !== undefined ? pagination.page + 1 : undefined),
  });
  const rows = list.data?.pages.flatMap(({ data }) => data) ?? [];
  const total = list.data?.pages[0]?.meta.pagination?.total;
  const item = itemOf(contract, operation);
  const columns = props.columns ? withSchemas(contract, item, props.columns) : columnsOf(contract, item, rows);
  const chosen = search['columns']?.split(',') ?? columns.filter(({ hidden }) => !hidden).map(({ name }) => name);
  const shown = columns.filter(({ name }) => chosen.includes(name));
  const create = within || props.creates === false ? undefined : match(contract, 'post', path)?.operation;
  const mayCreate = create !== undefined && mayCall(mine, create);
  const title = props.title ?? words(path.split('/').at(-1)!);
  const filtered = Object.keys(given).length > 0;
  const key = keyOf(contract, operation.template);
  const hrefOf = (row: Row): string | undefined => {
    const id = idOf(row, key);
    return id === undefined ? undefined : `${path}/${id}`;
  };
  const sorts = query.find(({ name }) => name === 'sort')?.schema;
  const Heading = within ? 'h2' : 'h1';
  const toFile = (): void =>
    void exportCsv({
      name: path.slice(1).replaceAll('/', '-'),
      path: fill(operation.template, params),
      query: { ...given, ...fixed },
      by,
      columns: shown.map(({ name, title: head, text: own, schema }) => ({
        title: head ?? name,
        text: own ?? ((row) => text(valueAt(row, name), schema)),
      })),
    });

  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <Heading className={within ? 'text-lg font-semibold' : 'text-2xl font-semibold'}>
          {title}
          {total !== undefined && <span className="ml-2 text-base font-normal text-quiet tabular-nums">{total.toLocaleString()}</span>}
        </Heading>
        <div className="flex flex-wrap gap-2">
          <ColumnsMenu columns={columns} shown={chosen} onChange={(names) => change({ ...search, columns: names.join(',') })} />
          {!props.ownExport && (
            <Button disabled={rows.length === 0} onClick={toFile}>
              CSV
            </Button>
          )}
          {actions}
          {!within &&
            actsOnMany(contract, mine, operation).map((each) => (
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
      <Filters key={path} query={query} search={search} onChange={change} />
      <Card className="mt-4 overflow-hidden">
        {list.isPending ? (
          <Skeleton />
        ) : list.error && rows.length === 0 ? (
          <ProblemNotice error={list.error} onRetry={() => void list.refetch()} />
        ) : rows.length === 0 ? (
          <Notice
            title={filtered ? 'Nothing fits these filters' : (props.empty ?? `There are no ${title.toLowerCase()} yet`)}
            action={
              filtered ? (
                <Button onClick={() => change({})}>Without filters</Button>
              ) : (
                mayCreate && <Button onClick={() => setActing(create)}>{create.summary}</Button>
              )
            }
          />
        ) : (
          <Table
            columns={shown}
            rows={rows}
            hrefOf={props.hrefOf ?? hrefOf}
            label={title}
            order={
              sorts && {
                choices: (sorts.enum ?? []).map(String),
                current: search['sort'] ?? (sorts.default as string | undefined),
                choose: (sort) => change({ ...search, sort }),
              }
            }
          />
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
          onClose={() => setActing(null)}
          operation={acting}
          params={params}
          inputs={props.inputs}
          {...(acting === create ? { listPath: path } : { current: { name: title } })}
        />
      )}
    </>
  );
}

const withChoices = (parameter: Parameter, choices: readonly string[] | undefined): Parameter =>
  choices ? { ...parameter, schema: { ...parameter.schema, enum: choices } } : parameter;
/** What the list is narrowed by: it stands in the address. */
function useNarrowed(operation: Operation, { filters, choices = {}, fixed = {} }: ListProps) {
  const search = useSearch({ strict: false }) as Readonly<Record<string, string>>;
  const navigate = useNavigate();
  const offered = queryOf(operation).filter(({ name }) => !PAGING.has(name) && !(name in fixed));
  const wanted = filters ? offered.filter(({ name }) => filters.includes(name) || name === 'sort') : offered;
  const query = wanted.map((each) => withChoices(each, choices[each.name]));
  const given = Object.fromEntries(query.filter(({ name }) => search[name]).map(({ name }) => [name, search[name]!]));
  // What is said there of other parts of the page is not ours to clear.
  const names = new Set([...offered.map(({ name }) => name), 'columns']);
  const others = Object.fromEntries(Object.entries(search).filter(([name]) => !names.has(name)));
  const change = (next: Readonly<Record<string, string>>): void =>
    void navigate({ to: '.', search: { ...others, ...next }, replace: true });
  return { search, query, given, change };
}
/** What is done to many at once: `POST /jobs/redrive`. What wants no permission is a step of somebody's own. */
const actsOnMany = (contract: Contract, mine: Mine, { template }: Operation): Operation[] =>
  contract.operations.filter(
    (each) =>
      each.method === 'post' &&
      each.permission !== undefined &&
      each.template.startsWith(`${template}/`) &&
      /^\/[^/{]+$/.test(each.template.slice(template.length)) &&
      !contract.operations.some((other) => other.method === 'get' && other.template === each.template) &&
      mayCall(mine, each),
  );
