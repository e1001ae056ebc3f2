import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CatalogOperation, Door } from '../feature.ts';
import type { Kit } from '../kit.ts';
import type { PageRequest } from '../operation.ts';
import { callerOf } from './admission.ts';
import { bodyForm, uploadParts } from './bodies.ts';
import { HttpCall, ifMatchOf } from './call.ts';
import { refuseCardNumbersIn } from './cards.ts';
import { cursorBinding, pagingOf, type PagingQuery } from './paging.ts';
import { compileLenient, compileValidate, createFields, type Fields, inspect, refuseInvalid, type Validate } from './validate.ts';

export interface ReadParts {
  readonly kit: Kit;
  readonly door: Door;
  /** Ends when the server shuts down. */
  readonly shutdown: AbortSignal;
}

/** Reads a call out of a request: inspects, validates, and names every wrong field at once. */
export function compileRead(
  { id, operation }: CatalogOperation,
  { door, kit, shutdown }: ReadParts,
): (request: FastifyRequest, reply: FastifyReply) => HttpCall {
  const { params, query, headers, body, reply, ifMatch } = operation;
  const form = bodyForm(body);
  const validateParams = params && compileValidate(params, 'params');
  const validateQuery = query && compileValidate(query, 'query');
  const validateHeaders = headers && compileValidate(headers, 'headers');
  const headerNames = headers && Object.keys(headers.shape);
  const schema = body === undefined ? undefined : 'kind' in body ? (body.kind === 'form' ? body.schema : undefined) : body;
  const readLenient = body !== undefined && 'kind' in body && body.kind === 'lenient' ? compileLenient(body.schema) : undefined;
  const validateBody = schema && compileValidate(schema, 'body');
  const pages = reply !== undefined && 'kind' in reply && reply.kind === 'paged' ? reply : undefined;
  const types = form === 'upload' ? (body as { types?: readonly string[] }).types : undefined;

  const bodyOf = (request: FastifyRequest, fields: Fields): unknown => {
    if (form === 'raw') return request.body;
    if (form === 'upload') return uploadParts(request, types);
    if (readLenient) return readLenient(request.body);
    if (validateBody) {
      inspect(request.body, '', fields);
      return validateBody(request.body, fields);
    }
    if (!isEmpty(request.body)) fields['body'] = 'this operation takes no body';
    return undefined;
  };
  return (request, answer) => {
    const fields = createFields();
    const exchange = request.exchange!;
    const { raw } = request;
    const input = {
      caller: callerOf(request, exchange, door, id),
      params: validateParams ? validated(validateParams, request.params, fields) : undefined,
      query: validateQuery ? validated(validateQuery, withoutCards(request.query), fields) : undefined,
      headers: validateHeaders
        ? validated(validateHeaders, Object.fromEntries(headerNames!.map((name) => [name, raw.headers[name.toLowerCase()]])), fields)
        : raw.headers,
      body: bodyOf(request, fields),
      paging: undefined as PageRequest | undefined,
      ifMatch: ifMatch ? ifMatchOf(raw.headers['if-match']) : undefined,
    };
    refuseInvalid(fields);
    if (pages)
      input.paging = pagingOf(input.query as PagingQuery, pages.cursor, (cursor) =>
        kit.seal.open(cursor, cursorBinding(request, input.caller)),
      );
    return new HttpCall(input, request, answer, shutdown);
  };
}
function validated(validate: Validate, value: unknown, fields: Fields): unknown {
  inspect(value, '', fields);
  return validate(value, fields);
}
function withoutCards(query: unknown): unknown {
  refuseCardNumbersIn(query as Readonly<Record<string, unknown>>);
  return query;
}
function isEmpty(body: unknown): boolean {
  if (body === undefined || body === null) return true;
  if (typeof body !== 'object') return false;
  for (const _ in body) return false;
  return true;
}
