import type { AnyEvent, Catalog } from '@plinth/kit';
import { z } from 'zod';
import type { EventType } from './contract.ts';

/** What webhooks may be subscribed to, and the patterns that name it. */
export class PublicEvents {
  readonly #found: readonly AnyEvent[];
  #types: readonly EventType[] | undefined;
  readonly #names: ReadonlySet<string>;
  readonly #patterns: ReadonlySet<string>;
  constructor({ events }: Pick<Catalog, 'events'>) {
    this.#found = [...events.values()].filter((event) => event.public === true);
    const names = this.#found.map(({ name }) => name);
    this.#names = new Set(names);
    this.#patterns = new Set(names.flatMap(patternsOf));
  }
  /** For people who choose. Written out when the first asks, not at every start. */
  types(): readonly EventType[] {
    return (this.#types ??= this.#found.map(({ name, title, payload }) => ({
      name,
      title,
      payload: z.toJSONSchema(payload, { io: 'output', unrepresentable: 'any' }),
    })));
  }
  get names(): readonly string[] {
    return [...this.#names];
  }
  has(name: string): boolean {
    return this.#names.has(name);
  }
  /** Whether it matches anything today: what is misspelt would stay silent for ever. */
  known(pattern: string): boolean {
    return this.#patterns.has(pattern);
  }
  /** The names that these patterns stand for. */
  matching(patterns: readonly string[]): string[] {
    return this.names.filter((name) => patternsOf(name).some((pattern) => patterns.includes(pattern)));
  }
}
/** Everything that an endpoint may list to get the event of this name. */
export const patternsOf = (name: string): string[] => [name, `${name.slice(0, name.indexOf('.'))}.*`, '*'];
