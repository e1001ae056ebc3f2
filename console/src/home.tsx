import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { collections, contractQuery, mineQuery } from './contract.ts';
import { pageOf } from './resource/address.ts';
import { ProblemNotice } from './problems.tsx';
import { Card, Notice, Skeleton } from './ui.tsx';

/** What one may look at, a card each feature. */
export function Home() {
  const contract = useQuery(contractQuery);
  const mine = useQuery(mineQuery);
  const error = contract.error ?? mine.error;
  if (error) return <ProblemNotice error={error} onRetry={() => void Promise.all([contract.refetch(), mine.refetch()])} />;
  if (!contract.data || !mine.data) return <Skeleton />;
  const all = collections(contract.data, mine.data);
  const features = contract.data.features.filter(({ name }) => all.some(({ feature }) => feature === name));
  return (
    <>
      <h1 className="text-2xl font-semibold">Overview</h1>
      <p className="mt-1 text-sm text-quiet">Signed in as {mine.data.roles.join(', ') || 'nobody in particular'}.</p>
      {features.length === 0 && <Notice title="There is nothing here for you">None of your roles lets you see a list.</Notice>}
      <div className="mt-5 grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
        {features.map(({ name, title }) => (
          <Card key={name} className="p-4">
            <h2 className="font-medium">{title}</h2>
            <ul className="mt-2 flex flex-col gap-1 text-sm">
              {all
                .filter(({ feature }) => feature === name)
                .map(({ id, template, summary }) => (
                  <li key={id}>
                    <Link {...pageOf(template)} className="text-accent underline-offset-2 hover:underline">
                      {summary}
                    </Link>
                  </li>
                ))}
            </ul>
          </Card>
        ))}
      </div>
    </>
  );
}
