import { madeStorable } from '../storable.ts';

/** What a job may throw besides errors. */
export class Snooze extends Error {
  override readonly name = 'Snooze';
  readonly seconds: number;
  constructor(seconds: number) {
    super(`put off for ${seconds} s`);
    this.seconds = seconds;
  }
}
export class GiveUp extends Error {
  override readonly name = 'GiveUp';
}
/** `throw snooze(60)`: not now, again in so many seconds; uses up no attempt (S57). */
export const snooze = (seconds: number): Snooze => {
  if (!(seconds > 0)) throw new RangeError(`a job is put off by more than 0 s, not by ${seconds}`);
  return new Snooze(seconds);
};
/** `throw giveUp('the account is closed')`: no attempt can succeed; the job is a dead letter at once. */
export const giveUp = (reason: string, options?: ErrorOptions): GiveUp => new GiveUp(reason, options);

/** What a run leaves behind, for those who look: shown with the job, at most 64 KiB as JSON. */
export type JobOutput = Readonly<Record<string, unknown>>;

const MOST_BYTES = 65_536;
const STACK_LENGTH = 4000;
// A job must not stay unsettled because its error quotes what Postgres cannot store.
const everywhere = (_key: string, value: unknown): unknown =>
  typeof value === 'string' ? madeStorable(value) : typeof value === 'bigint' ? String(value) : value;

/** As it can be stored; undefined where there is nothing to keep. */
export function outputOf(value: unknown): JobOutput | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  try {
    const json = JSON.stringify(value, everywhere);
    return Buffer.byteLength(json) > MOST_BYTES ? { omitted: 'larger than 64 KiB' } : (JSON.parse(json) as JobOutput);
  } catch {
    return { omitted: 'no JSON' };
  }
}
export const errorOutputOf = (error: unknown): JobOutput =>
  error instanceof Error
    ? {
        name: madeStorable(error.name),
        message: madeStorable(error.message).slice(0, STACK_LENGTH),
        stack: madeStorable(error.stack ?? '').slice(0, STACK_LENGTH),
        ...('code' in error && { code: madeStorable(String(error.code)) }),
      }
    : { message: madeStorable(String(error)).slice(0, STACK_LENGTH) };
