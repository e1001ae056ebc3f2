import { system } from '@plinth/kit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditApp, auditApp, eventually } from './audit.testing.ts';
import { written } from './formats.ts';
import type { Entry } from './shapes.ts';

let app: AuditApp;
let admin: string;
beforeAll(async () => {
  app = await auditApp();
  admin = await app.person('admin');
});
afterAll(() => app?.stop());

const take = (format: string, query: Readonly<Record<string, string>> = {}, token = admin) =>
  app.call('GET', `/api/v1/audit/export.${format}?${new URLSearchParams(query).toString()}`, { token });
const entriesOf = (ndjson: string): Entry[] =>
  ndjson
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Entry);
const allPlaced = () => eventually(async () => ((await app.kit.log.statistics()).waiting === 0 ? true : undefined));

/** RFC 4180, strictly. */
function parsed(csv: string): string[][] {
  const lines = csv.split('\r\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) => {
    const cells = line.match(/("(?:[^"]|"")*"|[^",]*)(?:,|$)/g)!.slice(0, 24);
    return cells.map((text) =>
      text
        .replace(/,$/, '')
        .replace(/^"(.*)"$/s, '$1')
        .replaceAll('""', '"'),
    );
  });
}

it('B148: an export holds what the search finds, oldest first, and is a fact itself; without that fact nothing is given', async () => {
  for (const name of ['one', 'two', 'three'])
    await app.call('POST', '/api/v1/access/roles', { token: admin, body: { name, title: `The ${name}`, permissions: [] } });
  await allPlaced();
  const exported = await take('ndjson', { name: 'access.role-created' });
  expect([exported.status, exported.headers.get('content-type')]).toEqual([200, 'application/x-ndjson; charset=utf-8']);
  expect(exported.headers.get('content-disposition')).toBe('attachment; filename="audit.ndjson"');
  const searched = await app.call('GET', '/api/v1/audit/events?name=access.role-created&limit=100', { token: admin });
  expect(entriesOf(exported.text)).toEqual((searched.json.data as Entry[]).toReversed());
  expect(await app.facts(exported.requestId)).toEqual(['audit.exported']);
  await allPlaced();
  const [fact] = entriesOf((await take('ndjson', { requestId: exported.requestId })).text);
  expect(fact).toMatchObject({ who: { actor: admin }, what: { payload: { format: 'ndjson', filters: { name: 'access.role-created' } } } });

  const all = entriesOf((await take('ndjson')).text).map(({ position }) => position);
  expect(all).toEqual(all.map((_, i) => i + 1));
  await app.owner
    .query(`create function public.no_facts() returns trigger language plpgsql as $$ begin raise exception 'no facts today'; end $$;
    create trigger no_facts before insert on log.outbox for each row when (new.name = 'audit.exported') execute function public.no_facts()`);
  const blind = await take('csv', {}, await app.person('admin'));
  await app.owner.query('drop trigger no_facts on log.outbox; drop function public.no_facts()');
  expect([blind.status, blind.text.includes('position')]).toEqual([500, false]);
});

it('each filter of the search narrows the export in the same way', async () => {
  const made = await app.call('POST', '/api/v1/access/roles', { token: admin, body: { name: 'narrow', title: 'Narrow', permissions: [] } });
  const created = app.catalog.events.get('access.role-created')!;
  await app.kit.db.transaction((tx) =>
    app.kit.log.publish(tx, system('test.o7', null, 'o7'), created, { role: 'in-o7' }, { organization: 'o7' }),
  );
  await allPlaced();
  const who = await app.person('admin');
  const at = entriesOf((await take('ndjson', { requestId: made.requestId }, who)).text)[0]!;
  const filters = [
    { requestId: made.requestId }, { subjectType: 'role', subjectId: 'narrow' }, { requestId: made.requestId, actor: admin },
    { from: at.when, requestId: made.requestId }, { name: 'access.*', requestId: made.requestId, outcome: 'success' },
  ]; // prettier-ignore
  for (const filter of filters)
    expect(entriesOf((await take('ndjson', filter, await app.person('admin'))).text), JSON.stringify(filter)).toEqual([at]);
  for (const filter of [
    { to: at.when, requestId: made.requestId },
    { outcome: 'refused', requestId: made.requestId },
    { organization: 'o8' },
  ])
    expect((await take('ndjson', filter as never, await app.person('admin'))).text).toBe('');
  const inOrganization = await app.call('GET', '/api/v1/audit/events?organization=o7', { token: admin });
  expect((inOrganization.json.data as Entry[]).map(({ what }) => what.payload)).toEqual([{ role: 'in-o7' }]);
  expect((await take('ndjson', { sql: '1' }, await app.person('admin'))).status).toBe(422);
  expect((await take('ndjson', {}, await app.person('member'))).status).toBe(403);
});

it('B146: no cell of the CSV is a formula, no entry is more than one line, and nothing is lost', async () => {
  const hostile = ['=1+1', '+1', '-1', '@SUM(A1)', ' =1', '\t=1', '\r=1', '＝1', '"=1', 'a,"b"\r\n=1,2', "'=1", 'ü 😀'];
  for (const reason of hostile) {
    const body = { userId: await app.person('guest'), role: 'member', reason };
    const made = await app.call('POST', '/api/v1/access/assignments', { token: admin, body, headers: { 'user-agent': '=cmd|calc' } });
    expect(made.status).toBe(201);
  }
  await allPlaced();
  const filter = { actor: admin, subjectType: 'user', name: 'access.*' };
  const exact = entriesOf((await take('ndjson', filter, await app.person('admin'))).text).map(({ why }) => why.reason);
  expect(exact).toEqual(hostile.map((text) => text.trim()));
  const [head, ...rows] = parsed((await take('csv', filter, await app.person('admin'))).text);
  expect(rows).toHaveLength(hostile.length);
  for (const row of rows) {
    expect(row).toHaveLength(head!.length);
    for (const text of row) expect(text).not.toMatch(/^[\s]*[=+\-@\t\r＝＋－＠]/);
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    expect(row.join('')).not.toMatch(/[\u0000-\u001f]/);
  }
  expect(rows.map((row) => row[head!.indexOf('reason')])).toEqual([
    "'=1+1", "'+1", "'-1", "'@SUM(A1)", "'=1", "'=1", "'=1", "'＝1", '"=1', 'a,"b"\\u000d\\u000a=1,2', "'=1", 'ü 😀',
  ]); // prettier-ignore
  expect(rows[0]![head!.indexOf('userAgent')]).toBe("'=cmd|calc");
});

it('an export is read as fast as it is taken, and no faster', async () => {
  let pulled = 0;
  const source = async function* () {
    for (; ; pulled++) yield { what: { name: 'x'.repeat(1000) } } as unknown as Entry;
  };
  const text = written(source(), 'ndjson');
  await text.next();
  expect(pulled).toBeLessThan(20);
  await text.return(undefined);
});
