// Every made page: of the console itself, and of features in whose folder there is a `console/pages.ts`.
import { type ComponentType, lazy } from 'react';
import { type Contract, expressionOf, match } from './contract.ts';
import type { MadePage, PageProps } from './kit/pages.ts';

type Modules = Readonly<Record<string, readonly MadePage[]>>;
const own: Modules = import.meta.glob('./pages/*/pages.ts', { eager: true, import: 'pages' });
const features: Modules = import.meta.glob('../../store/src/features/*/console/pages.ts', { eager: true, import: 'pages' });

export const madePages: readonly MadePage[] = [own, features].flatMap((modules) => Object.values(modules).flat());

interface Made {
  readonly Page: ComponentType<PageProps>;
  readonly params: Readonly<Record<string, string>>;
}
const components = new Map<MadePage, ComponentType<PageProps>>();
/** One component each page, whenever it is asked for: another would forget what stands in it. */
function componentOf(page: MadePage): ComponentType<PageProps> {
  let component = components.get(page);
  if (!component) components.set(page, (component = lazy(async () => ({ default: (await page.load()).Page }))));
  return component;
}

const count = (params: object): number => Object.keys(params).length;
/** The made page at an address, unless the contract names that address more closely: `/payments/ledger` is no payment. */
export function madeAt(contract: Contract, path: string): Made | undefined {
  const found = madePages.flatMap((page) => {
    const groups = expressionOf(page.path).exec(path);
    return groups ? [{ page, params: { ...groups.groups } }] : [];
  });
  const nearest = found.toSorted((a, b) => count(a.params) - count(b.params))[0];
  const operation = match(contract, 'get', path);
  if (!nearest || (operation && count(operation.params) < count(nearest.params))) return undefined;
  return { Page: componentOf(nearest.page), params: nearest.params };
}
