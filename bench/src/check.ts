import pg from 'pg';
import { SEEN } from './documents.ts';
import { CATEGORIES, categoryName, PAGE, PRODUCTS, productId } from './data.ts';
import type { RunningServer } from './process.ts';
import type { Scenario } from './scenarios.ts';
import { keepPlan } from './plan.ts';
import { EXPECTED, type Kind, openSessions, requestsOf } from './traffic.ts';

interface Answer {
  readonly success: boolean;
  readonly data: Record<string, unknown> & Record<string, unknown>[];
  readonly meta: { readonly timestamp: string; readonly pagination?: { readonly total: number; readonly hasMore: boolean } };
}

/** What one order leaves behind, whoever wrote it. */
const WRITTEN = { orders: 1, lines: 2, transitions: 1, reservations: 2, payments: 1, facts: 3, personal: 3, claims: 1 };
async function writtenBy({ database }: RunningServer): Promise<Record<string, number>> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    // A worker may have given the facts their place already.
    const { rows } = await client.query<Record<string, number>>(`with fact as (
        select seq from log.outbox where operation = 'orders.place' union all select seq from log.events where operation = 'orders.place')
      select (select count(*)::int from orders.orders) as orders, (select count(*)::int from orders.order_lines) as lines,
        (select count(*)::int from orders.transitions) as transitions, (select count(*)::int from products.reservations) as reservations,
        (select count(*)::int from payments.payments) as payments, (select count(*)::int from fact) as facts,
        (select count(*)::int from log.personal p where p.seq in (select seq from fact)) as personal,
        (select count(*)::int from http.claims where operation = 'orders.place') as claims`);
    return rows[0]!;
  } finally {
    await client.end();
  }
}

/** Proves, before anything is timed, that a server gives the answer that the others give; throws with the difference. */
export async function check(scenario: Scenario, server: RunningServer): Promise<void> {
  const { name, paths } = server.definition;
  const expect = (what: string, actual: unknown, expected: unknown): void => {
    if (actual !== expected)
      throw new Error(`${name}, ${scenario.name}: ${what} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`);
  };
  const get = async (path: string, authorization: string | undefined): Promise<Response> =>
    fetch(server.origin + path, { headers: authorization === undefined ? {} : { authorization }, signal: AbortSignal.timeout(10_000) });

  if (scenario.name === 'read' || scenario.name === 'list') {
    const path = scenario.name === 'read' ? paths.read.replace('{id}', productId(77)) : paths.list.replace('{category}', categoryName(7));
    expect('status without a token', (await get(path, undefined)).status, 401);
    expect('status with a broken token', (await get(path, `Bearer ${server.token.slice(0, -4)}AAAA`)).status, 401);
    const response = await get(path, `Bearer ${server.token}`);
    expect('status', response.status, 200);
    const { success, data, meta } = (await response.json()) as Answer;
    expect('success', success, true);
    expect('timestamp', typeof meta.timestamp, 'string');
    if (scenario.name === 'list') {
      expect('rows', data.length, PAGE);
      expect('total', meta.pagination?.total, PRODUCTS / CATEGORIES);
      expect('hasMore', meta.pagination?.hasMore, true);
      expect('first row', data[0]!.id, productId(PRODUCTS - CATEGORIES + 7));
    }
    const one = scenario.name === 'read' ? data : data[0]!,
      n = scenario.name === 'read' ? 77 : PRODUCTS - CATEGORIES + 7;
    expect('id', one.id, productId(n));
    expect('name', one.name, `Product number ${n}`);
    expect('price', JSON.stringify(one.price), JSON.stringify({ amount: 100 + ((n * 7) % 99_900), currency: 'EUR' }));
    expect('stock', one.stock, n % 500);
    expect('length of description', (one.description as string).length > 100, true);
    expect('createdAt', new Date(one.createdAt as string).getTime(), Date.UTC(2026, 0, 1) + n * 1000);
    return;
  }

  if (scenario.name === 'read-scoped' || scenario.name === 'list-scoped') {
    const path = scenario.name === 'read-scoped' ? paths.read.replace('{id}', productId(77)) : paths.list;
    expect('status without a token', (await get(path, undefined)).status, 401);
    const response = await get(path, `Bearer ${server.token}`);
    expect('status', response.status, 200);
    const { data, meta } = (await response.json()) as Answer;
    if (scenario.name === 'read-scoped') {
      expect('title', data.title, 'Document number 77');
      const beyond = await get(paths.read.replace('{id}', productId(SEEN + 77)), `Bearer ${server.token}`);
      expect('status of what the caller does not see', beyond.status, name === 'scoped' ? 404 : 200);
      return;
    }
    expect('rows', data.length, PAGE);
    expect('total', meta.pagination?.total, SEEN);
    expect('order', data.map(({ createdAt }) => createdAt).join(), data.map(({ createdAt }) => createdAt as string).sort().reverse().join()); // prettier-ignore
    if (name === 'granted') await keepPlan(server);
    return;
  }

  const send = async (kind: Kind): Promise<{ status: number; text: string; again: () => Promise<{ status: number; text: string }> }> => {
    const load = server.load(kind, 1, 1);
    await openSessions(load);
    const { method, path, headers, body } = requestsOf(load)();
    const request = async (): Promise<{ status: number; text: string }> => {
      const response = await fetch(server.origin + path, {
        method,
        headers,
        ...(body !== undefined && { body }),
        signal: AbortSignal.timeout(10_000),
      });
      return { status: response.status, text: await response.text() };
    };
    return { ...(await request()), again: request };
  };
  const { status, text, again } = await send(scenario.name);
  expect(`status (${text.slice(0, 300)})`, status, EXPECTED[scenario.name]);
  if (scenario.name === 'refresh') {
    const { refreshToken } = (JSON.parse(text) as Answer).data;
    expect('length of the next token', (refreshToken as string).length > 40, true);
    const made = await fetch(server.origin + paths.refresh, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ refreshToken: `${(refreshToken as string).slice(0, -4)}AAAA` }),
      signal: AbortSignal.timeout(10_000),
    });
    expect('status of a token that was made up', made.status, 401);
  }
  if (scenario.name === 'order') {
    const { data } = JSON.parse(text) as Answer;
    const lines = data.lines as { price: { amount: number }; quantity: number }[];
    expect('state', data.state, 'awaiting_payment');
    expect('lines', lines.length, 2);
    expect('total', (data.total as { amount: number }).amount, lines.reduce((sum, { price, quantity }) => sum + price.amount * quantity, 0)); // prettier-ignore
    expect('rows', JSON.stringify(await writtenBy(server)), JSON.stringify(WRITTEN));
    expect('status of a body that the contract does not know', (await fetch(server.origin + paths.order!, { method: 'POST', headers: { authorization: `Bearer ${server.token}`, 'content-type': 'application/json' }, body: '{"lines":[]}' })).status >= 400, true); // prettier-ignore
  }
  if (['order', 'create-idempotent'].includes(scenario.name) && server.definition.replays) {
    const replay = await again();
    expect('status of the replay', replay.status, 201);
    expect('id of the replay', (JSON.parse(replay.text) as Answer).data.id, (JSON.parse(text) as Answer).data.id);
  }
}
