import { createHash, type Hash } from 'node:crypto';
import type { Anchors } from './anchors.ts';
import type { Entry } from './entries.ts';
import { headText, signatureProblem, type SignedHead, type TrustedKeys } from './heads.ts';
import { GENESIS, leafOf } from './seal.ts';

/** What the log says at one position is not what was sealed. */
export class Broken extends Error {
  readonly position: number;
  constructor(position: number, problem: string) {
    super(problem);
    this.position = position;
  }
}

export interface WalkOptions {
  readonly keys: TrustedKeys;
  readonly anchors?: Anchors | undefined;
  /** Where the walk begins: after this position, with this chain (hex). Default: before everything. */
  readonly after?: number;
  readonly chain?: string | undefined;
}

/**
 * Recomputes the log from its entries, one after the other, by position only (B139): each leaf, the chain of each batch, each
 * signature, each anchor. Holds one hash, however long the log is. Rows and archives are walked by the same code.
 */
export class Walk {
  readonly #options: WalkOptions;
  readonly from: number;
  /** The last fact that was looked at. */
  at: number;
  /** The chain of the last batch, hex. */
  chain: string;
  heads = 0;
  anchors = 0;
  /** The newest head; what follows it is chained, but not signed yet. */
  newest: SignedHead | null = null;
  /** Up to here someone outside this walk vouches for what stands: a signature or an anchor. */
  #proved: number;
  #batchEnd: number;
  #batch: Hash;
  #nextAnchor = 0;
  constructor(options: WalkOptions) {
    this.#options = options;
    this.at = this.#proved = this.#batchEnd = options.after ?? 0;
    this.from = this.at + 1;
    this.chain = options.chain ?? GENESIS.toString('hex');
    this.#batch = createHash('sha256').update(Buffer.from(this.chain, 'hex'));
    while (this.#anchorAt() !== undefined && this.#anchorAt()! < this.at) this.#nextAnchor++;
    if (this.#anchorAt() === this.at) this.#anchor();
  }
  #anchorAt(): number | undefined {
    return this.#options.anchors?.positions[this.#nextAnchor];
  }

  /** @throws Broken */
  take(entry: Entry): void {
    if (entry.kind === 'fact') this.#fact(entry);
    else if (entry.kind === 'batch') this.#closeBatch(entry.last, entry.count, entry.chain);
    else this.head(entry.head);
  }

  #fact({ row, leaf: stored, personal }: Extract<Entry, { kind: 'fact' }>): void {
    const expected = this.at + 1;
    if (row.position !== String(expected)) throw new Broken(expected, 'the fact is missing');
    const leaf = leafOf(row);
    if (leaf.toString('hex') !== stored) throw new Broken(expected, 'the fact was changed');
    if (personal !== null) {
      const hash = createHash('sha256').update(personal.salt).update(personal.data).digest('hex');
      if (hash !== row.personal_hash) throw new Broken(expected, 'its personal data were changed');
    }
    this.#batch.update(leaf);
    this.at = expected;
  }

  #closeBatch(last: number, count: number, chain: string): void {
    const first = this.#batchEnd + 1;
    if (this.at < last) throw new Broken(this.at + 1, 'the fact is missing');
    if (last - this.#batchEnd !== count) throw new Broken(first, `a batch up to ${last} is missing or was changed`);
    if (this.#batch.digest('hex') !== chain) throw new Broken(first, `the facts up to ${last} are not those that were sealed`);
    const anchor = this.#anchorAt();
    if (anchor !== undefined && anchor < last) throw this.#rewritten(anchor, 'anchored');
    this.chain = chain;
    this.#batchEnd = last;
    this.#batch = createHash('sha256').update(Buffer.from(chain, 'hex'));
    if (anchor === last) this.#anchor();
  }

  /** Also for the head where the walk begins. @throws Broken */
  head(head: SignedHead): void {
    const { position } = head;
    const problem = signatureProblem(headText(head), head, this.#options.keys);
    if (problem !== null) throw new Broken(position, `its head ${problem}`);
    if (position !== this.#batchEnd || head.chain !== this.chain) throw this.#rewritten(position, `signed at ${head.at}`);
    this.heads++;
    this.newest = head;
    this.#proved = position;
  }

  #anchor(): void {
    if (this.#options.anchors!.chainAt(this.at) !== this.chain) throw this.#rewritten(this.at, 'anchored');
    this.anchors++;
    this.#nextAnchor++;
    this.#proved = this.at;
  }
  #rewritten(position: number, how: string): Broken {
    const first = this.#proved + 1;
    if (position < first) return new Broken(position, `what was ${how} at ${position} is not what stands there`);
    return new Broken(
      first,
      `what was ${how} at ${position} is not what stands there: the log was written anew from somewhere between ${first} and ${position}`,
    );
  }

  /** Every fact is in a batch. @throws Broken */
  close(): void {
    if (this.at > this.#batchEnd) throw new Broken(this.#batchEnd + 1, 'the fact was never sealed');
  }
  /** Here the log ends. @throws Broken when there should be more. */
  end(): void {
    this.close();
    const beyond = this.#options.anchors?.positions.at(-1);
    if (beyond !== undefined && beyond > this.at)
      throw new Broken(this.at + 1, `the log ends at ${this.at}, but was anchored at ${beyond}: its end was cut off`);
  }
}
