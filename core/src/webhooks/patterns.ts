import type { Catalog } from '@plinth/kit';
import { z } from 'zod';
import type { EventType } from './contract.ts';

/** What webhooks may be subscribed to, and the patterns that name it. */
export class PublicEvents {
  /** For people who choose. */
  readonly types: readonly EventType[];
  readonly #names: ReadonlySet<string>;
  readonly #patterns: ReadonlySet<string>;
  constructor({ events }: Pick<Catalog, 'events'>) {
    const found = [...events.values()].filter((event) => event.public === true);
    this.types = found.map(({ name, title, payload }) => ({
      name,
      title,
      payload: z.toJSONSchema(payload as z.ZodType, { io: 'output', unrepresentable: 'any' }),
    }));
    const names = found.map(({ name }) => name);
    this.#names = new Set(names);
    this.#patterns = new Set(names.flatMap(patternsOf));
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
