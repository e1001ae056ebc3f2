import { Link, useParams } from '@tanstack/react-router';
import { Suspense } from 'react';
import { type Contract, isList, match, matchBelow, words } from '../contract.ts';
import { useHere } from '../here.tsx';
import { madeAt } from '../made.ts';
import { Notice, Skeleton } from '../ui.tsx';
import { pageOf } from './address.ts';
import { Detail } from './detail.tsx';
import { OperationList } from './list.tsx';

/** The page of an address of the API: a made one, a list, or one thing with what belongs to it. */
export function ResourcePage() {
  const { _splat = '' } = useParams({ strict: false });
  const path = `/${_splat.replace(/\/$/, '')}`;
  const { contract } = useHere();
  const found = madeAt(contract, path);
  return (
    <>
      <Crumbs contract={contract} path={path} />
      {found ? (
        <Suspense key={path} fallback={<Skeleton rows={10} />}>
          <found.Page path={path} params={found.params} />
        </Suspense>
      ) : (
        <Generic key={path} contract={contract} path={path} />
      )}
    </>
  );
}
function Generic({ contract, path }: { contract: Contract; path: string }) {
  const found = match(contract, 'get', path);
  const others = (['patch', 'put', 'delete'] as const).some((method) => match(contract, method, path));
  if (!found && !others && !matchBelow(contract, path)) return <Notice title="There is no such page" />;
  return found && isList(contract, found.operation) ? (
    <OperationList operation={found.operation} params={found.params} />
  ) : (
    <Detail path={path} found={found} />
  );
}

function Crumbs({ contract, path }: { contract: Contract; path: string }) {
  const parts = path.slice(1).split('/');
  return (
    <nav aria-label="Where this is" className="mb-2 flex flex-wrap gap-x-2 text-sm text-quiet">
      <Link to="/">Overview</Link>
      {parts.slice(0, -1).map((part, index) => (
        <span key={index} className="flex gap-x-2">
          <span aria-hidden>/</span>
          <Crumb contract={contract} path={`/${parts.slice(0, index + 1).join('/')}`} />
        </span>
      ))}
    </nav>
  );
}

/** A part of the address, and a link where it is a page. */
function Crumb({ contract, path }: { contract: Contract; path: string }) {
  const part = path.slice(path.lastIndexOf('/') + 1);
  const name = /^[0-9a-f]{8}-/.test(part) ? part.slice(0, 8) : words(part);
  if (!madeAt(contract, path) && !match(contract, 'get', path)) return <span>{name}</span>;
  return (
    <Link {...pageOf(path)} className="max-w-40 truncate hover:text-text">
      {name}
    </Link>
  );
}
