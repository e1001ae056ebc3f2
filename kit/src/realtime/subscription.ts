import type { Named } from './channels.ts';
import type { Frame } from './frames.ts';
import type { Follower } from './hub.ts';

/** Where a subscription's frames go. */
export interface Receiver {
  /** False when it was too much, and the connection is being closed. */
  deliver(frame: Frame, more?: boolean): boolean;
  /** As much as may wait. */
  fits(bytes: number): boolean;
  tooSlow(): void;
}

/** What happens while the past is being read: it waits here, in its order, within the bounds of the connection (S107). */
export class Hold {
  readonly #to: Receiver;
  readonly frames: Frame[] = [];
  #bytes = 0;
  constructor(to: Receiver) {
    this.#to = to;
  }
  add(frame: Frame): void {
    this.#bytes += frame.websocket.length;
    if (this.#to.fits(this.#bytes)) this.frames.push(frame);
    else this.#to.tooSlow();
  }
}

/** One channel of one connection. */
export class Subscription implements Follower {
  readonly named: Named;
  readonly #to: Receiver;
  #hold: Hold | null;
  /** Its user is counted among those who are there. */
  present = false;
  constructor(named: Named, to: Receiver, hold: Hold) {
    this.named = named;
    this.#to = to;
    this.#hold = hold;
  }
  event(frame: Frame, more: boolean): void {
    if (this.#hold === null) this.#to.deliver(frame, more);
    else this.#hold.add(frame);
  }
  message(frame: Frame): void {
    // One from before the subscription stands is nobody's: there is nothing to resume it from.
    if (this.#hold === null) this.#to.deliver(frame);
  }
  /** From now on it is told at once. */
  release(): void {
    this.#hold = null;
  }
}
