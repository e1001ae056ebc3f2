import { RealtimeError, type RealtimeCode, type Said } from './protocol.ts';

export interface ConnectionParts {
  /** What is shown first; undefined: a cookie travels with the request. */
  readonly credentials: { readonly token: string } | { readonly key: string } | undefined;
  readonly onSaid: (said: Said) => void;
  /** Once, when it is over, whoever ended it. 1006: it was cut. */
  readonly onClose: (code: number) => void;
}
interface Asked {
  readonly resolve: (said: Said) => void;
  readonly reject: (error: RealtimeError) => void;
}

/** Browsers hear nothing of the server's pings: after this silence we ask ourselves whether anybody is there. */
const SILENT_MS = 45_000;
const ANSWER_MS = 10_000;
const CUT = 1006;

/** One socket: what is asked on it and answered. It does not come back. */
export class Connection {
  readonly #socket: WebSocket;
  readonly #parts: ConnectionParts;
  readonly #asked = new Map<number, Asked>();
  #ids = 0;
  #over = false;
  #watch: ReturnType<typeof setTimeout> | undefined;

  constructor(url: string, parts: ConnectionParts) {
    this.#parts = parts;
    this.#socket = new WebSocket(url, 'plinth.v1');
    this.#socket.addEventListener('open', () => {
      if (parts.credentials) this.send({ type: 'authenticate', ...parts.credentials });
      this.#heard();
    });
    this.#socket.addEventListener('message', ({ data }) => this.#onMessage(String(data)));
    this.#socket.addEventListener('close', ({ code }) => this.#end(code));
    this.#socket.addEventListener('error', () => undefined); // a close follows
  }

  send(message: object): void {
    if (this.#socket.readyState === 1) this.#socket.send(JSON.stringify(message));
  }
  /** @throws RealtimeError with the server's code, or `DISCONNECTED`. */
  ask(message: object): Promise<Said> {
    if (this.#socket.readyState !== 1) return Promise.reject(new RealtimeError('DISCONNECTED'));
    const id = ++this.#ids;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.send({ ...message, id });
    });
  }
  close(): void {
    this.#end(1000);
    this.#socket.close(1000);
  }

  #onMessage(data: string): void {
    if (this.#over) return;
    this.#heard();
    const said = JSON.parse(data) as Said;
    this.#parts.onSaid(said);
    const asked = said.id === undefined ? undefined : this.#asked.get(said.id);
    if (!asked) return;
    this.#asked.delete(said.id!);
    if (said.type === 'error') asked.reject(new RealtimeError(said.code as RealtimeCode, said.message));
    else asked.resolve(said);
  }
  #heard(): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => {
      this.send({ type: 'ping' });
      this.#watch = setTimeout(() => {
        this.#end(CUT); // a close frame would wait for the same silence
        this.#socket.close();
      }, ANSWER_MS);
      unref(this.#watch);
    }, SILENT_MS);
    unref(this.#watch);
  }
  #end(code: number): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#watch);
    for (const { reject } of this.#asked.values()) reject(new RealtimeError('DISCONNECTED'));
    this.#asked.clear();
    this.#parts.onClose(code);
  }
}
/** In Node a watch must not keep the process; the socket does. */
const unref = (timer: ReturnType<typeof setTimeout> | undefined): void => (timer as { unref?: () => void } | undefined)?.unref?.();
