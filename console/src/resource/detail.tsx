import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../client.ts';
import { fill, isList, type Match, match, matchBelow, mayCall, nameOf, type Operation, plain, words } from '../contract.ts';
import { useHere } from '../here.tsx';
import { ProblemNotice } from '../problems.tsx';
import { Button, buttonClass, Card, NameValues, Skeleton } from '../ui.tsx';
import { WholeValue } from '../values.tsx';
import { pageOf } from './address.ts';
import { OperationDialog } from './act.tsx';

const NOWHERE = { template: undefined, params: {} };
type Thing = Readonly<Record<string, unknown>>;

/** One thing: its fields, what may be done with it, and the lists below it. */
export function Detail({ path, found }: { path: string; found: Match | undefined }) {
  const { contract, mine } = useHere();
  const [acting, setActing] = useState<Operation | null>(null);
  const thing = useQuery({
    queryKey: ['thing', path],
    queryFn: ({ signal }) => call<Thing>({ method: 'get', path: fill(found!.operation.template, found!.params), signal }),
    enabled: found !== undefined,
  });
  const change = (['patch', 'put'] as const).map((method) => match(contract, method, path)).find(Boolean);
  const remove = match(contract, 'delete', path);
  const known = found ?? change ?? remove;
  const { template, params } = known
    ? { template: known.operation.template, params: known.params }
    : (matchBelow(contract, path) ?? NOWHERE);
  const below = contract.operations.filter(
    (operation) =>
      template !== undefined &&
      operation.template.startsWith(`${template}/`) &&
      !operation.template.slice(template.length).includes('{') &&
      mayCall(mine, operation),
  );
  const lists = below.filter((operation) => operation.method === 'get' && operation.reply !== undefined);
  const creates = new Set(lists.filter((operation) => isList(contract, operation)).map((operation) => operation.template));
  const acts = [
    ...(change ? [change.operation] : []),
    ...below.filter(({ method, template: at }) => method === 'post' && !creates.has(at)),
    ...(remove ? [remove.operation] : []),
  ].filter((operation) => mayCall(mine, operation));

  if (found && thing.isPending) return <Skeleton />;
  if (thing.error) return <ProblemNotice error={thing.error} onRetry={() => void thing.refetch()} />;
  const data = thing.data?.data ?? {};
  const properties = found ? (plain(contract, found.operation.reply ?? {}).properties ?? {}) : {};
  const title = found ? nameOf(data) : path.split('/').at(-1)!;
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-3">
        <h1 className="min-w-0 text-2xl font-semibold break-words">{title === 'this' ? words(path.split('/').at(-1)!) : title}</h1>
        <div className="flex flex-wrap gap-2">
          {acts.map((operation) => (
            <Button
              key={operation.id}
              kind={operation.method === 'delete' ? 'danger' : 'plain'}
              title={operation.summary}
              onClick={() => setActing(operation)}
            >
              {operation.method === 'post'
                ? words(operation.template.split('/').at(-1)!)
                : operation.method === 'delete'
                  ? 'Delete'
                  : 'Change'}
            </Button>
          ))}
        </div>
      </div>
      {lists.length > 0 && (
        <nav aria-label="What belongs to it" className="mt-3 flex flex-wrap gap-2">
          {lists.map(({ id, template: at, summary }) => (
            <Link key={id} {...pageOf(`${path}${at.slice(template!.length)}`)} className={buttonClass()} title={summary}>
              {words(at.slice(template!.length + 1))}
            </Link>
          ))}
        </nav>
      )}
      {found && (
        <Card className="mt-4">
          <NameValues
            of={Object.entries(data).map(([name, value]) => [
              words(name),
              <WholeValue key={name} value={value} schema={properties[name] && plain(contract, properties[name])} />,
            ])}
          />
        </Card>
      )}
      {acting && (
        <OperationDialog
          key={acting.id}
          onClose={() => setActing(null)}
          operation={acting}
          params={params}
          listPath={path.slice(0, path.lastIndexOf('/'))}
          current={found ? data : { name: title }}
        />
      )}
    </>
  );
}
