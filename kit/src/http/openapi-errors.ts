import { type AppErrorClass, maxAgeOf, ruleOf } from '../definitions.ts';
import {
  CardNumberRefused,
  FreshSignInRequired,
  Forbidden,
  InternalError,
  InvalidInput,
  InvalidToken,
  KeyBusy,
  KeyReused,
  MalformedRequest,
  NotFound,
  OriginRefused,
  PayloadTooLarge,
  PreconditionFailed,
  ReplayWithheld,
  RequestTimeout,
  ServiceUnavailable,
  SignInRequired,
  TooManyRequests,
  UnsupportedMediaType,
} from '../errors.ts';
import { isSafe, type Operation } from '../operation.ts';
import type { Json } from './openapi-schemas.ts';
import { writeProblem } from './problem.ts';

/** Every error that an operation can answer: what it declares, and what its shape makes possible. */
export function errorsOf(operation: Operation): AppErrorClass[] {
  const { access, method, path, params, query, headers, body, errors = [], ifMatch, secret } = operation;
  const unsafe = !isSafe(operation);
  const rule = ruleOf(access);
  const strict = body !== undefined && !('kind' in body && body.kind === 'lenient');
  const possible: [boolean, AppErrorClass][] = [
    [true, MalformedRequest],
    [access !== 'public', SignInRequired],
    [true, InvalidToken],
    [maxAgeOf(access) !== undefined, FreshSignInRequired],
    [access !== 'public', Forbidden],
    [method !== 'GET', OriginRefused],
    [path.includes(':') || params !== undefined || rule?.own !== undefined || rule?.scope !== undefined, NotFound],
    [query !== undefined || (body !== undefined && !('kind' in body && body.kind === 'raw')), CardNumberRefused],
    [body !== undefined, RequestTimeout],
    [unsafe, KeyBusy],
    [unsafe && secret === true, ReplayWithheld],
    [ifMatch === true, PreconditionFailed],
    [body !== undefined, PayloadTooLarge],
    [strict, UnsupportedMediaType],
    [params !== undefined || query !== undefined || headers !== undefined || strict || unsafe, InvalidInput],
    [unsafe, KeyReused],
    [true, TooManyRequests],
    [true, InternalError],
    [true, ServiceUnavailable],
  ];
  return [...new Set([...errors, ...possible.filter(([can]) => can).map(([, error]) => error)])];
}

export const ERROR_SCHEMAS: Readonly<Record<string, Json>> = {
  Failure: {
    type: 'object',
    description: 'Why a request did not succeed.',
    required: ['success', 'error'],
    properties: {
      success: { type: 'boolean', const: false },
      error: {
        type: 'object',
        required: ['code', 'message', 'requestId'],
        properties: {
          code: { type: 'string', description: 'Stable: decide by it, never by the message.' },
          message: { type: 'string', description: 'A sentence that is safe to show.' },
          fields: { type: 'object', additionalProperties: { type: 'string' }, description: 'What is wrong, by field path.' },
          requestId: { type: 'string', description: 'Finds the log line behind this reply.' },
        },
      },
    },
  },
  Problem: {
    type: 'object',
    description: 'The same as RFC 9457 says it, when `Accept` asks for application/problem+json.',
    required: ['type', 'title', 'status', 'instance', 'code', 'requestId'],
    properties: {
      type: { type: 'string', format: 'uri' },
      title: { type: 'string' },
      status: { type: 'integer' },
      instance: { type: 'string', format: 'uri' },
      code: { type: 'string' },
      fields: { type: 'object', additionalProperties: { type: 'string' } },
      requestId: { type: 'string' },
    },
  },
};

const REQUEST_ID = '01977f2e-8a1c-7d3b-9c4e-5f6a7b8c9d0e';
const examplesOf = (errors: readonly AppErrorClass[], accept: string): Json =>
  Object.fromEntries(
    errors.map((error) => {
      const fields = error === InvalidInput ? { fields: { name: 'is required' } } : {};
      return [
        error.code,
        { summary: error.message, value: JSON.parse(writeProblem(new error(undefined, fields), REQUEST_ID, accept).body) as unknown },
      ];
    }),
  );
/** The codes as part of the type, so that a generated client can tell them apart. */
const narrowed = (schema: string, codes: readonly string[]): Json => {
  const code = { type: 'string', enum: codes };
  const properties = schema === 'Failure' ? { error: { type: 'object', properties: { code } } } : { code };
  return { allOf: [{ $ref: `#/components/schemas/${schema}` }, { type: 'object', properties }] };
};

/** Replies to failures, by status; equal ones are one component. */
export class ErrorResponses {
  readonly #components = new Map<string, Json>();

  responses(operation: Operation): [string, Json][] {
    const byStatus = Map.groupBy(errorsOf(operation), (error) => error.status);
    return [...byStatus].toSorted(([a], [b]) => a - b).map(([status, errors]) => [String(status), this.#reference(status, errors)]);
  }
  all(): Record<string, Json> {
    return Object.fromEntries([...this.#components].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  #reference(status: number, given: readonly AppErrorClass[]): Json {
    const errors = given.toSorted((a, b) => (a.code < b.code ? -1 : 1));
    const codes = errors.map(({ code }) => code);
    const name = codes.join('-');
    const waits = status === 429 || status === 503;
    this.#components.set(name, {
      description: errors.map(({ code, message }) => `\`${code}\`: ${message}`).join('. '),
      headers: {
        'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' },
        ...(waits && { 'Retry-After': { $ref: '#/components/headers/Retry-After' } }),
        ...((status === 401 || status === 403) && { 'X-Decision-Id': { $ref: '#/components/headers/X-Decision-Id' } }),
        ...(status === 401 && { 'WWW-Authenticate': { $ref: '#/components/headers/WWW-Authenticate' } }),
      },
      content: {
        'application/json': { schema: narrowed('Failure', codes), examples: examplesOf(errors, '') },
        'application/problem+json': { schema: narrowed('Problem', codes), examples: examplesOf(errors, 'application/problem+json') },
      },
    });
    return { $ref: `#/components/responses/${name}` };
  }
}
