import { defineError } from './definitions.ts';

// Every operation may answer these; they need no declaration in its `errors`.
export const MalformedRequest = defineError('MALFORMED_REQUEST', 400, 'The request could not be read');
export const SignInRequired = defineError('SIGN_IN_REQUIRED', 401, 'Sign in first');
export const InvalidToken = defineError('INVALID_TOKEN', 401, 'The access token is not valid here: sign in again or refresh it');
export const FreshSignInRequired = defineError('INSUFFICIENT_USER_AUTHENTICATION', 401, 'Confirm who you are again to do this');
export const Forbidden = defineError('FORBIDDEN', 403, 'You may not do this');
export const OriginRefused = defineError('ORIGIN_REFUSED', 403, 'A request with a session cookie must come from an allowed origin');
export const NotFound = defineError('NOT_FOUND', 404, 'There is nothing here');
export const MethodNotAllowed = defineError('METHOD_NOT_ALLOWED', 405, 'This address does not take that method');
export const RequestTimeout = defineError('REQUEST_TIMEOUT', 408, 'The request took too long to arrive');
export const KeyBusy = defineError('IDEMPOTENCY_KEY_BUSY', 409, 'A request with this Idempotency-Key is still running');
export const ReplayWithheld = defineError('REPLAY_WITHHELD', 409, 'This was done before; its reply holds secrets and is shown only once');
export const PreconditionFailed = defineError('PRECONDITION_FAILED', 412, 'It changed since you read it: read it again and repeat');
export const PayloadTooLarge = defineError('PAYLOAD_TOO_LARGE', 413, 'The body is larger than this address takes');
export const UriTooLong = defineError('URI_TOO_LONG', 414, 'The address is longer than this server takes');
export const UnsupportedMediaType = defineError('UNSUPPORTED_MEDIA_TYPE', 415, 'This address does not take that content type');
export const InvalidInput = defineError('INVALID_INPUT', 422, 'The request does not match the contract');
export const CardNumberRefused = defineError(
  'CARD_NUMBER_REFUSED',
  422,
  'The request holds what looks like the number of a payment card: send a token of the provider instead. Nothing of it was kept',
);
export const KeyReused = defineError('IDEMPOTENCY_KEY_REUSED', 422, 'This Idempotency-Key was used for a different request');
export const TooManyRequests = defineError('TOO_MANY_REQUESTS', 429, 'Too many requests: wait and try again');
export const UpgradeRequired = defineError('UPGRADE_REQUIRED', 426, 'This address speaks WebSocket only');
export const HeadersTooLarge = defineError('HEADERS_TOO_LARGE', 431, 'The headers are larger than this server takes');
export const InternalError = defineError('INTERNAL_ERROR', 500, 'Something went wrong on our side');
export const ServiceUnavailable = defineError('SERVICE_UNAVAILABLE', 503, 'The server is busy: try again shortly');
