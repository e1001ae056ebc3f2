import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router';
import { actNoMore } from './acting.ts';
import { client } from './client.ts';
import { Home } from './home.tsx';
import { ProblemNotice } from './problems.tsx';
import { Shell } from './shell.tsx';
import { SignIn } from './sign-in.tsx';
import { Notice } from './ui.tsx';

type Search = Record<string, unknown>;
const root = createRootRoute({
  component: Outlet,
  errorComponent: ({ error }) => <ProblemNotice error={error} onRetry={() => location.reload()} />,
  notFoundComponent: () => <Notice title="There is no such page" />,
});
const signIn = createRoute({ getParentRoute: () => root, path: '/sign-in', component: SignIn, validateSearch: (search: Search) => search });
const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  beforeLoad: async ({ location }) => {
    if (await client.session.restore()) return;
    // Not known is not nobody: without an answer there is no reason to ask for a password.
    if (client.session.current === undefined) throw new Error('The server cannot be reached.');
    throw redirect({ to: '/sign-in', search: { redirect: location.href } });
  },
});
const home = createRoute({ getParentRoute: () => shell, path: '/', component: Home });
/** Mirrors the addresses of the API: `/r/products` is the list, `/r/products/0199…` one of it, and so on below. */
const resource = createRoute({
  getParentRoute: () => shell,
  path: '/r/$',
  component: lazyRouteComponent(() => import('./resource/page.tsx'), 'ResourcePage'),
  validateSearch: (search: Search) => search,
});

export const router = createRouter({
  routeTree: root.addChildren([signIn, shell.addChildren([home, resource])]),
  basepath: '/console',
  defaultPreload: 'intent',
  scrollRestoration: true,
});
// Signed out here or in another tab, or ended by an administrator: what stands behind the door is left.
client.session.subscribe(() => {
  if (client.session.current !== null) return;
  actNoMore(); // it ended with one's own
  void router.invalidate();
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
