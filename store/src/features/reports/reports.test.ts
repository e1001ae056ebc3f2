import { access, users } from '@plinth/core';
import { coreApp, RealtimeClient, type CoreApp } from '@plinth/core/testing';
import { race, tally, type Actor } from '@plinth/kit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { features } from '../../features.ts';
import { placeOrder } from '../orders/orders.fixtures.ts';
import { makeProduct } from '../products/products.fixtures.ts';
import { type NewReport, type Report, sweepReports } from './contract.ts';

import { askFor, ended } from './reports.fixtures.ts';
import { pay, refund, robot, table } from './reports.testing.ts';

let app: CoreApp;
let admin: Actor;
let buyer: Actor;
beforeAll(async () => {
  app = await coreApp(features);
  [admin, buyer] = await Promise.all([app.as('admin'), app.as('member')]);
});
afterAll(() => app?.stop());

const call = (who: Pick<Actor, 'token'>, method: string, path: string, body?: unknown) =>
  app.call(method, `/api/v1/reports${path}`, { token: who.token, ...(body !== undefined && { body }) });
const made = async (who: Actor, body: Partial<NewReport> = {}): Promise<Report> => {
  const report = await ended({ app }, who, (await askFor({ app }, who, body)).id);
  expect(report.state, JSON.stringify(report)).toBe('done');
  return report;
};
const fileOf = async (who: Actor, { id }: Report): Promise<string> => {
  // Not `text()`: that drops the byte order mark.
  const response = await fetch(`${app.url}/api/v1/reports/${id}/file`, { headers: { authorization: `Bearer ${who.token}` } });
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer()).toString();
};
const sold = async (over: Parameters<typeof makeProduct>[2][], who = buyer) => {
  const lines = [];
  for (const each of over) lines.push({ productId: (await makeProduct(app, admin, each)).id, quantity: lines.length + 1 });
  const order = await placeOrder({ app }, who, lines);
  await pay(app, order);
  return order;
};
const emailOf = async ({ userId }: Actor) => (await app.api(users).find(app.kit.db, userId))!.email;
const sweep = () => app.kit.db.transaction((tx) => app.kit.jobs.enqueue(tx, sweepReports, {}));
const pieces = async (id: string) =>
  (await app.owner.query<{ n: number }>('select count(*)::int as n from reports.pieces where report_id = $1', [id])).rows[0]!.n;

const building = (paused: boolean) => app.kit.db.transaction((tx) => app.kit.jobs.admin.pause(tx, 'reports.build', paused));
const resumeBuilding = () => building(false);
/** Each node looks four times a second. */
const pauseBuilding = async (): Promise<void> => {
  await building(true);
  await new Promise((resolve) => setTimeout(resolve, 1000));
};

describe('the file', () => {
  test('S114: sales are CSV that no spreadsheet runs: formulas neutralised in both widths, amounts numbers by the digits of their currency', async () => {
    const names = ['=1+1', '+1', '-1', '@SUM(A1)', '＝1', '－2', 'a,"b"', 'Käse 😀', '=HYPERLINK("http://x";"y")', 'x;=1'];
    const [eve, from] = [await app.as('member'), new Date().toISOString()];
    const euro = await sold(names.map((name) => ({ name, price: { amount: 1005, currency: 'EUR' } })), eve); // prettier-ignore
    const yen = await sold([{ price: { amount: 1500, currency: 'JPY' } }], eve);
    const dinar = await sold([{ price: { amount: 1, currency: 'BHD' } }], eve);
    await refund(app, euro, 1000);
    const report = await made(eve, { kind: 'sales', from });
    const text = await fileOf(eve, report);
    const rows = table(text);
    expect(rows.map(({ name }) => name)).toEqual([
      "'=1+1", "'+1", "'-1", "'@SUM(A1)", "'＝1", "'－2", 'a,"b"', 'Käse 😀', `'=HYPERLINK("http://x";"y")`, "x;'=1", 'Kettle', 'Kettle',
    ]); // prettier-ignore
    for (const row of rows) for (const cell of Object.values(row)) expect(cell).not.toMatch(/^\s*[=+@＝＋－＠\t\r]|^\s*-(?!\d)/);
    expect(rows.map(({ unitPrice, amount, currency }) => [unitPrice, amount, currency])).toEqual([
      ...names.map((_, i) => ['10.05', ((1005 * (i + 1)) / 100).toFixed(2), 'EUR']),
      ['1500', '1500', 'JPY'],
      ['0.001', '0.001', 'BHD'],
    ]);
    // What went back is spread over the lines, and sums to what went back.
    const back = rows.slice(0, names.length).map(({ refunded }) => Math.round(100 * Number(refunded)));
    expect(back.reduce((sum, n) => sum + n)).toBe(1000);
    expect(Math.min(...back)).toBeGreaterThan(0);
    expect(text).toContain(',10.05,10.05,'); // bare, not text in quotes
    expect(rows.at(-2)).toMatchObject({
      order: yen.number,
      orderId: yen.id,
      state: 'paid',
      customerId: eve.userId,
      quantity: '1',
      refunded: '0',
    });
    expect(rows.at(-1)!['order']).toBe(dinar.number);
    expect([report.rows, report.bytes]).toEqual([rows.length, Buffer.byteLength(text)]);
  });
  test('is sent as what it is', async () => {
    const report = await made(admin);
    const { status, headers } = await call(admin, 'GET', `/${report.id}/file`);
    const day = report.createdAt.slice(0, 10);
    expect([status, headers.get('content-type'), headers.get('content-disposition'), headers.get('content-length')]).toEqual([
      200,
      'text/csv; charset=utf-8',
      `attachment; filename="inventory-${day}.csv"; filename*=UTF-8''inventory-${day}.csv`,
      String(report.bytes),
    ]);
  });
  test('an inventory has every product with what is held, also one whose currency is none', async () => {
    const held = await makeProduct(app, admin, { stock: 9, price: { amount: 250, currency: 'EUR' } });
    await placeOrder({ app }, buyer, [{ productId: held.id, quantity: 4 }]);
    const rows = table(await fileOf(buyer, await made(buyer)));
    const count = await app.owner.query<{ n: number }>('select count(*)::int as n from products.products');
    expect(rows).toHaveLength(count.rows[0]!.n);
    expect(rows.find(({ productId }) => productId === held.id)).toMatchObject({
      sku: held.sku,
      stock: '9',
      reserved: '4',
      available: '5',
      unitPrice: '2.50',
    });
    expect(rows.map(({ sku }) => sku!)).toEqual(rows.map(({ sku }) => sku!).toSorted());
  });
  test('sales are of what was paid, from one time to before another', async () => {
    const eve = await app.as('member');
    const [early, late] = [await sold([{}], eve), await sold([{}], eve)];
    await placeOrder({ app }, eve, [{ productId: early.lines[0]!.productId, quantity: 1 }]); // not paid
    const { rows } = await app.owner.query<{ at: string }>(
      `select to_char(paid_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at from orders.orders where id = $1`,
      [late.id],
    );
    const at = rows[0]!.at;
    const ordersOf = async (body: Partial<NewReport>) =>
      table(await fileOf(eve, await made(eve, { kind: 'sales', ...body }))).map(({ order }) => order);
    expect(await ordersOf({})).toEqual([early.number, late.number]);
    expect(await ordersOf({ to: at })).toEqual([early.number]);
    expect(await ordersOf({ from: at })).toEqual([late.number]);
  });
  test('what is asked for wrongly is refused', async () => {
    const statuses = [];
    for (const body of [
      { kind: 'inventory', from: '2026-01-01T00:00:00Z' },
      { kind: 'sales', from: '2026-02-01T00:00:00Z', to: '2026-01-01T00:00:00Z' },
      { kind: 'sales', format: 'xlsx' },
      { kind: 'people' },
    ])
      statuses.push((await call(admin, 'POST', '', body)).status);
    expect(statuses).toEqual([422, 422, 422, 422]);
  });
});

describe('who sees what', () => {
  test('B87: sales are everybody’s for who manages orders, and else what one bought', async () => {
    const [ada, eve] = [await app.as('member'), await app.as('member')];
    const [hers, other] = [await sold([{}], ada), await sold([{}], eve)];
    const own = await made(ada, { kind: 'sales' });
    expect(own.rowsOf).toBe('owner');
    expect(table(await fileOf(ada, own)).map(({ order }) => order)).toEqual([hers.number]);
    const all = await made(admin, { kind: 'sales' });
    expect(all.rowsOf).toBe('everybody');
    expect(table(await fileOf(admin, all)).map(({ order }) => order)).toEqual(expect.arrayContaining([hers.number, other.number]));
    for (const path of ['', '/file']) expect((await call(eve, 'GET', `/${own.id}${path}`)).status).toBe(404);
    expect((await call(eve, 'POST', `/${own.id}/cancel`)).status).toBe(404);
    expect((await call(eve, 'DELETE', `/${own.id}`)).status).toBe(404);
    const listed = async (who: Actor) => ((await call(who, 'GET', '?limit=100')).json.data as Report[]).map(({ id }) => id);
    expect(await listed(ada)).toEqual([own.id]);
    expect(await listed(eve)).toEqual([]);
    expect(await listed(admin)).toEqual(expect.arrayContaining([own.id, all.id]));
    expect((await app.call('POST', '/api/v1/reports', { body: { kind: 'sales' } })).status).toBe(401);
  });
  test('B87: an API key takes along no more than its scopes show', async () => {
    const keyOf = async (scopes: string[]) =>
      (await app.call('POST', '/api/v1/api-keys', { token: admin.token, body: { label: 'x', scopes } })).json.data.key as string;
    const asked = async (scopes: string[]) => {
      const headers = { 'x-api-key': await keyOf(scopes) };
      return (await app.call('POST', '/api/v1/reports', { headers, body: { kind: 'sales' } })).json.data as Report;
    };
    expect((await asked(['reports:create'])).rowsOf).toBe('owner');
    const all = await asked(['reports:create', 'orders:manage']);
    expect(all.rowsOf).toBe('everybody');
    await ended({ app }, admin, all.id);
    const headers = { 'x-api-key': await keyOf(['reports:create']) };
    expect((await app.call('GET', `/api/v1/reports/${all.id}/file`, { headers })).status).toBe(403);
  });
  test('B87: what was taken away since is asked again when it is made, and when it is downloaded', async () => {
    const clerk = await app.as('member');
    const grant = { userId: clerk.userId, permission: 'orders:manage' };
    const given = await app.call('POST', '/api/v1/access/grants', { token: admin.token, body: grant });
    expect(given.status, given.text).toBe(201);
    const report = await made(clerk, { kind: 'sales' });
    expect(report.rowsOf).toBe('everybody');
    expect((await call(clerk, 'GET', `/${report.id}/file`)).status).toBe(200);
    await pauseBuilding();
    const later = await askFor({ app }, clerk, { kind: 'sales' });
    const taken = await app.call('DELETE', `/api/v1/access/grants/${given.json.data.id}`, { token: admin.token });
    expect(taken.status, taken.text).toBeLessThan(300);
    await resumeBuilding();
    expect(await ended({ app }, clerk, later.id)).toMatchObject({ state: 'failed', failure: { code: 'NOT_PERMITTED' }, rows: 0 });
    expect((await call(clerk, 'GET', `/${report.id}/file`)).status).toBe(403);
    expect(await app.api(access).holds(clerk.userId, app.catalog.permissions.get('orders:manage')!)).toBe(false);
  });
});

describe('how many', () => {
  test('B110: of thirty who ask at once in one name, five are taken in a minute', async () => {
    const production = {
      NODE_ENV: 'production',
      DATABASE_URL: 'postgres://unused',
      SMTP_URL: 'smtp://127.0.0.1:9',
      PLINTH_SECRET: app.kit.config.secret!,
      REDIS_URL: '', // what others ask from this address does not count here
    };
    const strict = await coreApp(features, { env: production });
    try {
      const [ada, eve] = [await strict.as('member'), await strict.as('member')];
      const ask = (who: Actor) => strict.call('POST', '/api/v1/reports', { token: who.token, body: { kind: 'inventory' } });
      const replies = await race(30, () => ask(ada));
      expect(tally(replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 'failed')))).toEqual({ 202: 5, 429: 25 });
      const refused = await ask(ada);
      expect([refused.json.error.code, Number(refused.headers.get('retry-after')) <= 60]).toEqual(['TOO_MANY_REQUESTS', true]);
      expect((await ask(eve)).status).toBe(202);
      const { rows } = await strict.owner.query('select count(*)::int as n from reports.reports where owner_id = $1', [ada.userId]);
      expect(rows[0].n).toBe(5);
    } finally {
      await strict.stop();
    }
  });
  test('ten at once have their file, however many are asked for at once; whoever deletes one may ask again', async () => {
    const eve = await app.as('member');
    const replies = await race(16, () => call(eve, 'POST', '', { kind: 'inventory' }));
    const statuses = replies.map((reply) => (reply.status === 'fulfilled' ? reply.value.status : 'failed'));
    expect(tally(statuses)).toEqual({ 202: 10, 409: 6 });
    const [one] = (await call(eve, 'GET', '')).json.data as Report[];
    await ended({ app }, eve, one!.id);
    expect((await call(eve, 'DELETE', `/${one!.id}`)).status).toBe(204);
    expect([await pieces(one!.id), (await call(eve, 'GET', `/${one!.id}`)).status]).toEqual([0, 404]);
    expect((await call(eve, 'POST', '', { kind: 'inventory' })).status).toBe(202);
  });
});

describe('who hears of it', () => {
  test('its owner, live and by mail, with where to get it; the log has who asked and who downloaded', async () => {
    const eve = await app.as('member');
    const client = await RealtimeClient.open(app.url, eve.token);
    await client.ask({ type: 'subscribe', channel: `user:${eve.userId}` });
    const asked = await call(eve, 'POST', '', { kind: 'sales' });
    const { id } = asked.json.data as Report;
    const heard = await client.hears(({ event }) => event === 'reports.done', 8000);
    expect(heard.data).toMatchObject({ reportId: id, state: 'done', rows: 0 });
    client.ws.close();
    const { text } = await app.mailbox.newest(await emailOf(eve), ({ subject }) => subject === 'Your sales report is ready');
    expect(text).toContain(`/api/v1/reports/${id}/file`);
    expect(await app.facts(asked.requestId)).toEqual(['reports.requested', 'reports.done']);
    expect(await app.facts((await call(eve, 'GET', `/${id}/file`)).requestId)).toEqual(['reports.downloaded']);
  });
});

describe('time', () => {
  test('a file goes when its time is over, and the report says so; a long time after, it goes too', async () => {
    const report = await made(buyer);
    expect(Date.parse(report.expiresAt!) - Date.parse(report.finishedAt!)).toBe(7 * 86_400_000);
    expect(await pieces(report.id)).toBeGreaterThan(0);
    await app.owner.query('update reports.reports set expires_at = now() where id = $1', [report.id]);
    await sweep();
    await expect.poll(async () => ((await call(buyer, 'GET', `/${report.id}`)).json.data as Report).state).toBe('expired');
    const gone = await call(buyer, 'GET', `/${report.id}/file`);
    expect([gone.status, gone.json.error.code, await pieces(report.id)]).toEqual([410, 'REPORT_GONE', 0]);
    await app.owner.query(`update reports.reports set finished_at = now() - interval '91 days' where id = $1`, [report.id]);
    await sweep();
    await expect.poll(async () => (await call(buyer, 'GET', `/${report.id}`)).status).toBe(404);
  });
  test('what waits is cancelled; once more changes nothing, and what has ended is not', async () => {
    await pauseBuilding();
    const { id } = await askFor({ app }, buyer);
    const cancelled = await call(buyer, 'POST', `/${id}/cancel`);
    await resumeBuilding();
    expect([cancelled.status, cancelled.json.data.state]).toEqual([200, 'cancelled']);
    expect(await app.facts(cancelled.requestId)).toEqual(['reports.cancelled']);
    const again = await call(buyer, 'POST', `/${id}/cancel`);
    expect([again.status, await app.facts(again.requestId)]).toEqual([200, []]);
    expect((await call(buyer, 'GET', `/${id}/file`)).json.error.code).toBe('REPORT_NOT_READY');
    const done = await made(buyer);
    expect((await call(buyer, 'POST', `/${done.id}/cancel`)).json.error.code).toBe('REPORT_ENDED');
  });
  test('a report whose job was stopped by an administrator fails, and tells why', async () => {
    const eve = await app.as('member');
    await pauseBuilding();
    const { id } = await askFor({ app }, eve);
    const job = (await app.owner.query<{ job_id: string }>('select job_id from reports.reports where id = $1', [id])).rows[0]!.job_id;
    expect((await app.call('POST', `/api/v1/jobs/${job}/cancel`, { token: admin.token })).status).toBe(204);
    await resumeBuilding();
    await app.owner.query(`update reports.reports set created_at = now() - interval '2 minutes' where id = $1`, [id]);
    await sweep();
    expect(await ended({ app }, eve, id)).toMatchObject({ state: 'failed', failure: { code: 'STOPPED' } });
    await app.mailbox.newest(await emailOf(eve), ({ text }) => text.includes('stopped by an administrator'));
  });
  test('nothing is made for whoever is deleted, and what was made goes', async () => {
    const eve = await app.as('member');
    const done = await made(eve);
    await pauseBuilding();
    const { id } = await askFor({ app }, eve);
    await app.kit.db.transaction((tx) => app.api(users).delete(robot, tx, eve.userId));
    await resumeBuilding();
    await sweep();
    await expect.poll(async () => ((await call(admin, 'GET', `/${done.id}`)).json.data as Report).state).toBe('expired');
    expect([((await call(admin, 'GET', `/${id}`)).json.data as Report).state, await pieces(done.id)]).toEqual(['cancelled', 0]);
  });
  test('the database lets no report go back, nor hold a piece that is too large', async () => {
    const report = await made(buyer);
    await expect(app.owner.query(`update reports.reports set state = 'running' where id = $1`, [report.id])).rejects.toMatchObject({
      constraint: 'reports_move',
    });
    const large = app.owner.query('insert into reports.pieces (report_id, number, bytes) values ($1, 99, $2)', [
      report.id,
      Buffer.alloc(2 ** 20 + 1),
    ]);
    await expect(large).rejects.toMatchObject({ constraint: 'pieces_bytes' });
  });
});
