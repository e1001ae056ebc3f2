import type { Account } from './account.testing.ts';
import { invalid, type Params, text, whole } from './form.testing.ts';
import type { Dispute, Intent, Refund, Session, Thing } from './objects.testing.ts';

/** Replaces ids by what they name. @throws Refusal for what is no field, as Stripe does */
export function expanded(account: Account, answer: unknown, paths: readonly string[]): unknown {
  const copy = structuredClone(answer);
  for (const path of paths) expand(account, copy, path.split('.'), path);
  return copy;
}
function expand(account: Account, at: unknown, [field, ...rest]: readonly string[], path: string): void {
  if (field === undefined || at === null || typeof at !== 'object') return;
  if (Array.isArray(at)) return at.forEach((each) => expand(account, each, [field, ...rest], path));
  const object = at as Record<string, unknown>;
  // Absent are fields that only some of an object's kind have.
  if (!(field in object) && field !== 'failure_balance_transaction') throw invalid(`This property cannot be expanded (${path}).`);
  const value = object[field];
  if (typeof value === 'string' && account.things.has(value)) object[field] = structuredClone(account.things.get(value));
  expand(account, object[field], rest, path);
}
export const pathsOf = (params: Params): string[] => (Array.isArray(params['expand']) ? (params['expand'] as string[]) : []);

/** Newest first, `limit` of them (10 when nobody says), after the one that `starting_after` names. */
function page(params: Params, url: string, things: readonly Thing[]): unknown {
  const limit = whole(params, 'limit') ?? 10;
  if (limit < 1 || limit > 100) throw invalid('Invalid limit', 'parameter_invalid_integer', 'limit');
  const created = (params['created'] ?? {}) as Params;
  const [gte, lt] = [whole(created, 'gte') ?? 0, whole(created, 'lt') ?? Infinity];
  const all = things.filter((thing) => thing.created >= gte && thing.created < lt).toReversed();
  const after = text(params, 'starting_after');
  const start = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1;
  if (after !== null && start === 0) throw invalid(`No such object: '${after}'`, 'resource_missing', 'starting_after');
  return { object: 'list', url, has_more: start + limit < all.length, data: all.slice(start, start + limit) };
}

/** @param lag seconds that the index of the search is behind */
export function list(account: Account, path: string, params: Params, lag: number): unknown {
  const of = text(params, 'payment_intent');
  switch (path) {
    case '/v1/payment_intents':
      return page(params, path, account.all<Intent>('payment_intent'));
    case '/v1/payment_intents/search': {
      const [, name, value] = /^metadata\['(\w+)'\]:'([^']*)'$/.exec(text(params, 'query') ?? '') ?? [];
      if (name === undefined) throw invalid('We were unable to parse your search query.', undefined, 'query');
      const known = account.all<Intent>('payment_intent').filter(({ created }) => created <= account.now() - lag);
      return {
        object: 'search_result',
        url: path,
        has_more: false,
        next_page: null,
        data: known.filter(({ metadata }) => metadata[name] === value),
      };
    }
    case '/v1/refunds':
      return page(
        params,
        path,
        account.all<Refund>('refund').filter(({ payment_intent: id }) => of === null || id === of),
      );
    case '/v1/disputes':
      return page(
        params,
        path,
        account.all<Dispute>('dispute').filter(({ payment_intent: id }) => of === null || id === of),
      );
    case '/v1/checkout/sessions':
      return page(
        params,
        path,
        account.all<Session>('checkout.session').filter(({ payment_intent: id }) => of === null || id === of),
      );
    case '/v1/balance_transactions':
      return page(params, path, account.movements);
    default:
      throw invalid(`Unrecognized request URL (GET: ${path})`);
  }
}
