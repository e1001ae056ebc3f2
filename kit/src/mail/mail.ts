export interface Message {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  /** Name of the template that its text is of: `compose` says it. */
  readonly template?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The same for every attempt: becomes the Message-ID. */
  readonly id: string;
}
/** The outside world's mail. Called from jobs only, never inside a request's transaction. */
export interface Mail {
  send(message: Message): Promise<void>;
  /** Throws when mail cannot be sent now: for `doctor` and readiness. */
  check(): Promise<void>;
  close(): Promise<void>;
}
