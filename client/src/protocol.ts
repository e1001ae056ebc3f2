// What is said over realtime: docs/realtime-protocol.md.

export type RealtimeCode =
  | 'BAD_REQUEST'
  | 'SIGN_IN_REQUIRED'
  | 'INVALID_TOKEN'
  | 'OTHER_CALLER'
  | 'NO_SUCH_CHANNEL'
  | 'FORBIDDEN'
  | 'NOT_SUBSCRIBED'
  | 'ALREADY_SUBSCRIBED'
  | 'TOO_MANY_SUBSCRIPTIONS'
  | 'TOO_LARGE'
  | 'UNAVAILABLE'
  /** Of the client: the connection was lost before the answer came. */
  | 'DISCONNECTED';

/** A fact: something that happened, and was committed. */
export interface RealtimeEvent {
  readonly channel: string;
  readonly id: string;
  /** `projects.updated` */
  readonly event: string;
  readonly at: string;
  readonly data: unknown;
  readonly offset: string;
}
/** Somebody published it, or a feature said it (`from` is null). It is in no log and is not resumed. */
export interface RealtimeMessage {
  readonly channel: string;
  readonly from: string | null;
  readonly data: unknown;
}
/** A message of the server, as far as it is looked into. */
export interface Said {
  readonly type: string;
  readonly id?: number;
  readonly channel?: string;
  readonly offset?: string;
  readonly recovered?: boolean;
  readonly expiresIn?: number | null;
  readonly code?: string;
  readonly message?: string;
  readonly userId?: string;
  readonly members?: readonly { userId: string }[];
}

/** Numbers of Centrifugo: from 3000 come back, from 3500 do not. */
export const CLOSE = { tokenExpired: 3005, invalidToken: 3500, unauthenticated: 3502, sessionEnded: 3503 } as const;
export const isFinal = (code: number): boolean => code >= 3500 && code < 4000;

export class RealtimeError extends Error {
  readonly code: RealtimeCode;
  constructor(code: RealtimeCode, message?: string) {
    super(message === undefined ? code : `${code}: ${message}`);
    this.name = 'RealtimeError';
    this.code = code;
  }
}
