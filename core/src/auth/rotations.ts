import type { Database } from '@plinth/kit';
import type { RefreshRepository, Rotation, Standing } from './refresh.repository.ts';

/** Statements out at once, and rotations in one of them at most. */
const OUT = 2;
const TOGETHER = 64;

interface Waiting {
  readonly rotation: Rotation;
  readonly standing: Promise<Standing | undefined>;
  readonly resolve: (standing: Standing | undefined | Promise<Standing | undefined>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The compare-and-sets of refreshing, those of one turn of the event loop, or of the time that others are out, in one statement
 * and one commit. Each row is compared and set for itself. A row that someone else holds is passed over, and asked for again by
 * itself: nobody waits for the lock of a session that is not theirs.
 */
export class Rotations {
  readonly #db: Database;
  readonly #repository: RefreshRepository;
  /** By session and counter: who presents the same token at the same time shares the answer (B2). */
  readonly #waiting = new Map<string, Waiting>();
  #out = 0;
  #scheduled = false;
  constructor(db: Database, repository: RefreshRepository) {
    this.#db = db;
    this.#repository = repository;
  }

  /** Undefined when the counter is another by now, or the session has ended. */
  rotate(rotation: Rotation): Promise<Standing | undefined> {
    const key = `${rotation.id} ${rotation.counter}`;
    const before = this.#waiting.get(key);
    if (before) return before.standing;
    const { promise: standing, resolve, reject } = Promise.withResolvers<Standing | undefined>();
    this.#waiting.set(key, { rotation, standing, resolve, reject });
    this.#schedule();
    return standing;
  }

  #schedule(): void {
    if (this.#scheduled || this.#out === OUT || this.#waiting.size === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      void this.#depart();
    });
  }
  async #depart(): Promise<void> {
    const together = [...this.#waiting].slice(0, TOGETHER);
    for (const [key] of together) this.#waiting.delete(key);
    this.#out++;
    await this.#send(together.map(([, waiting]) => waiting));
    this.#out--;
    this.#schedule();
  }
  async #send(together: readonly Waiting[]): Promise<void> {
    const alone = ({ rotation }: Waiting): Promise<Standing | undefined> => this.#repository.rotate(this.#db, rotation);
    try {
      const rotated = await this.#repository.rotateAll(
        this.#db,
        together.map(({ rotation }) => rotation),
      );
      for (const waiting of together) {
        const { id, counter } = waiting.rotation;
        const standing = rotated.get(id);
        // Its session may have been moved on by another token that came at the same time.
        waiting.resolve(standing?.counter === counter + 1 ? standing : alone(waiting));
      }
    } catch (error) {
      for (const { reject } of together) reject(error);
    }
  }
}
