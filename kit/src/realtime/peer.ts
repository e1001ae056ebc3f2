import type { Origin, Principal } from '../caller.ts';
import type { Permission } from '../definitions.ts';
import type { Credentials } from '../feature.ts';
import type { Named } from './channels.ts';
import { CLOSE, type Closing, type ErrorCode, ERRORS } from './codes.ts';
import { Frame } from './frames.ts';
import type { CommandId } from './protocol.ts';
import type { Receiver, Subscription } from './subscription.ts';
import type { Wire } from './wire.ts';

const NONE: ReadonlyMap<string, Subscription> = new Map();

/** A proof that was accepted, and how long it is good for. */
export interface Proof {
  readonly credentials: Credentials;
  readonly principal: Principal;
  /** Monotonic milliseconds at which it was last asked for. */
  asked: number;
  /** Monotonic milliseconds until which it holds by its own word; undefined: not known. */
  until: number | undefined;
}

/** One connection: who it is, what it follows, and the only way in which anything is sent to it. */
export class Peer implements Receiver {
  readonly wire: Wire;
  /** What it takes to be connected. */
  readonly permission: Permission;
  readonly origin: Origin;
  readonly #bufferBytes: number;
  readonly #onClose: (peer: Peer, closing: Closing | null) => void;
  /** Null: nobody yet. */
  proof: Proof | null = null;
  /** What the caller held, as the door named it, when everything was last found allowed; undefined: look again. */
  held: object | undefined = undefined;
  /** Monotonic milliseconds of the last look at what is allowed. */
  judged = 0;
  /** It is being looked at, or asked about, now. */
  busy = false;
  /** Monotonic milliseconds of the last byte that came, and of the ping that waits for one; 0: none does. */
  heard: number;
  pinged = 0;
  readonly opened: number;
  /** How many times the past is being read for it: until then no offset speaks for all that it follows. */
  following = 0;
  /** Connections are counted by this. */
  countedAs: string | null = null;
  #subscriptions: Map<string, Subscription> | null = null;
  /** Channels that it was found to be allowed to publish to since `held`. */
  #publishes: Set<string> | null = null;
  #closed = false;
  constructor(
    wire: Wire,
    permission: Permission,
    origin: Origin,
    bufferBytes: number,
    now: number,
    onClose: (peer: Peer, closing: Closing | null) => void,
  ) {
    this.wire = wire;
    this.permission = permission;
    this.origin = origin;
    this.#bufferBytes = bufferBytes;
    this.heard = now;
    this.opened = now;
    this.#onClose = onClose;
  }

  get closed(): boolean {
    return this.#closed;
  }
  get subscriptions(): ReadonlyMap<string, Subscription> {
    return this.#subscriptions ?? NONE;
  }
  add(subscription: Subscription): void {
    (this.#subscriptions ??= new Map()).set(subscription.named.name, subscription);
  }
  remove(channel: string): void {
    this.#subscriptions?.delete(channel);
    this.#publishes?.delete(channel);
  }
  mayPublish(channel: string): boolean {
    return this.#publishes?.has(channel) === true;
  }
  notePublishes({ name }: Named): void {
    (this.#publishes ??= new Set()).add(name);
  }
  forgetPublishes(): void {
    this.#publishes = null;
  }

  /** The bound counts the frame that is about to be sent (S107); one that is larger than the bound goes alone. */
  deliver(frame: Frame, more = false): boolean {
    if (this.#closed) return false;
    const { buffered } = this.wire;
    if (buffered > 0 && buffered + this.wire.sizeOf(frame) > this.#bufferBytes) {
      this.tooSlow();
      return false;
    }
    this.wire.send(frame, more);
    return true;
  }
  fits(bytes: number): boolean {
    return bytes + this.wire.buffered <= this.#bufferBytes;
  }
  tooSlow(): void {
    this.close(CLOSE.slow);
  }
  say(message: Readonly<Record<string, unknown>>, id?: CommandId, offset: string | null = null): void {
    this.deliver(new Frame(id === undefined ? message : { ...message, id }, offset));
  }
  fail(code: ErrorCode, id?: CommandId, channel?: string): void {
    this.say({ type: 'error', code, message: ERRORS[code], channel }, id);
  }
  close(closing: Closing): void {
    if (this.#closed) return;
    this.#closed = true;
    this.wire.close(closing);
    this.#onClose(this, closing);
  }
  /** The client went away. */
  gone(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClose(this, null);
  }
}
