import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Toaster } from 'sonner';
import { actNoMore, useActing } from './acting.ts';
import { ActingBanner } from './acting-banner.tsx';
import { client, queries } from './client.ts';
import { HereProvider, useHere } from './here.tsx';
import { areasOf } from './navigation.ts';
import { Palette } from './palette.tsx';
import { pageOf } from './resource/address.ts';
import { StepUp } from './step-up.tsx';
import { setTheme, useTheme } from './theme.ts';
import { Button } from './ui.tsx';

const ABOVE_BANNER = { offset: { bottom: 80 }, mobileOffset: { bottom: 112 } };

/** The page around all others: navigation from the contract, as far as the permissions go. */
export function Shell() {
  const href = useRouterState({ select: ({ location }) => location.href });
  const [open, setOpen] = useState(false);
  const theme = useTheme();
  const acting = useActing();

  useEffect(() => setOpen(false), [href]);

  const signOut = async (): Promise<void> => {
    actNoMore();
    await client.session.signOut();
    queries.clear();
  };
  return (
    <div className="min-h-screen md:grid md:grid-cols-[15rem_1fr]">
      <a href="#content" className="sr-only focus:not-sr-only focus:fixed focus:z-50 focus:bg-card focus:p-3">
        To the content
      </a>
      <header className="sticky top-0 z-30 flex items-center justify-between border-b border-line bg-card px-4 py-2 md:hidden">
        <Link to="/" className="font-semibold">
          Plinth
        </Link>
        <Button aria-expanded={open} aria-controls="navigation" onClick={() => setOpen(!open)}>
          Menu
        </Button>
      </header>
      <div
        id="navigation"
        className={`${open ? 'flex' : 'hidden'} flex-col border-line bg-card max-md:border-b md:sticky md:top-0 md:flex md:h-screen md:border-r`}
      >
        <Link to="/" className="px-4 pt-4 pb-2 text-lg font-semibold max-md:hidden">
          Plinth
        </Link>
        <HereProvider>
          <Navigation />
        </HereProvider>
        <div className="flex flex-wrap items-center gap-1 border-t border-line p-2">
          <Button kind="quiet" onClick={() => setTheme(theme === 'dark' ? 'light' : 'dark')}>
            {theme === 'dark' ? 'Light' : 'Dark'}
          </Button>
          <Button kind="quiet" onClick={() => void signOut()}>
            Sign out
          </Button>
        </div>
      </div>
      <main id="content" className={`min-w-0 p-4 md:p-6 ${acting ? 'pb-28! md:pb-20!' : ''}`} tabIndex={-1}>
        <HereProvider>
          <Outlet />
        </HereProvider>
      </main>
      {acting && <ActingBanner acting={acting} />}
      <StepUp />
      <Toaster position="bottom-right" theme={theme} closeButton {...(acting && ABOVE_BANNER)} />
    </div>
  );
}

function Navigation() {
  const here = useHere();
  const pathname = useRouterState({ select: ({ location }) => location.pathname });
  const [searching, setSearching] = useState(false);
  const areas = areasOf(here);
  // The page that one is in: of those that the address begins with, the longest.
  const current = areas
    .flatMap(({ items }) => items.map(({ path }) => path))
    .filter((path) => pathname === `/r${path}` || pathname.startsWith(`/r${path}/`))
    .toSorted((a, b) => b.length - a.length)[0];
  return (
    <>
      <div className="px-3 py-2">
        <Button
          className="w-full justify-between! font-normal text-quiet!"
          aria-keyshortcuts="/ Control+K Meta+K"
          onClick={() => setSearching(true)}
        >
          Go to…
          <kbd className="rounded border border-line px-1.5 text-xs">/</kbd>
        </Button>
      </div>
      <nav aria-label="Resources" className="min-h-0 flex-1 overflow-y-auto px-2 pb-4">
        {areas.map(({ name, items }) => (
          <div key={name} className="mt-3">
            <p className="px-2 text-xs font-medium text-quiet">{name}</p>
            {items.map(({ path, title, about }) => (
              <Link
                key={path}
                {...pageOf(path)}
                title={about}
                // By itself a link takes all that it begins for its own: the ledger for a payment.
                activeOptions={{ exact: true, includeSearch: false }}
                aria-current={path === current ? 'page' : undefined}
                className="block truncate rounded px-2 py-1 text-sm hover:bg-page aria-[current=page]:bg-page aria-[current=page]:font-medium aria-[current=page]:text-accent"
              >
                {title}
              </Link>
            ))}
          </div>
        ))}
      </nav>
      <Palette open={searching} onOpenChange={setSearching} />
    </>
  );
}
