import type { Principal } from '../caller.ts';
import type { Access, Permission } from '../definitions.ts';
import { isAdmitted } from './admittance.ts';
import type { Named } from './channels.ts';
import { CLOSE, ERRORS } from './codes.ts';
import { Behind, follow, type FollowParts } from './follow.ts';
import { proofOf } from './keeper.ts';
import type { Peer } from './peer.ts';
import type { Presence } from './presence.ts';
import { type Command, DATA_BYTES, SUBSCRIPTIONS } from './protocol.ts';
import type { Door } from '../feature.ts';

export interface CommandParts extends FollowParts {
  readonly door: Door;
  readonly named: (name: string) => Named | null;
  readonly presence: Presence;
  /** To everybody who follows the channel, on every node. */
  readonly say: (channel: string, message: Readonly<Record<string, unknown>>) => void;
  /** What it takes to connect at all. */
  readonly permission: Permission;
  /** False: this user has as many connections as one may have. */
  readonly admit: (peer: Peer, principal: Principal) => boolean;
}

/** Is this rule met by whoever is at the other end? */
export const isAllowed = (parts: Pick<CommandParts, 'db' | 'door'>, peer: Peer, access: Access, named: Named): Promise<boolean> =>
  isAdmitted(parts, peer.proof!.principal, access, named, peer.origin);

async function authenticate(
  parts: CommandParts,
  peer: Peer,
  { id, token, key }: Extract<Command, { type: 'authenticate' }>,
): Promise<void> {
  if ((token === undefined) === (key === undefined)) return peer.fail('BAD_REQUEST', id);
  const before = peer.proof;
  const proof = await proofOf(parts, token === undefined ? { from: 'key', token: key! } : { from: 'authorization', token });
  if (proof === null) return before ? peer.fail('INVALID_TOKEN', id) : peer.close(CLOSE.invalidToken);
  if (before && !isSame(before.principal, proof.principal)) return peer.fail('OTHER_CALLER', id);
  if (!before && !(await enter(parts, peer, proof))) return;
  peer.proof = proof;
  peer.held = undefined;
  sayAuthenticated(parts, peer, id);
}
/** Lets someone in who has just proved who they are. @returns false where the connection is closed instead. */
export async function enter(parts: CommandParts, peer: Peer, proof: NonNullable<Peer['proof']>): Promise<boolean> {
  const { allowed } = await parts.door.decide(proof.principal, parts.permission);
  if (!allowed) peer.close(CLOSE.forbidden);
  else if (!parts.admit(peer, proof.principal)) peer.close(CLOSE.crowded);
  if (peer.closed) return false;
  peer.proof = proof;
  return true;
}
export function sayAuthenticated({ clock }: Pick<CommandParts, 'clock'>, peer: Peer, id?: Command['id']): void {
  const { principal, until } = peer.proof!;
  const expiresIn = until === undefined || until === Infinity ? null : Math.max(0, Math.floor((until - clock.monotonic()) / 1000));
  peer.say({ type: 'authenticated', userId: principal.user?.id ?? null, expiresIn }, id);
}
const isSame = (a: Principal, b: Principal): boolean =>
  a.user?.id === b.user?.id && a.impersonator?.id === b.impersonator?.id && a.key?.id === b.key?.id;

async function subscribe(parts: CommandParts, peer: Peer, { id, channel, since }: Extract<Command, { type: 'subscribe' }>): Promise<void> {
  if (peer.subscriptions.has(channel)) return peer.fail('ALREADY_SUBSCRIBED', id, channel);
  if (peer.subscriptions.size >= SUBSCRIPTIONS) return peer.fail('TOO_MANY_SUBSCRIPTIONS', id, channel);
  const named = parts.named(channel);
  if (!named) return peer.fail('NO_SUCH_CHANNEL', id, channel);
  const held = parts.door.held?.(peer.proof!.principal);
  if (!(await isAllowed(parts, peer, named.channel.access, named))) return peer.fail('FORBIDDEN', id, channel);
  noteHeld(peer, held);
  try {
    await follow(parts, peer, [named], since === undefined ? undefined : (parts.offsets.open(since) ?? null), id);
  } catch (error) {
    if (!(error instanceof Behind)) throw error;
    return peer.fail('UNAVAILABLE', id, channel);
  }
  joined(parts, peer, channel);
}
/** @param held what they held before they were found allowed: another now, and all is looked at again. */
export function noteHeld(peer: Peer, held: object | undefined): void {
  if (peer.subscriptions.size === 0) peer.held = held;
  else if (peer.held !== held) peer.held = undefined;
}
export function joined({ presence }: Pick<CommandParts, 'presence'>, peer: Peer, channel: string): void {
  const subscription = peer.subscriptions.get(channel);
  const userId = peer.proof?.principal.user?.id;
  if (!subscription?.named.channel.options.presence || userId === undefined) return;
  subscription.present = true;
  presence.join(channel, userId);
}

async function publish(parts: CommandParts, peer: Peer, { id, channel, data }: Extract<Command, { type: 'publish' }>): Promise<void> {
  const named = peer.subscriptions.get(channel)?.named;
  if (!named) return peer.fail('NOT_SUBSCRIBED', id, channel);
  const { publish: access } = named.channel.options;
  if (Buffer.byteLength(JSON.stringify(data)) > DATA_BYTES) return peer.fail('TOO_LARGE', id, channel);
  if (access === undefined) return peer.fail('FORBIDDEN', id, channel);
  if (!peer.mayPublish(channel)) {
    if (!(await isAllowed(parts, peer, access, named))) return peer.fail('FORBIDDEN', id, channel);
    peer.notePublishes(named);
  }
  parts.say(channel, { type: 'message', channel, from: peer.proof!.principal.user?.id ?? null, data });
  peer.say({ type: 'published', channel }, id);
}

async function showPresence(parts: CommandParts, peer: Peer, { id, channel }: Extract<Command, { type: 'presence' }>): Promise<void> {
  const named = peer.subscriptions.get(channel)?.named;
  if (!named) return peer.fail('NOT_SUBSCRIBED', id, channel);
  if (!named.channel.options.presence) return peer.fail('FORBIDDEN', id, channel);
  peer.say({ type: 'presence', channel, members: (await parts.presence.members(channel)).map((userId) => ({ userId })) }, id);
}

/** Ends one subscription; nobody is told. */
export function unfollow({ hub, presence }: Pick<CommandParts, 'hub' | 'presence'>, peer: Peer, channel: string): boolean {
  const subscription = peer.subscriptions.get(channel);
  if (!subscription) return false;
  hub.unfollow(channel, subscription);
  peer.remove(channel);
  if (subscription.present) presence.leave(channel, peer.proof!.principal.user!.id);
  return true;
}

/** What they hold may have changed: whatever is not allowed any more ends (S102). */
export async function judge(parts: CommandParts, peer: Peer): Promise<void> {
  if (!(await parts.door.decide(peer.proof!.principal, parts.permission)).allowed) return peer.close(CLOSE.forbidden);
  peer.forgetPublishes();
  for (const { named } of peer.subscriptions.values()) {
    if (await isAllowed(parts, peer, named.channel.access, named)) continue;
    if (peer.closed || !unfollow(parts, peer, named.name)) continue;
    peer.say({ type: 'unsubscribed', channel: named.name, code: 'FORBIDDEN', message: ERRORS.FORBIDDEN });
  }
}

/** Does what a client asks for; what cannot be done is told, and the connection goes on. */
export async function perform(parts: CommandParts, peer: Peer, command: Command): Promise<void> {
  const { id } = command;
  if (command.type === 'authenticate') return authenticate(parts, peer, command);
  if (command.type === 'ping') return peer.say({ type: 'pong' }, id, peer.proof === null ? null : parts.offsets.seal(parts.hub.head!));
  if (peer.proof === null) return peer.fail('SIGN_IN_REQUIRED', id);
  switch (command.type) {
    case 'subscribe':
      return subscribe(parts, peer, command);
    case 'unsubscribe':
      if (!unfollow(parts, peer, command.channel)) return peer.fail('NOT_SUBSCRIBED', id, command.channel);
      return peer.say({ type: 'unsubscribed', channel: command.channel }, id);
    case 'publish':
      return publish(parts, peer, command);
    case 'presence':
      return showPresence(parts, peer, command);
  }
}
