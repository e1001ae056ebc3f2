import type { Seal } from '../seal.ts';

/**
 * A place in what one connection was told: the position of a fact in the log, and which of its channels. The fact's id stands for
 * the epoch: after a restore from a backup the same position holds another fact, or none, and nobody resumes into a history that
 * is not theirs (S105).
 */
export interface Offset {
  readonly position: number;
  /** Index of the channel among those of the fact; WHOLE: everything up to and with this position was told. */
  readonly index: number;
  /** '' for the empty log. */
  readonly id: string;
}
export const WHOLE = 1_000_000;
const BOUND_TO = 'realtime.offset';

export interface Offsets {
  seal(offset: Offset): string;
  /** undefined: not one of ours. */
  open(sealed: string): Offset | undefined;
}
/** Offsets leave the server sealed: positions tell how much happens here. */
export const createOffsets = (seal: Seal): Offsets => ({
  seal: ({ position, index, id }) => seal.seal([position, index, id], BOUND_TO),
  open(sealed) {
    const opened = seal.open(sealed, BOUND_TO);
    if (!Array.isArray(opened)) return undefined;
    const [position, index, id] = opened as [number, number, string];
    return { position, index, id };
  },
});
