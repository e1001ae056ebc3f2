import { collections, words } from './contract.ts';
import type { Here } from './here.tsx';
import { madePages } from './made.ts';

export interface Place {
  /** Below `/r`. */
  readonly path: string;
  readonly title: string;
  /** What else it is found by. */
  readonly about: string;
}
export interface Group {
  readonly name: string;
  readonly title: string;
  readonly items: readonly Place[];
}
/** Where one may go: made pages, and every list that has none; a group each feature, in the order of the contract. */
export function groupsOf(here: Here, filter = ''): Group[] {
  const { contract, mine } = here;
  const made = madePages.flatMap(({ path, title, feature = 'server', needs }) =>
    title !== undefined && (needs === undefined || here.allowed(needs)) ? [{ path, title, feature, about: '' }] : [],
  );
  const generic = collections(contract, mine).flatMap(({ template, feature, summary }) =>
    madePages.some(({ path }) => path === template)
      ? []
      : [{ path: template, title: words(template.slice(1).replace(new RegExp(`^${feature}/`), '')), feature, about: summary }],
  );
  const wanted = filter.trim().toLowerCase();
  const places = [...made, ...generic].filter(({ path, title, about }) =>
    `${title} ${words(path)} ${about}`.toLowerCase().includes(wanted),
  );
  const known = contract.features.map(({ name }) => name);
  const features = [...new Set(places.map(({ feature }) => feature).filter((name) => !known.includes(name))), ...known];
  return features.flatMap((name) => {
    const items = places.filter(({ feature }) => feature === name);
    const title = contract.features.find((feature) => feature.name === name)?.title ?? words(name);
    return items.length > 0 ? [{ name, title, items }] : [];
  });
}
