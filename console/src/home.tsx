import { Link } from '@tanstack/react-router';
import { useHere } from './here.tsx';
import { areasOf } from './navigation.ts';
import { pageOf } from './resource/address.ts';
import { Card, Notice } from './ui.tsx';

/** What one may look at, a card each area. */
export function Home() {
  const here = useHere();
  const areas = areasOf(here);
  return (
    <>
      <h1 className="text-2xl font-semibold">Overview</h1>
      <p className="mt-1 text-sm text-quiet">Signed in as {here.mine.roles.join(', ') || 'nobody in particular'}.</p>
      {areas.length === 0 && <Notice title="There is nothing here for you">None of your roles lets you see a list.</Notice>}
      <div className="mt-5 grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
        {areas.map(({ name, items }) => (
          <Card key={name} className="p-4">
            <h2 className="font-medium">{name}</h2>
            <ul className="mt-2 flex flex-col gap-2 text-sm">
              {items.map(({ path, title: place, about }) => (
                <li key={path}>
                  <Link {...pageOf(path)} className="inline-block py-1 text-accent underline-offset-2 hover:underline">
                    {place}
                  </Link>
                  {about !== '' && <span className="block text-xs text-quiet">{about}</span>}
                </li>
              ))}
            </ul>
          </Card>
        ))}
      </div>
    </>
  );
}
