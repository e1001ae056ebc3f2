interface Held {
  count: number;
  bytes: number;
}
/** Far more than any honest burst; each holds a socket, and memory up to what it announced. */
const OF_ONE_NETWORK: Readonly<Held> = { count: 1000, bytes: 128 * 1_048_576 };
const OF_ALL: Readonly<Held> = { count: 5000, bytes: 512 * 1_048_576 };

const fits = (held: Readonly<Held>, bytes: number, most: Readonly<Held>): boolean =>
  held.count < most.count && held.bytes + bytes <= most.bytes;

/**
 * Requests whose body is still to come. They are no work yet, so they take no place from those that are; but whoever sends
 * slowly on purpose may hold only so many, and so much (B119).
 */
export class Arrivals {
  readonly #of = new Map<string, Held>();
  readonly #all: Held = { count: 0, bytes: 0 };

  /** False when this network, or everyone together, has too many on their way. */
  enter(network: string, bytes: number): boolean {
    const held = this.#of.get(network) ?? { count: 0, bytes: 0 };
    if (!fits(held, bytes, OF_ONE_NETWORK) || !fits(this.#all, bytes, OF_ALL)) return false;
    this.#of.set(network, held);
    for (const each of [held, this.#all]) {
      each.count++;
      each.bytes += bytes;
    }
    return true;
  }
  leave(network: string, bytes: number): void {
    const held = this.#of.get(network)!;
    for (const each of [held, this.#all]) {
      each.count--;
      each.bytes -= bytes;
    }
    if (held.count === 0) this.#of.delete(network);
  }
}
