import type { FollowedFact } from '../log/fact.ts';
import { eventFrame, Frame } from './frames.ts';
import { type Offset, type Offsets, WHOLE } from './offsets.ts';

/** Who is told what goes through a channel. */
export interface Follower {
  /** A fact of the log, once each and in order. */
  event(frame: Frame): void;
  /** What is in no log. */
  message(frame: Frame): void;
}

/** The channels that sockets of this node follow. The node's one tail of the log feeds it; a frame is made once, not once a socket. */
export class Hub {
  readonly #rooms = new Map<string, Set<Follower>>();
  readonly #offsets: Offsets;
  #head: Offset | undefined;
  constructor(offsets: Offsets) {
    this.#offsets = offsets;
  }

  /** Everything up to here was told to those who followed. */
  get head(): Offset | undefined {
    return this.#head;
  }
  /** Where the log stood when this node began to follow it. */
  begin(head: Offset): void {
    this.#head ??= head;
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

  /** @returns frames that were handed on. */
  tell(fact: FollowedFact): number {
    const { channels, position, id } = fact;
    let told = 0;
    for (let index = 0; index < channels.length; index++) {
      const channel = channels[index]!;
      const room = this.#rooms.get(channel);
      if (!room || channels.indexOf(channel) !== index) continue;
      const frame = eventFrame(fact, channel, index, (offset) => this.#offsets.seal(offset));
      for (const follower of room) follower.event(frame);
      told += room.size;
    }
    this.#head = { position, index: WHOLE, id };
    return told;
  }
  /** @returns frames that were handed on. */
  say(channel: string, message: Readonly<Record<string, unknown>>): number {
    const room = this.#rooms.get(channel);
    if (!room) return 0;
    const frame = new Frame(message);
    for (const follower of room) follower.message(frame);
    return room.size;
  }
}
