import { type AnyChannel, maxAgeOf, ruleOf } from '../definitions.ts';

/** A channel that a name means, and what its rule asks about. */
export interface Named {
  readonly channel: AnyChannel;
  readonly name: string;
  readonly owner: string | null;
  readonly scope: string | null;
}
const PLACEHOLDER = /\{(\w+)\}/g;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

interface Compiled {
  readonly channel: AnyChannel;
  readonly matches: RegExp;
  readonly names: readonly string[];
  readonly owner: string | undefined;
  readonly scope: string | undefined;
}

function compile(channel: AnyChannel): Compiled {
  const { pattern, access, options } = channel;
  const names = [...pattern.matchAll(PLACEHOLDER)].map(([, name]) => name!);
  const problem = (what: string): Error => new Error(`channel '${pattern}': ${what}`);
  const rules = [access, ...(options.publish === undefined ? [] : [options.publish])];
  const scopes = new Set(rules.flatMap((rule) => ruleOf(rule)?.scope ?? []));
  if (scopes.size > 1) throw problem('its rules name two kinds of scope');
  const [type] = scopes;
  const scope = type === undefined ? undefined : (options.scope ?? `${type}Id`);
  if (scope !== undefined && !names.includes(scope)) throw problem(`its rule names the scope '${type}', but it has no {${scope}}`);
  const { owner } = options;
  if (owner !== undefined && !names.includes(owner)) throw problem(`it has no {${owner}}`);
  if (owner === undefined && rules.some((rule) => ruleOf(rule)?.own))
    throw problem(`its rule names 'own': say which placeholder is the owner`);
  if (rules.some((rule) => maxAgeOf(rule) !== undefined)) throw problem('a proof cannot be fresh for as long as a subscription lasts');
  const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const source = pattern
    .split(/\{\w+\}/)
    .map(literal)
    .join('([\\w.~-]{1,100})');
  return { channel, matches: new RegExp(`^${source}$`), names, owner, scope };
}

/**
 * Which declared channel a name means.
 * @throws when the server is put together, where a rule asks for what the pattern does not name, or two patterns mean the same names.
 */
export function createChannels(channels: Iterable<AnyChannel>): (name: string) => Named | null {
  const compiled = [...channels].map(compile);
  const shapes = new Map<string, AnyChannel>();
  for (const { channel } of compiled) {
    const shape = channel.pattern.replace(PLACEHOLDER, '{}');
    const other = shapes.get(shape);
    if (other) throw new Error(`channels '${other.pattern}' and '${channel.pattern}' mean the same names`);
    shapes.set(shape, channel);
  }
  return (name) => {
    for (const { channel, matches, names, owner, scope } of compiled) {
      const found = matches.exec(name);
      if (!found) continue;
      const of = (wanted: string | undefined): string | null => (wanted === undefined ? null : found[names.indexOf(wanted) + 1]!);
      const named = { channel, name, owner: of(owner), scope: of(scope) };
      // One spelling of an id: in another one nobody would ever publish.
      return [named.owner, named.scope].every((id) => id === null || UUID.test(id)) ? named : null;
    }
    return null;
  };
}
