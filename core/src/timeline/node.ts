import type { LinkedReceipt } from '../webhooks/index.ts';
import type { Step } from './shapes.ts';

/** A step, and who may see it. */
export interface Node extends Omit<Step, 'cause' | 'origin'> {
  cause: string | null;
  readonly visible: boolean;
  /** It is shown wherever the chain is: a step of what is followed. */
  readonly base: boolean;
  /** What it led to belongs to the chain only if that says so itself: one run of a schedule does many things. */
  readonly many: boolean;
}
export type Graph = ReadonlyMap<string, Node>;

export const PAYMENTS = 'payments.';
export const plain = { name: null, state: null, detail: null, durationMs: null, reference: null, subject: null, base: false, many: false };
export const millis = (from: string | null, to: string | null): number | null =>
  from === null || to === null ? null : Math.max(0, Date.parse(to) - Date.parse(from));
/** Times of this process have milliseconds: in one form they can be compared. */
export const micros = (at: string): string => at.replace(/\.(\d{3})Z$/, '.$1000Z');
export const earliest = (times: readonly string[]): string | undefined => times.toSorted()[0];

export const idOfReceipt = ({ source, id }: LinkedReceipt): string => `received:${source}:${id}`;
export const distance = (a: string, b: string): number => Math.abs(Date.parse(a) - Date.parse(b));
/** Of a job that asks a provider: which attempt it makes. */
export const attemptOf = (payload: unknown): unknown =>
  typeof payload === 'object' && payload !== null && 'attemptId' in payload ? payload.attemptId : undefined;
