import * as RadixTabs from '@radix-ui/react-tabs';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, Suspense } from 'react';
import { Card, Skeleton } from '../ui.tsx';

/** The head of a made page. `badge` stands beside the title, `lead` below it, `children` are its buttons. */
export const PageHead = ({
  title,
  badge,
  lead,
  children,
}: {
  title: string;
  badge?: ReactNode;
  lead?: ReactNode;
  children?: ReactNode;
}) => (
  <div className="flex flex-wrap items-start justify-between gap-3">
    <div className="min-w-0">
      <h1 className="flex flex-wrap items-center gap-3 text-2xl font-semibold wrap-anywhere">
        {title}
        {badge}
      </h1>
      {lead !== undefined && <div className="mt-1 text-sm text-quiet">{lead}</div>}
    </div>
    <div className="flex flex-wrap gap-2">{children}</div>
  </div>
);
/** A part of a page with a heading. `actions` stand at its right. */
export const Section = ({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) => (
  <section className="mt-6 first:mt-0">
    <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
      <h2 className="text-lg font-semibold">{title}</h2>
      <div className="flex flex-wrap gap-2">{actions}</div>
    </div>
    {children}
  </section>
);
/** A figure with its name: for a row of them, `<div className="grid grid-cols-2 gap-3 lg:grid-cols-4">`. */
export const Figure = ({ name, children, note }: { name: string; children: ReactNode; note?: ReactNode }) => (
  <Card className="p-4">
    <p className="text-sm text-quiet">{name}</p>
    <p className="mt-1 text-2xl font-semibold tabular-nums">{children}</p>
    {note !== undefined && <p className="mt-1 text-xs text-quiet">{note}</p>}
  </Card>
);

export interface Tab {
  /** Stands in the address: `?tab=sessions`. */
  readonly id: string;
  readonly title: string;
  readonly children: ReactNode;
}
/** Parts of a page of which one is shown; which one stands in the address. A null is a part that is not for whoever looks. */
export function Tabs({ tabs, label }: { tabs: readonly (Tab | null | false | undefined)[]; label: string }) {
  const { tab } = useSearch({ strict: false }) as { readonly tab?: string };
  const navigate = useNavigate();
  const shown = tabs.filter((each): each is Tab => Boolean(each));
  const current = shown.find(({ id }) => id === tab)?.id ?? shown[0]?.id;
  if (current === undefined) return null;
  return (
    <RadixTabs.Root
      value={current}
      onValueChange={(id) => void navigate({ to: '.', search: { tab: id }, replace: true, resetScroll: false })}
      className="mt-6"
    >
      <RadixTabs.List aria-label={label} className="flex gap-1 overflow-x-auto border-b border-line">
        {shown.map(({ id, title }) => (
          <RadixTabs.Trigger
            key={id}
            value={id}
            className="-mb-px border-b-2 border-transparent px-3 py-2 text-sm whitespace-nowrap text-quiet hover:text-text data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-text"
          >
            {title}
          </RadixTabs.Trigger>
        ))}
      </RadixTabs.List>
      {shown.map(({ id, children }) => (
        <RadixTabs.Content key={id} value={id} className="pt-4">
          <Suspense fallback={<Skeleton />}>{children}</Suspense>
        </RadixTabs.Content>
      ))}
    </RadixTabs.Root>
  );
}
