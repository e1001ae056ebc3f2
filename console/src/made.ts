// Every made page: of the console itself, and of features in whose folder there is a `console/pages.ts`.
import { type ComponentType, lazy } from 'react';
import { expressionOf } from './contract.ts';
import type { MadePage, PageProps } from './kit/pages.ts';

type Modules = Readonly<Record<string, readonly MadePage[]>>;
const own: Modules = import.meta.glob('./pages/*/pages.ts', { eager: true, import: 'pages' });
const features: Modules = import.meta.glob('../../store/src/features/*/console/pages.ts', { eager: true, import: 'pages' });

interface Made extends MadePage {
  readonly Page: ComponentType<PageProps>;
}
export const madePages: readonly Made[] = [own, features]
  .flatMap((modules) => Object.values(modules).flat())
  .map((page) => ({ ...page, Page: lazy(async () => ({ default: (await page.load()).Page })) }));

/** The made page at an address; one that names it in letters goes before one that takes it as a parameter. */
export function madeAt(path: string): { readonly made: Made; readonly params: Readonly<Record<string, string>> } | undefined {
  const found = madePages.flatMap((made) => {
    const groups = expressionOf(made.path).exec(path);
    return groups ? [{ made, params: { ...groups.groups } }] : [];
  });
  return found.toSorted((a, b) => Object.keys(a.params).length - Object.keys(b.params).length)[0];
}
