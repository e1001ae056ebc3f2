import type { Closing } from './codes.ts';
import type { Frame } from './frames.ts';

/** How frames reach one client: a WebSocket, or an event stream. */
export interface Wire {
  /** Bytes that wait to be taken by the network. */
  readonly buffered: number;
  /** Bytes that the frame is on this wire. */
  sizeOf(frame: Frame): number;
  /** @param more others follow in this turn: they may leave together. */
  send(frame: Frame, more: boolean): void;
  /** Asks for a sign of life. @returns false where no answer can come: the network alone says when the client is gone. */
  ping(): boolean;
  /** Resolves when what was sent is with the network, or the wire is closed. */
  drained(): Promise<void>;
  /** Says why, and ends; what the client does not take soon is dropped. */
  close(closing: Closing): void;
  /** Ends at once. */
  destroy(): void;
}
