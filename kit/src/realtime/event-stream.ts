import { Readable } from 'node:stream';
import type { Closing } from './codes.ts';
import type { Frame } from './frames.ts';
import type { Wire } from './wire.ts';

const FAREWELL_MS = 2000;
/** Milliseconds that a client waits before it comes back, each another while. */
const pause = (): number => 1000 + Math.floor(Math.random() * 9000);

/** Server-sent events: the same messages, each as one `data`, with its offset as the id that a browser resumes from. */
export class StreamWire implements Wire {
  readonly stream: Readable;
  #drained: (() => void)[] = [];
  constructor() {
    const free = (): void => {
      for (const resolve of this.#drained.splice(0)) resolve();
    };
    this.stream = new Readable({
      read: free,
      destroy(error, done) {
        free();
        done(error);
      },
    });
    this.stream.push(`retry: ${pause()}\n\n`);
  }
  get buffered(): number {
    return this.stream.readableLength;
  }
  sizeOf(frame: Frame): number {
    return frame.eventStream.length;
  }
  send(frame: Frame): void {
    this.stream.push(frame.eventStream);
  }
  ping(): boolean {
    if (this.stream.readableLength === 0) this.stream.push(':\n\n');
    return false;
  }
  drained(): Promise<void> {
    const { stream } = this;
    if (stream.destroyed || stream.readableLength < stream.readableHighWaterMark) return Promise.resolve();
    return new Promise((resolve) => this.#drained.push(resolve));
  }
  close({ code, reason }: Closing): void {
    const { stream } = this;
    stream.push(`retry: ${pause()}\ndata: ${JSON.stringify({ type: 'closing', code, reason })}\n\n`);
    stream.push(null);
    setTimeout(() => stream.destroy(), FAREWELL_MS).unref();
  }
  destroy(): void {
    this.stream.destroy();
  }
}
