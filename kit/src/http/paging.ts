import type { FastifyRequest } from 'fastify';
import type { Caller } from '../caller.ts';
import { InvalidInput } from '../errors.ts';
import type { PageRequest } from '../operation.ts';
import { callerKey } from './admission.ts';
import { pathOf } from './path.ts';

export interface PagingQuery {
  readonly page?: number;
  readonly limit: number;
  readonly cursor?: string;
}
/** @throws InvalidInput for a cursor that was sealed for something else, or not by us. */
export function pagingOf({ page = 1, limit, cursor }: PagingQuery, byCursor: boolean, open: (cursor: string) => unknown): PageRequest {
  if (!byCursor || cursor === undefined) return { by: 'page', page, limit };
  if (cursor === '') return { by: 'cursor', after: null, limit };
  const after = open(cursor);
  if (!Array.isArray(after)) throw new InvalidInput(undefined, { fields: { cursor: 'is not a cursor of this list and these filters' } });
  return { by: 'cursor', after: after as (string | number)[], limit };
}
/** A cursor works for the one who got it, at the address and with the filters it was given for (B133). */
export function cursorBinding(request: FastifyRequest, caller: Caller): string {
  const filters = Object.entries(request.query as Record<string, unknown>).filter(
    ([name]) => name !== 'cursor' && name !== 'limit' && name !== 'page',
  );
  return JSON.stringify([callerKey(caller.principal), pathOf(request.raw.url!), filters.sort(([a], [b]) => (a < b ? -1 : 1))]);
}
