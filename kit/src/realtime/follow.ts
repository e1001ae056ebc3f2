import type { Database } from '../database/database.ts';
import type { Clock } from '../clock.ts';
import type { Named } from './channels.ts';
import { eventFrame } from './frames.ts';
import { readMissed } from './history.ts';
import type { Hub } from './hub.ts';
import { type Offset, type Offsets, WHOLE } from './offsets.ts';
import type { Peer } from './peer.ts';
import type { CommandId } from './protocol.ts';
import { Hold, Subscription } from './subscription.ts';
import type { Turns } from './turns.ts';

export interface FollowParts {
  readonly db: Database;
  readonly clock: Clock;
  readonly hub: Hub;
  readonly offsets: Offsets;
  /** Reads of the past that are made at the same time: what live requests need stays free. */
  readonly reads: Turns;
}
/** A client may have been told by a node that is ahead of this one. */
const CATCH_UP_MS = 5000;
const LOOK_MS = 20;

/** This node is behind what the client was told, and stays so. */
export class Behind extends Error {}

/** Undefined: from now on. Null: from somewhere that cannot be told any more. */
export type Since = Offset | null | undefined;

/**
 * Follows channels from an offset, or from now on. What was missed comes first, then `subscribed`, then what happens. The
 * connection stands in the rooms before the last of the past is read, so nothing falls between; what happens meanwhile waits, so
 * nothing comes twice or out of order (S104–S106).
 */
export async function follow(parts: FollowParts, peer: Peer, channels: readonly Named[], since: Since, id?: CommandId): Promise<void> {
  peer.following++;
  try {
    await followFrom(parts, peer, channels, since, id);
  } finally {
    peer.following--;
  }
}

async function followFrom(parts: FollowParts, peer: Peer, channels: readonly Named[], since: Since, id?: CommandId): Promise<void> {
  const { hub, offsets, db, reads } = parts;
  const names = channels.map(({ name }) => name);
  const seal = (offset: Offset): string => offsets.seal(offset);
  let recovered = since !== null && since !== undefined;
  /** Tells what lies between. @returns how far it was told; null: it cannot be told. */
  const tellPast = async (from: Offset, to: Offset): Promise<Offset | null> => {
    for (let at: Offset | null = from; at !== null;) {
      const place: Offset = at;
      const missed = await reads.take(() => readMissed(db, names, place, to.position));
      if (missed === null) return null;
      for (const { fact, channel, index } of missed.told) {
        await peer.wire.drained();
        if (!peer.deliver(eventFrame(fact, channel, index, seal))) return to;
      }
      at = missed.next;
    }
    return to.position > from.position ? to : from;
  };

  // Most of the past is told before anything is held back.
  let told: Offset | null = since ?? null;
  if (told !== null && !isHead(told, hub.head)) told = await tellPast(told, hub.head!);
  if (told !== null) await caughtUp(parts, told.position);
  if (peer.closed) return;

  const hold = new Hold(peer);
  const subscriptions = channels.map((named) => new Subscription(named, peer, hold));
  for (const subscription of subscriptions) {
    peer.add(subscription);
    hub.follow(subscription.named.name, subscription);
  }
  const head = hub.head!;
  if (told !== null && head.position > told.position) told = await tellPast(told, head);
  recovered &&= told !== null;
  if (peer.closed) return;
  const offset = seal(head);
  for (const subscription of subscriptions) {
    const channel = subscription.named.name;
    if (peer.subscriptions.get(channel) !== subscription) continue; // it ended meanwhile
    peer.say({ type: 'subscribed', channel, ...(since !== undefined && { recovered }) }, id, offset);
    subscription.release();
  }
  for (const frame of hold.frames) if (!peer.deliver(frame)) return;
}

const isHead = (offset: Offset, head: Offset | undefined): boolean =>
  offset.index === WHOLE && offset.position === head?.position && offset.id === head.id;

async function caughtUp({ hub, clock }: FollowParts, position: number): Promise<void> {
  const end = clock.monotonic() + CATCH_UP_MS;
  while (hub.head!.position < position) {
    if (clock.monotonic() > end) throw new Behind();
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
