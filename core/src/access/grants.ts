import { AsyncLocalStorage } from 'node:async_hooks';
import type { Cache, Catalog, Clock } from '@plinth/kit';
import { LRUCache } from 'lru-cache';
import { rolesTag, userTag } from './contract.ts';
import { grantsOf } from './grammar.ts';
import type { AccessRepository } from './repository.ts';
import type { HeldRow, ScopeRow } from './rows.ts';

/** What one user (or everybody) holds, as last read. */
export interface Held {
  /** Roles that count everywhere; `guest` is everybody's and not named. */
  readonly roles: readonly string[];
  /** Permissions held everywhere. */
  readonly everywhere: ReadonlySet<string>;
  /** By type of scope: permissions held inside at least one scope of it, beyond those held everywhere. */
  readonly within: ReadonlyMap<string, ReadonlySet<string>>;
  /**
   * The scopes of one type inside which a permission is held, beyond everywhere: ids with commas, some perhaps twice.
   * Undefined: too many to keep in memory.
   */
  scopesOf(type: string, permission: string): string | undefined;
}
interface Entry extends Held {
  readonly tag: string | null;
  readonly userGeneration: number;
  readonly rolesGeneration: number;
  /** When the first assignment or grant expires, in milliseconds: monotonic, which stands still while the machine sleeps, and by the calendar. */
  readonly until: number;
  readonly untilWall: number;
}
interface Load {
  readonly entry: Promise<Entry>;
  /** Monotonic milliseconds. */
  readonly startedAt: number;
  readonly userGeneration: number;
  readonly rolesGeneration: number;
}

const USERS_IN_MEMORY = 20_000;
const SETS_IN_MEMORY = 1_000;
/** Of one role, or one permission given directly: with them a row's statement costs what it costs without a rule (bench/). */
const SCOPES_IN_MEMORY = 64;
/** What another node changed counts here after so long at the latest, whatever keeps this node from hearing of it. */
const TRUSTED_MS = 1_000;
const EVERYBODY = '';
/** Ids are of one length, so no two of these are written alike (B97). */
const keyOf = (userId: string | null, scope: ScopeRow | undefined): string =>
  scope === undefined ? (userId ?? EVERYBODY) : `${userId} ${scope.id} ${scope.type}`;

/**
 * What callers hold, in memory, so that a decision is one Set lookup. An entry is current while no fact about its user or
 * about roles was committed since its load began (the log drops the tags on every node), while this node hears of facts within
 * a second, and until the first assignment or grant in it expires: remaining time by the database's clock at load, plus monotonic time.
 */
export class Grants {
  readonly #cache: Cache;
  readonly #clock: Clock;
  readonly #catalog: Catalog;
  readonly #read: (userId: string | null, scope: ScopeRow | undefined) => Promise<HeldRow[]>;
  readonly #entries = new LRUCache<string, Entry>({ max: USERS_IN_MEMORY });
  readonly #loads = new Map<string, Load>();
  readonly #sets = new LRUCache<string, ReadonlySet<string>>({ max: SETS_IN_MEMORY });

  constructor({ cache, clock, catalog, repository }: { cache: Cache; clock: Clock; catalog: Catalog; repository: AccessRepository }) {
    this.#cache = cache;
    this.#clock = clock;
    this.#catalog = catalog;
    // Bound to the context of set-up: one load serves many requests, so it must not count as part of the first one's transaction.
    this.#read = AsyncLocalStorage.bind((userId: string | null, scope: ScopeRow | undefined) =>
      scope && userId !== null ? repository.heldInside(userId, scope) : repository.held(userId, SCOPES_IN_MEMORY),
    );
  }

  /**
   * What is held, when memory is current. @param userId null: by everybody.
   * @param scope then `within` has what is held inside this one alone, and nothing at all for who is no part of it.
   */
  current(userId: string | null, scope?: ScopeRow): Held | undefined {
    const entry = this.#entries.get(keyOf(userId, scope));
    return entry !== undefined && this.#isCurrent(entry) ? entry : undefined;
  }

  /** What is held, read from the database unless memory is current. */
  async of(userId: string | null, scope?: ScopeRow): Promise<Held> {
    return this.current(userId, scope) ?? this.#load(userId, scope);
  }

  #isCurrent(entry: Entry): boolean {
    return (
      entry.rolesGeneration === this.#cache.generation(rolesTag) &&
      (entry.tag === null || entry.userGeneration === this.#cache.generation(entry.tag)) &&
      (entry.until === Infinity || (this.#clock.monotonic() < entry.until && this.#clock.now().getTime() < entry.untilWall)) &&
      this.#cache.heardWithin(TRUSTED_MS)
    );
  }

  #load(userId: string | null, scope?: ScopeRow): Promise<Entry> {
    const key = keyOf(userId, scope);
    const tag = userId === null ? null : userTag(userId);
    const userGeneration = tag === null ? 0 : this.#cache.generation(tag);
    const rolesGeneration = this.#cache.generation(rolesTag);
    const running = this.#loads.get(key);
    const startedAt = this.#clock.monotonic();
    // A load that began before the last change may have missed it: it is not shared with whoever comes after the change (B99),
    // nor, since this node may not have heard of the change, with who comes when memory of that age would not be believed.
    if (
      running?.userGeneration === userGeneration &&
      running.rolesGeneration === rolesGeneration &&
      startedAt - running.startedAt < TRUSTED_MS
    )
      return running.entry;
    const startedAtWall = this.#clock.now().getTime();
    const entry = this.#read(userId, scope).then((rows) => {
      const remaining = rows.reduce((least, row) => Math.min(least, row.remaining ?? Infinity), Infinity);
      const until = { until: startedAt + remaining, untilWall: startedAtWall + remaining };
      const loaded = { ...this.#expand(rows), tag, userGeneration, rolesGeneration, ...until };
      // Who asks for scopes that they are no part of must not push others out of memory.
      const kept = scope === undefined || loaded.within.has(scope.type);
      if (this.#loads.get(key) === load && kept) this.#entries.set(key, loaded);
      return loaded;
    });
    const load: Load = { entry, startedAt, userGeneration, rolesGeneration };
    this.#loads.set(key, load);
    const done = (): void => {
      if (this.#loads.get(key) === load) this.#loads.delete(key);
    };
    entry.then(done, done); // a failed load is nobody's answer (B98)
    return entry;
  }

  #expand(rows: readonly HeldRow[]): Held {
    const everywhere = rows.filter(({ scopeType }) => scopeType === null);
    const scoped = Map.groupBy(
      rows.filter(({ scopeType }) => scopeType !== null),
      ({ scopeType }) => scopeType!,
    );
    const kept = new Map(
      [...scoped].map(([type, held]) => [type, held.map((row) => ({ scopes: row.scopes, names: this.#permissionsOf([row]) }))]),
    );
    return {
      scopesOf(type, permission) {
        const found = kept.get(type)?.filter(({ names }) => names.has(permission)) ?? [];
        return found.some(({ scopes }) => scopes === null) ? undefined : found.map(({ scopes }) => scopes).join();
      },
      roles: everywhere.flatMap(({ role }) => (role === null || role === 'guest' ? [] : [role])),
      everywhere: this.#permissionsOf(everywhere),
      within: new Map([...scoped].map(([type, held]) => [type, this.#permissionsOf(held)])),
    };
  }

  /** Permissions of the catalogue that these rows grant. Users with the same grants share one Set. */
  #permissionsOf(rows: readonly HeldRow[]): ReadonlySet<string> {
    const grants = new Set(rows.flatMap(({ permissions }) => permissions));
    const key = JSON.stringify([...grants].sort());
    const known = this.#sets.get(key);
    if (known) return known;
    const names = new Set([...this.#catalog.permissions.keys()].filter((name) => grantsOf(name).some((grant) => grants.has(grant))));
    this.#sets.set(key, names);
    return names;
  }
}
