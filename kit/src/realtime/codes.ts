/**
 * Why a connection was closed. The numbers are Centrifugo's, so that clients that know them do the right thing: from 3000 come back,
 * with a growing pause and full jitter; from 3500 do not come back with the same proof.
 */
export const CLOSE = {
  /** The server stops or moves: come back after a pause of your own drawing. */
  shutdown: { code: 3001, reason: 'SHUTDOWN' },
  /** The database could not be asked for a while whether the session stands. */
  unavailable: { code: 3004, reason: 'UNAVAILABLE' },
  /** The token's life is over: come back with a fresh one. */
  expired: { code: 3005, reason: 'TOKEN_EXPIRED' },
  /** What waited to be read was more than the server keeps: come back, and resume. */
  slow: { code: 3008, reason: 'TOO_SLOW' },
  /** Nothing came in answer to a ping. */
  silent: { code: 3012, reason: 'NO_PONG' },
  /** Too many commands. */
  flood: { code: 3013, reason: 'TOO_MANY_COMMANDS' },
  invalidToken: { code: 3500, reason: 'INVALID_TOKEN' },
  badRequest: { code: 3501, reason: 'BAD_REQUEST' },
  /** No proof of who it is in the first seconds. */
  unauthenticated: { code: 3502, reason: 'UNAUTHENTICATED' },
  /** The session, the key or the user ended. */
  ended: { code: 3503, reason: 'SESSION_ENDED' },
  /** This user has as many connections as one may have. */
  crowded: { code: 3504, reason: 'TOO_MANY_CONNECTIONS' },
  /** The caller may not, or no more, use realtime at all. */
  forbidden: { code: 3507, reason: 'FORBIDDEN' },
} as const;
export type Closing = (typeof CLOSE)[keyof typeof CLOSE];

/** Codes of `error` messages, and of `unsubscribed` ones that nobody asked for. */
export const ERRORS = {
  BAD_REQUEST: 'The message is none of this protocol',
  SIGN_IN_REQUIRED: 'Authenticate first',
  INVALID_TOKEN: 'The token is not valid here: the connection goes on with the one before until that ends',
  OTHER_CALLER: 'The token is of somebody else: open a connection of its own',
  NO_SUCH_CHANNEL: 'There is no channel of this name',
  FORBIDDEN: 'You may not do this',
  NOT_SUBSCRIBED: 'Subscribe to the channel first',
  ALREADY_SUBSCRIBED: 'This connection is subscribed to the channel',
  TOO_MANY_SUBSCRIPTIONS: 'One connection follows 200 channels at most',
  TOO_LARGE: 'The data of a message is 4,096 bytes of JSON at most',
  UNAVAILABLE: 'The server cannot say now: try again shortly',
} as const;
export type ErrorCode = keyof typeof ERRORS;
