export interface CacheOptions {
  /** Seconds an entry lives. */
  readonly ttlSeconds: number;
  /** Facts that name one of these tags make the entry stale, on every node. */
  readonly tags: readonly string[];
}
export interface Cache {
  /**
   * The cached value, or what `load` gives. Many misses of one key load once a node. What a load returns is not stored when one of
   * its tags was dropped since the load began (S94), nor when it throws (S97: null and undefined are values).
   * @param key parts, length-prefixed by the cache; name tenant and principal scope where the value depends on them (S99).
   */
  through<T>(key: readonly (string | number | null)[], options: CacheOptions, load: () => Promise<T>): Promise<T>;
  /** Makes entries with any of these tags stale on this node, now. The log does this for the tags of committed facts. */
  drop(tags: readonly string[]): void;
  /** Grows each time the tag is dropped: a value held elsewhere in memory is current while it stays the same. */
  generation(tag: string): number;
  /** False when this node has not followed the log for 2 s: memory may be stale, ask the database. */
  fresh(): boolean;
  /**
   * Whether the tags of every fact committed until `ms` ago have been dropped here: also when the log is read but facts wait for
   * their place in it. For what must not be believed longer, such as who may do what.
   */
  heardWithin(ms: number): boolean;
}
