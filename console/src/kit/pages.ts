// Made pages: what stands in place of the page that the contract makes by itself, at the same address.
import type { operations } from '@plinth/client';
import type { ComponentType } from 'react';

export type OperationId = keyof operations;
export interface PageProps {
  /** Below `/api/v1`, with its parameters filled in: `/users/0199…`. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
}
export interface MadePage {
  /** Like a path of the API: `/users`, `/users/{userId}`; or an address of its own. */
  readonly path: string;
  /** Puts it into the navigation. */
  readonly title?: string;
  /** The feature it stands with in the navigation: a tag of the contract, else a heading of its own. */
  readonly feature?: string;
  /** Whoever may not call this does not see it in the navigation. The server refuses what is called anyhow. */
  readonly needs?: OperationId;
  /** Loaded when somebody goes there. */
  readonly load: () => Promise<{ readonly Page: ComponentType<PageProps> }>;
}
/** What `pages.ts` of a feature exports as `pages`. */
export const definePages = (pages: readonly MadePage[]): readonly MadePage[] => pages;
