/** Bodies on their way at the same time. Each holds a socket, and memory up to the body limit. */
const OF_ONE_NETWORK = 100;
const OF_ALL = 1000;

/**
 * Requests whose body is still to come. They are no work yet, so they take no place from those that are; but whoever sends
 * slowly on purpose may hold only so many (B119).
 */
export class Arrivals {
  readonly #of = new Map<string, number>();
  #all = 0;

  /** False when this network, or everyone together, has too many on their way. */
  enter(network: string): boolean {
    const count = this.#of.get(network) ?? 0;
    if (count >= OF_ONE_NETWORK || this.#all >= OF_ALL) return false;
    this.#of.set(network, count + 1);
    this.#all++;
    return true;
  }
  leave(network: string): void {
    const count = this.#of.get(network)!;
    if (count === 1) this.#of.delete(network);
    else this.#of.set(network, count - 1);
    this.#all--;
  }
}
