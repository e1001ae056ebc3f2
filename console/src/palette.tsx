import * as RadixDialog from '@radix-ui/react-dialog';
import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import { useEffect, useState } from 'react';
import { collections, queryOf, words } from './contract.ts';
import { useHere } from './here.tsx';
import { madePages } from './made.ts';
import { areasOf } from './navigation.ts';
import { pageOf } from './resource/address.ts';

const ITEM = 'flex cursor-pointer items-baseline gap-3 rounded px-3 py-2 text-sm data-[selected=true]:bg-page';
const HEADING =
  '[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:py-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-quiet';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** By words, not by letters that happen to follow: what begins so first, then what is called so, then what is about it. */
function fits(value: string, typed: string, about: string[] = []): number {
  const wanted = typed.trim().toLowerCase();
  const [title = value, ...others] = about.map((each) => each.toLowerCase());
  if (title.startsWith(wanted)) return 1;
  if (title.includes(wanted)) return 0.8;
  return others.some((each) => each.includes(wanted)) || value.includes(wanted) ? 0.5 : 0;
}

/** Opens with `/` or ⌘K: every page by its name, what was typed in every list that can be searched, and the timeline of an id. */
export function Palette({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const here = useHere();
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const typing = event.target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
      const wanted =
        (event.key === '/' && !typing && !event.metaKey && !event.ctrlKey) ||
        (event.key.toLowerCase() === 'k' && (event.metaKey || event.ctrlKey));
      if (!wanted) return;
      event.preventDefault();
      onOpenChange(true);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [onOpenChange]);
  const go = (path: string, search: Readonly<Record<string, string>> = {}): void => {
    onOpenChange(false);
    setTyped('');
    void navigate({ ...pageOf(path), search });
  };
  const wanted = typed.trim();
  const searchable = collections(here.contract, here.mine).filter((operation) => queryOf(operation).some(({ name }) => name === 'q'));
  const hasTimeline = madePages.some(({ path, needs }) => path === '/timeline' && (needs === undefined || here.allowed(needs)));
  return (
    <RadixDialog.Root open={open} onOpenChange={onOpenChange}>
      <RadixDialog.Portal>
        <RadixDialog.Overlay className="fixed inset-0 z-40 bg-black/50" />
        <RadixDialog.Content
          aria-describedby={undefined}
          className="fixed inset-x-3 top-[10vh] z-50 mx-auto max-w-xl overflow-hidden rounded-lg border border-line bg-card shadow-xl"
        >
          <RadixDialog.Title className="sr-only">Go to</RadixDialog.Title>
          <Command label="Go to" loop filter={fits}>
            <Command.Input
              value={typed}
              onValueChange={setTyped}
              placeholder="A page, something to search for, or an id"
              className="h-12 w-full border-b border-line bg-transparent px-4 text-sm outline-none placeholder:text-quiet"
            />
            <Command.List className="max-h-[60vh] overflow-y-auto p-2">
              {searchable.length === 0 && (
                <Command.Empty className="p-4 text-center text-sm text-quiet">Nothing is called so.</Command.Empty>
              )}
              {areasOf(here).map(({ name, items }) => (
                <Command.Group key={name} heading={name} className={HEADING}>
                  {items.map(({ path, title, about }) => (
                    <Command.Item key={path} value={path} keywords={[title, name, about]} onSelect={() => go(path)} className={ITEM}>
                      {title}
                      <span className="truncate text-xs text-quiet">{about}</span>
                    </Command.Item>
                  ))}
                </Command.Group>
              ))}
              {wanted !== '' && (
                <Command.Group heading="Search" className={HEADING} forceMount>
                  {UUID.test(wanted) && hasTimeline && (
                    <Command.Item value={`timeline ${wanted}`} forceMount onSelect={() => go('/timeline', { id: wanted })} className={ITEM}>
                      What happened around {wanted.slice(0, 8)}…
                    </Command.Item>
                  )}
                  {searchable.map(({ template, id }) => (
                    <Command.Item key={id} value={`search ${id}`} forceMount onSelect={() => go(template, { q: wanted })} className={ITEM}>
                      {words(template.slice(1))}: {wanted}
                    </Command.Item>
                  ))}
                </Command.Group>
              )}
            </Command.List>
          </Command>
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  );
}
