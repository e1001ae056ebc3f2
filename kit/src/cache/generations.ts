const MOST = 100_000;

/** How often each tag was dropped, in bounded memory: forgetting a tag makes it newer, never older. */
export class Generations {
  readonly #of = new Map<string, number>();
  readonly #most: number;
  #count = 0;
  /** The generation of every tag that is not in the map. */
  #floor = 0;
  constructor(most = MOST) {
    this.#most = most;
  }
  of(tag: string): number {
    return this.#of.get(tag) ?? this.#floor;
  }
  drop(tags: readonly string[]): void {
    for (const tag of tags) this.#of.set(tag, ++this.#count);
    if (this.#of.size <= this.#most) return;
    // All at once, since evicting one by one would raise the floor, and with it every other tag, each time.
    this.#of.clear();
    this.#floor = ++this.#count;
  }
  /** One text that changes when any of the tags is dropped. */
  stamp(tags: readonly string[]): string {
    return tags.map((tag) => this.of(tag)).join();
  }
}
