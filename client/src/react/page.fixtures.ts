// What the browser test runs as a page.
import { QueryClient, QueryClientProvider, useQueryClient } from '@tanstack/react-query';
import { createElement as h, type ReactElement, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createClient } from '../index.ts';
import { createHooks, keyset, queryDefaults } from './index.ts';

const client = createClient({ delivery: 'cookie' });
const hooks = createHooks(client);
const { document } = globalThis as unknown as {
  document: { body: { replaceChildren(): void; append(node: object): void }; createElement(name: string): object };
};

function Project({ id }: { id: string }): ReactElement {
  const queries = useQueryClient();
  const path = '/api/v1/projects/{projectId}';
  const init = { params: { path: { projectId: id } } };
  const { data, error } = hooks.useQuery('get', path, init);
  const change = hooks.useMutation('patch', path);
  const { queryKey } = hooks.queryOptions('get', path, init);
  const reload = (): void => void queries.invalidateQueries({ queryKey });
  const status = hooks.useChannel(`project:${id}`, { onEvent: reload, onReload: reload });
  return h(
    'main',
    null,
    h('h1', null, data?.data.name ?? error?.code ?? 'loading'),
    h('p', { id: 'status' }, status),
    h('p', { id: 'who' }, hooks.useSession()?.userId ?? 'nobody'),
    h('p', { id: 'refused' }, change.error?.code),
    h('button', { onClick: () => change.mutate({ ...init, body: { name: 'Gemini' } }) }, 'Rename'),
    h('button', { onClick: () => change.mutate({ ...init, body: { name: '' } }) }, 'Blank'),
  );
}
function Products(): ReactElement {
  const query = { query: { limit: 2, category: 'react' } };
  const { data, hasNextPage, fetchNextPage } = hooks.useInfiniteQuery('get', '/api/v1/products', { params: query }, keyset);
  const items = data?.pages.flatMap((page) => page.data) ?? [];
  return h(
    'ul',
    null,
    ...items.map(({ sku }) => h('li', { key: sku }, sku)),
    hasNextPage && h('button', { onClick: () => void fetchNextPage() }, 'More'),
  );
}
const show = (content: ReactElement): void => {
  const root = document.createElement('div');
  document.body.replaceChildren();
  document.body.append(root);
  const queries = new QueryClient({ defaultOptions: queryDefaults });
  createRoot(root).render(h(StrictMode, null, h(QueryClientProvider, { client: queries }, content)));
};
Object.assign(globalThis, {
  client,
  showProject: (id: string) => show(h(Project, { id })),
  showProducts: () => show(h(Products)),
});
