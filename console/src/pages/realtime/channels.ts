// Kinds of channels and the names that they are filled in to: `project:{projectId}`, `project:0199…`.
import type { paths } from '@plinth/client';

export type Kind = paths['/api/v1/realtime/channels']['get']['responses'][200]['content']['application/json']['data'][number];

export const placesOf = ({ channel }: Kind): string[] => [...channel.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
export const nameOf = ({ channel }: Kind, values: Readonly<Record<string, string>>): string =>
  channel.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');

/** The kind that a name is of, and what it is filled in with. */
export function kindOf(kinds: readonly Kind[], name: string): { kind: Kind; values: Record<string, string> } | undefined {
  for (const kind of kinds) {
    const source = kind.channel
      .split(/(\{\w+\})/)
      .map((part) => (part.startsWith('{') ? `(?<${part.slice(1, -1)}>[\\w.~-]{1,100})` : part.replace(/[.*+?^$()|[\]\\]/g, '\\$&')));
    const found = new RegExp(`^${source.join('')}$`).exec(name);
    if (found) return { kind, values: { ...found.groups } };
  }
  return undefined;
}
