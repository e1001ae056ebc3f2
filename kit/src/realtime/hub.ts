import type { FollowedFact } from '../log/fact.ts';
import { eventFrame, Frame } from './frames.ts';
import { type Offset, type Offsets, WHOLE } from './offsets.ts';

/** Who is told what goes through a channel. */
export interface Follower {
  /** A fact of the log, once each and in order. @param more others may follow in this turn. */
  event(frame: Frame, more: boolean): void;
  /** What is in no log. */
  message(frame: Frame): void;
}

export interface HubOptions {
  readonly offsets: Offsets;
  /** Frames that were handed on. */
  readonly onTold: (frames: number) => void;
  readonly onFailure: (error: unknown, position: number) => void;
}

/** Milliseconds below which telling took no time worth resting. */
const NO_TIME = 2;
/** Milliseconds that facts wait at most for those that come after them. */
const LONGEST_REST = 15;

/**
 * The channels that sockets of this node follow. The node's one tail of the log feeds it; a frame is made once, not once a socket.
 *
 * After telling it rests for half as long as that took. A call to the system costs 10 µs a socket, so one fact to 1,000 sockets is 10 ms
 * and a hundred a second would be all that a core can do; what came meanwhile leaves together, in one call a socket.
 */
export class Hub {
  readonly #rooms = new Map<string, Set<Follower>>();
  readonly #offsets: Offsets;
  readonly #onTold: (frames: number) => void;
  readonly #onFailure: (error: unknown, position: number) => void;
  #head: Offset | undefined;
  #waiting: FollowedFact[] = [];
  #rest: NodeJS.Timeout | undefined;
  #stopped = false;
  constructor({ offsets, onTold, onFailure }: HubOptions) {
    this.#offsets = offsets;
    this.#onTold = onTold;
    this.#onFailure = onFailure;
  }

  /** Everything up to here was told to those who followed. */
  get head(): Offset | undefined {
    return this.#head;
  }
  /** Where the log stood when this node began to follow it. */
  begin(head: Offset): void {
    this.#head ??= head;
  }
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#rest);
  }
  get channels(): number {
    return this.#rooms.size;
  }

  follow(channel: string, follower: Follower): void {
    let room = this.#rooms.get(channel);
    if (!room) this.#rooms.set(channel, (room = new Set()));
    room.add(follower);
  }
  unfollow(channel: string, follower: Follower): void {
    const room = this.#rooms.get(channel);
    room?.delete(follower);
    if (room?.size === 0) this.#rooms.delete(channel);
  }

  /** Takes the next fact of the log. Those that come in one turn are told together, at the end of it. */
  tell(fact: FollowedFact): void {
    this.#waiting.push(fact);
    if (this.#waiting.length === 1 && this.#rest === undefined) queueMicrotask(() => this.#tellWaiting());
  }
  say(channel: string, message: Readonly<Record<string, unknown>>): void {
    const room = this.#rooms.get(channel);
    if (!room) return;
    const frame = new Frame(message);
    for (const follower of room) follower.message(frame);
    this.#onTold(room.size);
  }

  #tellWaiting(): void {
    this.#rest = undefined;
    const facts = this.#waiting;
    if (facts.length === 0 || this.#stopped) return;
    this.#waiting = [];
    const startedAt = performance.now();
    for (const fact of facts) {
      try {
        this.#tellOne(fact, facts.length > 1);
      } catch (error) {
        this.#onFailure(error, fact.position);
      }
      this.#head = { position: fact.position, index: WHOLE, id: fact.id };
    }
    const took = performance.now() - startedAt;
    if (took > NO_TIME) this.#rest = setTimeout(() => this.#tellWaiting(), Math.min(took / 2, LONGEST_REST));
  }
  #tellOne({ id, position, name, told }: FollowedFact, more: boolean): void {
    if (!told) return;
    const { channels, occurredAt, payload } = told;
    for (let index = 0; index < channels.length; index++) {
      const channel = channels[index]!;
      const room = this.#rooms.get(channel);
      if (!room || channels.indexOf(channel) !== index) continue;
      const frame = eventFrame({ id, position, name, occurredAt, payload }, channel, index, (offset) => this.#offsets.seal(offset));
      for (const follower of room) follower.event(frame, more);
      this.#onTold(room.size);
    }
  }
}
