import { collections, words } from './contract.ts';
import type { Here } from './here.tsx';
import { madePages } from './made.ts';

export interface Place {
  /** Below `/r`. */
  readonly path: string;
  readonly title: string;
  /** In a sentence, where the contract has one. */
  readonly about: string;
}
export interface Area {
  readonly name: string;
  readonly items: readonly Place[];
}
/** Where the features of the base stand. What is named nowhere is a feature of the product: those come first. */
const AREAS: Readonly<Record<string, readonly string[]>> = {
  People: ['users', 'access', 'organizations', 'service-accounts'],
  Money: ['payments'],
  'Events and work': ['audit', 'timeline', 'jobs', 'webhooks'],
  Server: ['server', 'monitoring', 'realtime', 'mailbox'],
  Yours: ['auth', 'mfa', 'passkeys', 'oauth', 'api-keys', 'account'],
};
const PRODUCT = 'Product';
const areaOf = (feature: string): string => Object.keys(AREAS).find((area) => AREAS[area]!.includes(feature)) ?? PRODUCT;

/** Where one may go: made pages, and every list that has none, by area. */
export function areasOf(here: Here): Area[] {
  const { contract, mine } = here;
  const lists = collections(contract, mine);
  const made = madePages.flatMap(({ path, title, feature = 'server', needs }) =>
    title !== undefined && (needs === undefined || here.allowed(needs))
      ? [{ path, title, feature, about: lists.find(({ template }) => template === path)?.summary ?? '' }]
      : [],
  );
  const generic = lists.flatMap(({ template, feature, summary }) =>
    madePages.some(({ path }) => path === template) ? [] : [{ path: template, ...namesOf(template, feature, summary), feature }],
  );
  const places = [...made, ...generic];
  return [PRODUCT, ...Object.keys(AREAS)].flatMap((name) => {
    const order = AREAS[name] ?? [];
    const items = places
      .filter(({ feature }) => areaOf(feature) === name)
      .toSorted((a, b) => order.indexOf(a.feature) - order.indexOf(b.feature));
    return items.length > 0 ? [{ name, items }] : [];
  });
}
/** What is one's own is said so by its summary: "Your sessions". */
const namesOf = (template: string, feature: string, summary: string): { title: string; about: string } =>
  areaOf(feature) === 'Yours' ? { title: summary, about: '' } : { title: words(template.slice(1)), about: summary };
