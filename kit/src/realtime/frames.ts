import type { Fact } from '../log/fact.ts';
import { type Offset, WHOLE } from './offsets.ts';

/** One message to clients. Its bytes are made once for each way they travel, however many sockets take it. */
export class Frame {
  readonly #text: string;
  /** What an event stream resumes from. */
  readonly #offset: string | null;
  #websocket: Buffer | undefined;
  #eventStream: Buffer | undefined;
  constructor(message: Readonly<Record<string, unknown>>, offset: string | null = null) {
    this.#text = JSON.stringify(offset === null ? message : { ...message, offset });
    this.#offset = offset;
  }
  /** A whole text frame (RFC 6455 §5.2): final, unmasked, never compressed. */
  get websocket(): Buffer {
    return (this.#websocket ??= textFrame(this.#text));
  }
  get eventStream(): Buffer {
    const id = this.#offset === null ? '' : `id: ${this.#offset}\n`;
    return (this.#eventStream ??= Buffer.from(`${id}data: ${this.#text}\n\n`));
  }
}

function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafeSlow(head + length);
  frame[0] = 0x81;
  if (head === 2) frame[1] = length;
  else if (head === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, head);
  return frame;
}

/** What followers of a channel are told of a fact. Not who did it: the payload says what others may know. */
export function eventFrame(
  { id, position, name, occurredAt, payload }: Pick<Fact<unknown>, 'id' | 'position' | 'name' | 'occurredAt' | 'payload'>,
  channel: string,
  index: number,
  seal: (offset: Offset) => string,
): Frame {
  return new Frame({ type: 'event', channel, id, event: name, at: occurredAt, data: payload }, seal({ position, index, id }));
}

/** Everything up to here was told. */
export const at = (position: number, id: string): Offset => ({ position, index: WHOLE, id });
