import { AppError, type AppErrorClass } from '../definitions.ts';
import {
  InternalError,
  MalformedRequest,
  MethodNotAllowed,
  NotFound,
  PayloadTooLarge,
  RequestTimeout,
  ServiceUnavailable,
  UnsupportedMediaType,
  UriTooLong,
} from '../errors.ts';

/** What the framework's own refusals are called here; what stands in neither list goes by its status. */
const BY_CODE: Readonly<Record<string, AppErrorClass>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: PayloadTooLarge,
  FST_ERR_CTP_INVALID_MEDIA_TYPE: UnsupportedMediaType,
  FST_ERR_CTP_EMPTY_TYPE: UnsupportedMediaType,
  FST_ERR_BAD_URL: MalformedRequest,
  FST_ERR_MAX_PARAM_LENGTH: UriTooLong,
  FST_ERR_NOT_FOUND: NotFound,
  FST_REQ_FILE_TOO_LARGE: PayloadTooLarge,
  FST_INVALID_MULTIPART_CONTENT_TYPE: UnsupportedMediaType,
};
const BY_STATUS: Readonly<Record<number, AppErrorClass>> = {
  404: NotFound,
  405: MethodNotAllowed,
  408: RequestTimeout,
  413: PayloadTooLarge,
  414: UriTooLong,
  415: UnsupportedMediaType,
  503: ServiceUnavailable,
};
/** Serialization failures and deadlocks that came again after the retry: the client may. */
const RETRY = new Set(['40001', '40P01']);

const property = (error: unknown, name: string): unknown =>
  typeof error === 'object' && error !== null ? (error as Record<string, unknown>)[name] : undefined;

/** The outcome that a client may be told. What was not expected is an InternalError that carries it as its cause, for the log. */
export function outcomeOf(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const code = property(error, 'code');
  if (typeof code === 'string') {
    const known = BY_CODE[code];
    if (known) return new known(undefined, { cause: error });
    if (RETRY.has(code)) return new ServiceUnavailable(undefined, { cause: error, headers: { 'retry-after': '1' } });
    // Only the framework and its plugins set a status that may be believed: an upstream's own error object must not choose our reply.
    const status = property(error, 'statusCode');
    if (
      (code.startsWith('FST_') || code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE') &&
      typeof status === 'number' &&
      status >= 400 &&
      status < 500
    ) {
      return new (BY_STATUS[status] ?? MalformedRequest)(undefined, { cause: error });
    }
  }
  return new InternalError(undefined, { cause: error });
}

export interface Problem {
  readonly type: string;
  readonly body: string;
}

/** RFC 9457 when the client names its media type, else the envelope that every reply has. */
export function writeProblem({ code, status, message, fields }: AppError, requestId: string, accept: string | undefined): Problem {
  if (accept === undefined || !accept.includes('application/problem+json')) {
    return {
      type: 'application/json; charset=utf-8',
      body: JSON.stringify({ success: false, error: { code, message, fields, requestId } }),
    };
  }
  const type = `urn:plinth:error:${code.toLowerCase().replaceAll('_', '-')}`;
  return {
    type: 'application/problem+json; charset=utf-8',
    body: JSON.stringify({ type, title: message, status, instance: `urn:plinth:request:${requestId}`, code, fields, requestId }),
  };
}

/** Turns the violation of a constraint that an operation's error names into that error; everything else stays what it is. */
export function constraintErrors(errors: readonly AppErrorClass[] | undefined): ((error: unknown) => unknown) | null {
  const byConstraint = new Map(errors?.flatMap((error) => [error.constraint ?? []].flat().map((name) => [name, error] as const)));
  if (byConstraint.size === 0) return null;
  return (error) => {
    const constraint = property(error, 'constraint');
    const code = property(error, 'code');
    const known =
      typeof constraint === 'string' && typeof code === 'string' && code.startsWith('23') ? byConstraint.get(constraint) : undefined;
    return known ? new known({ constraint }, { cause: error }) : error;
  };
}
