import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';
import { type Loop, startLoop } from '../loop.ts';
import { uuidv7 } from '../uuid.ts';

export interface PresenceOptions {
  readonly db: Database;
  readonly logger: Logger;
  /** Milliseconds between two signs of life of this node. Default 5,000. */
  readonly beatMs?: number;
  /** Seconds without one after which those on a node are gone. Default 15. */
  readonly ttlSeconds?: number;
  /** Told once however many connections a user has, on however many nodes. */
  readonly onChange: (type: 'joined' | 'left', channel: string, userId: string) => void;
}
interface Change {
  readonly channel: string;
  readonly userId: string;
}
/** Members of one channel that are shown at most. */
const SHOWN = 1000;
const FLUSH_MS = 50;

const ALIVE = `select from realtime.nodes n where n.id = o.node and n.seen_at > now() - make_interval(secs => $4)`;
const ELSEWHERE = `exists (select from realtime.members o where o.channel = c.channel and o.user_id = c."userId" and o.node <> $3 and exists (${ALIVE}))`;
const JOIN = `
  with changed as (
    insert into realtime.members as m (channel, user_id, node) select c, u, $3 from unnest($1::text[], $2::text[]) x (c, u)
    on conflict do nothing returning m.channel, m.user_id as "userId"
  ) select c.channel, c."userId" from changed c where not ${ELSEWHERE}`;
const LEAVE = `
  with changed as (
    delete from realtime.members m using unnest($1::text[], $2::text[]) x (c, u)
    where m.channel = x.c and m.user_id = x.u and m.node = $3 returning m.channel, m.user_id as "userId"
  ) select c.channel, c."userId" from changed c where not ${ELSEWHERE}`;
const BEAT = `
  with beaten as (insert into realtime.nodes (id) values ($1) on conflict (id) do update set seen_at = now() returning xmax = 0 as fresh)
  select fresh from beaten`;
/** One node that died at a time, so that what is told of its members is told once. */
const BURY = `
  with dead as (
    delete from realtime.nodes where id = (
      select id from realtime.nodes where seen_at < now() - make_interval(secs => $1) order by seen_at limit 1 for update skip locked
    ) returning id
  ), changed as (
    delete from realtime.members m using dead where m.node = dead.id returning m.channel, m.user_id as "userId", m.node
  ) select d.id, c.channel, c."userId" from dead d left join changed c on not exists (
      select from realtime.members o where o.channel = c.channel and o.user_id = c."userId" and o.node <> c.node)`;
/** Rows of nodes that nobody knows: what a node wrote in its last moments, or after Postgres forgot the nodes. */
const ORPHANS = `delete from realtime.members m where not exists (select from realtime.nodes n where n.id = m.node)`;
const MEMBERS = `
  select distinct m.user_id as "userId" from realtime.members m join realtime.nodes n on n.id = m.node
  where m.channel = $1 and n.seen_at > now() - make_interval(secs => $2) order by 1 limit ${SHOWN}`;

/**
 * Who follows which channel, on all nodes. Each node writes down its own; a node that gives no sign of life for a while is dead,
 * and so is everybody's presence there (S112). A restart is another node: what the last one left behind goes the same way.
 */
export class Presence {
  readonly #options: PresenceOptions;
  readonly #node = uuidv7();
  readonly #ttl: number;
  /** Channel → user → connections on this node. */
  readonly #here = new Map<string, Map<string, number>>();
  #changed = new Map<string, Change>();
  #loop: Loop | undefined;
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> = Promise.resolve();
  #stopped = false;
  constructor(options: PresenceOptions) {
    this.#options = options;
    this.#ttl = options.ttlSeconds ?? 15;
  }

  join(channel: string, userId: string): void {
    let users = this.#here.get(channel);
    if (!users) this.#here.set(channel, (users = new Map()));
    const count = users.get(userId) ?? 0;
    users.set(userId, count + 1);
    if (count === 0) this.#change({ channel, userId });
  }
  leave(channel: string, userId: string): void {
    const users = this.#here.get(channel);
    const count = users?.get(userId) ?? 0;
    if (!users || count === 0) return;
    if (count > 1) users.set(userId, count - 1);
    else {
      users.delete(userId);
      if (users.size === 0) this.#here.delete(channel);
      this.#change({ channel, userId });
    }
  }
  async members(channel: string): Promise<string[]> {
    await this.#flush();
    const { rows } = await this.#options.db.run<{ userId: string }>({ text: MEMBERS, values: [channel, this.#ttl] });
    return rows.map(({ userId }) => userId);
  }
  /** Leaves nothing behind. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#loop?.stop();
    if (!this.#loop) return;
    for (const [channel, users] of this.#here)
      for (const userId of users.keys()) this.#changed.set(`${channel} ${userId}`, { channel, userId });
    this.#here.clear();
    await this.#flush();
    await this.#options.db.run({ text: 'delete from realtime.nodes where id = $1', values: [this.#node] });
  }

  #change(change: Change): void {
    this.#changed.set(`${change.channel} ${change.userId}`, change);
    if (this.#stopped) return;
    this.#loop ??= startLoop({
      name: 'presence',
      everyMs: this.#options.beatMs ?? 5000,
      logger: this.#options.logger,
      run: () => this.#beat(),
    });
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#flush().catch((err: unknown) => this.#options.logger.warn({ err }, 'presence could not be written down; tried again'));
    }, FLUSH_MS).unref();
  }

  async #beat(): Promise<boolean> {
    const { db, onChange } = this.#options;
    const { rows } = await db.run<{ fresh: boolean }>({ text: BEAT, values: [this.#node] });
    if (rows[0]?.fresh) this.#tellAll();
    await this.#flush();
    const { rows: buried } = await db.run<{ id: string; channel: string | null; userId: string | null }>({
      text: BURY,
      values: [this.#ttl],
    });
    for (const { channel, userId } of buried) if (channel !== null && userId !== null) onChange('left', channel, userId);
    if (buried.length > 0) await db.run({ text: ORPHANS, values: [] });
    return buried.length > 0;
  }
  /** Postgres does not know this node: everything here is news to it. */
  #tellAll(): void {
    for (const [channel, users] of this.#here)
      for (const userId of users.keys()) this.#changed.set(`${channel} ${userId}`, { channel, userId });
  }
  /** One after the other, or a leave could overtake the join before it. */
  #flush(): Promise<void> {
    const next = this.#flushing.then(() => this.#write());
    this.#flushing = next.catch(() => undefined);
    return next;
  }
  async #write(): Promise<void> {
    if (this.#changed.size === 0) return;
    const { db, onChange } = this.#options;
    const changes = this.#changed;
    this.#changed = new Map();
    const isHere = ({ channel, userId }: Change): boolean => this.#here.get(channel)?.has(userId) === true;
    try {
      const { rows } = await db.run<{ fresh: boolean }>({ text: BEAT, values: [this.#node] });
      if (rows[0]?.fresh && !this.#stopped)
        for (const [channel, users] of this.#here)
          for (const userId of users.keys()) changes.set(`${channel} ${userId}`, { channel, userId });
      const all = [...changes.values()];
      for (const [type, text, some] of [
        ['joined', JOIN, all.filter(isHere)],
        ['left', LEAVE, all.filter((change) => !isHere(change))],
      ] as const) {
        if (some.length === 0) continue;
        const values = [some.map(({ channel }) => channel), some.map(({ userId }) => userId), this.#node, this.#ttl];
        const changed = await db.run<Change>({ text, values });
        for (const { channel, userId } of changed.rows) onChange(type, channel, userId);
      }
    } catch (error) {
      for (const [key, change] of changes) this.#changed.set(key, change);
      throw error;
    }
  }
}
