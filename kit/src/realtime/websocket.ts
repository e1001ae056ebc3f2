import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';
import { CLOSE, type Closing } from './codes.ts';
import type { Frame } from './frames.ts';
import type { Peer } from './peer.ts';
import { type Command, MESSAGE_BYTES, readCommand } from './protocol.ts';
import type { Wire } from './wire.ts';

/** What Node hands over where a client asked for another protocol. */
export interface Upgraded {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}
/** Makes a socket of the connection that brought the request. */
export type Takeover = (upgraded: Upgraded) => void;

const SUBPROTOCOL = 'plinth.v1';
/** Milliseconds that a client has to answer our farewell. */
const FAREWELL_MS = 2000;
/** Commands that may come at once, and how many a second follow. */
const BURST = 500;
const PER_SECOND = 50;
/** What a command takes of that: a published message goes to many. */
const costOf = ({ type }: Command): number => (type === 'publish' ? 5 : 1);
/** Commands that may wait for the one before them: beyond, nothing is read from the socket. */
const WAITING = 16;

/**
 * Never compressed: a frame is made once for all sockets, and there is nothing to blow up (a kilobyte can unpack to a megabyte).
 * Loaded with the first socket.
 */
export async function createSockets(): Promise<WebSocketServer> {
  const { WebSocketServer: Server } = await import('ws');
  return new Server({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MESSAGE_BYTES,
    closeTimeout: FAREWELL_MS,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  } as ConstructorParameters<typeof Server>[0]);
}

const uncork = (socket: Duplex): void => socket.uncork();

/**
 * Sends with the bytes of a whole frame, past `ws`, which would make them anew for every socket. It may: `ws` writes whole frames
 * in one go, and with compression off it holds none back.
 */
export class SocketWire implements Wire {
  readonly #ws: WebSocket;
  readonly #socket: Duplex;
  constructor(ws: WebSocket, socket: Duplex) {
    this.#ws = ws;
    this.#socket = socket;
  }
  get buffered(): number {
    return this.#socket.writableLength;
  }
  sizeOf(frame: Frame): number {
    return frame.websocket.length;
  }
  send(frame: Frame, more: boolean): void {
    if (this.#ws.readyState !== this.#ws.OPEN) return;
    const socket = this.#socket;
    if (more && socket.writableCorked === 0) {
      socket.cork();
      process.nextTick(uncork, socket);
    }
    socket.write(frame.websocket);
  }
  ping(): boolean {
    if (this.#ws.readyState === this.#ws.OPEN) this.#ws.ping();
    return true;
  }
  drained(): Promise<void> {
    const socket = this.#socket;
    if (!socket.writableNeedDrain || socket.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        socket.off('drain', done).off('close', done);
        resolve();
      };
      socket.once('drain', done).once('close', done);
    });
  }
  close({ code, reason }: Closing): void {
    this.#ws.close(code, reason);
  }
  destroy(): void {
    this.#ws.terminate();
  }
}

export interface ListenParts {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly perform: (peer: Peer, command: Command) => Promise<void>;
  readonly onFailure: (error: unknown, peer: Peer) => void;
}

/** Reads commands, one after the other, and no faster than they are done. */
export function listen(ws: WebSocket, peer: Peer, { now, perform, onFailure }: ListenParts): void {
  let waiting: Command[] | null = null;
  let left = BURST;
  let refilled = now();

  const work = async (first: Command): Promise<void> => {
    const line = (waiting = [first]);
    for (let command = line[0]; command && !peer.closed; command = line[0]) {
      try {
        await perform(peer, command);
      } catch (error) {
        onFailure(error, peer);
        peer.fail('UNAVAILABLE', command.id);
      }
      line.shift();
      if (line.length < WAITING && ws.isPaused) ws.resume();
    }
    waiting = null;
  };
  ws.on('message', (data: Buffer, isBinary: boolean) => {
    const at = now();
    peer.heard = at;
    if (peer.closed) return;
    const command = isBinary ? null : readCommand(data.toString());
    if (command === null) return peer.close(CLOSE.badRequest);
    left = Math.min(BURST, left + ((at - refilled) / 1000) * PER_SECOND) - costOf(command);
    refilled = at;
    if (left < 0) return peer.close(CLOSE.flood);
    if (waiting === null) return void work(command);
    waiting.push(command);
    if (waiting.length >= WAITING) ws.pause();
  });
  ws.on('pong', () => (peer.heard = now()));
  ws.on('error', () => undefined); // a frame that is none: ws has said so, and closes
  ws.on('close', () => peer.gone());
}
