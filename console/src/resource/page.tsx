import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { type Contract, contractQuery, isList, match, matchBelow, mineQuery, words } from '../contract.ts';
import { ProblemNotice } from '../problems.tsx';
import { Notice, Skeleton } from '../ui.tsx';
import { pageOf } from './address.ts';
import { Detail } from './detail.tsx';
import { List } from './list.tsx';

/** The page of an address of the API: a list, or one thing with what belongs to it. */
export function ResourcePage() {
  const { _splat = '' } = useParams({ strict: false });
  const path = `/${_splat.replace(/\/$/, '')}`;
  const contract = useQuery(contractQuery);
  const mine = useQuery(mineQuery);
  const error = contract.error ?? mine.error;
  if (error) return <ProblemNotice error={error} onRetry={() => void Promise.all([contract.refetch(), mine.refetch()])} />;
  if (!contract.data || !mine.data) return <Skeleton />;
  const shared = { contract: contract.data, mine: mine.data, path };
  const found = match(contract.data, 'get', path);
  const others = (['patch', 'put', 'delete'] as const).some((method) => match(contract.data, method, path));
  if (!found && !others && !matchBelow(contract.data, path)) return <Notice title="There is no such page" />;
  return (
    <>
      <Crumbs contract={contract.data} path={path} />
      {found && isList(contract.data, found.operation) ? (
        <List key={path} {...shared} found={found} />
      ) : (
        <Detail key={path} {...shared} found={found} />
      )}
    </>
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
  if (!match(contract, 'get', path)) return <span>{name}</span>;
  return (
    <Link {...pageOf(path)} className="max-w-40 truncate hover:text-text">
      {name}
    </Link>
  );
}
