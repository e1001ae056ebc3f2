import { afterAll, beforeAll, expect, test } from 'vitest';
import { access } from '../access/index.ts';
import { auth } from '../auth/index.ts';
import { coreApp, type CoreApp } from '../testing/index.ts';
import { users } from './index.ts';

const PEOPLE = Number(process.env['PEOPLE'] ?? 1_000_000);
/** Milliseconds that a page of the list may take, over HTTP. */
const MOST_MS = 1000;
/** Calls of each: Postgres makes a plan for all values after the fifth. */
const CALLS = 9;

let app: CoreApp;
let token: string;
beforeAll(async () => {
  app = await coreApp([users, access, auth], { env: { PLINTH_ROLES: 'api' } });
  ({ token } = await app.as('admin'));
  await app.owner.query('set statement_timeout = 0');
  await app.owner.query(
    `insert into users.users (id, email, email_normalized, display_name, status, deleted_at, created_at)
     select gen_random_uuid(), address, address,
       (array['Ada','Grace','Alan','Edsger','Barbara','Donald','Margaret','Ken'])[1 + n % 8] || ' ' || initcap(md5(n::text)),
       case when n % 1000 = 0 then 'suspended' when n % 100 = 1 then 'deleted' else 'active' end,
       case when n % 1000 <> 0 and n % 100 = 1 then now() end,
       now() - interval '3 years' * (n::float8 / ${PEOPLE})
     from (select n, 'person-' || n || '@' || (array['example.com','example.org','mail.example'])[1 + n % 3] as address from generate_series(1, ${PEOPLE}) n) s`,
  );
  await app.owner.query('vacuum analyze users.users');
}, 600_000);
afterAll(() => app?.stop());

interface Listed {
  readonly data: { readonly id: string; readonly email: string }[];
  readonly meta: { readonly pagination: { readonly nextCursor: string | null; readonly total?: number } };
}
/** The slowest of some calls, and what the last one gave. */
async function slowest(query: string): Promise<{ ms: number; listed: Listed }> {
  const times: number[] = [];
  let listed: Listed | undefined;
  for (let i = 0; i < CALLS; i++) {
    const startedAt = performance.now();
    const reply = await app.call('GET', `/api/v1/users?limit=25&${query}`, { token });
    times.push(performance.now() - startedAt);
    expect(reply.status, reply.text).toBe(200);
    listed = reply.json as Listed;
  }
  const ms = Math.max(...times);
  process.stdout.write(
    `${query}: ${ms.toFixed(1)} ms at most, ${times.toSorted((a, b) => a - b)[CALLS >> 1]!.toFixed(1)} ms in the middle, ${listed!.data.length} rows\n`,
  );
  return { ms, listed: listed! };
}
const one = `person-${PEOPLE - 7}`;

test.each([
  ['the first page', 'cursor='],
  ['the first page, oldest first', 'cursor=&sort=createdAt'],
  ['by address', 'cursor=&sort=email'],
  ['by name, downwards', 'cursor=&sort=-displayName'],
  ['the suspended, of whom there are few', 'cursor=&status=suspended'],
  ['the deleted, by name', 'cursor=&status=deleted&sort=displayName'],
  ['people', 'cursor=&kind=person'],
  ['services, of which there are none', 'cursor=&kind=service'],
  ['one address', `cursor=&q=${one}`],
  ['what most have in their address', 'cursor=&q=person-'],
  ['what nobody has', 'cursor=&q=zyxwvut'],
  ['a name that an eighth has, and nobody of those suspended', 'cursor=&q=grace&status=suspended'],
  ['two letters', 'cursor=&q=an'],
  ['one address, by name', `cursor=&q=${one}&sort=displayName`],
])('people: %s, among a million', async (_what, query) => {
  const { ms } = await slowest(query);
  expect(ms).toBeLessThan(MOST_MS);
});

test('people: two letters that nobody has are looked for everywhere, since a trigram has three', async () => {
  const { ms } = await slowest('cursor=&q=zz');
  expect(ms).toBeLessThan(5 * MOST_MS); // what a statement may take
});

test('people: the hundredth page is as near as the first', async () => {
  let cursor = '';
  const startedAt = performance.now();
  const seen = new Set<string>();
  for (let page = 0; page < 100; page++) {
    const { json } = await app.call('GET', `/api/v1/users?limit=100&sort=displayName&cursor=${encodeURIComponent(cursor)}`, { token });
    const { data, meta } = json as Listed;
    for (const { id } of data) seen.add(id);
    cursor = meta.pagination.nextCursor!;
  }
  expect(seen.size).toBe(10_000);
  process.stdout.write(`100 pages of 100: ${((performance.now() - startedAt) / 100).toFixed(1)} ms a page\n`);
  // From the far end, as if somebody had read until there.
  const { ms } = await slowest(`sort=displayName&cursor=${encodeURIComponent(cursor)}`);
  expect(ms).toBeLessThan(MOST_MS);
});

test('people: with page numbers there is a total, which is counted', async () => {
  const { ms, listed } = await slowest('page=1');
  expect(listed.meta.pagination.total).toBe(PEOPLE + 1);
  expect(ms).toBeLessThan(MOST_MS);
});
