import { access, users } from '@plinth/core';
import type { CoreApp } from '@plinth/core/testing';
import { type JobRun, system, uuidv7 } from '@plinth/kit';
import type { Actor } from '@plinth/kit/testing';
import type { Order } from '../orders/contract.ts';
import { orders } from '../orders/index.ts';
import { products } from '../products/index.ts';
import { Building } from './building.ts';
import { FilesRepository } from './files.repository.ts';
import { ReportsRepository, type ReportRow } from './repository.ts';
import { inventorySource, salesSource } from './rows.ts';

export const robot = system('test.reports', null, uuidv7());

/** A run of the job, as a worker begins one. */
export const runOf = (over: Partial<JobRun> = {}): JobRun => ({
  id: uuidv7(),
  attempt: 1,
  caller: robot,
  signal: new AbortController().signal,
  scheduledFor: null,
  progress: () => undefined,
  ...over,
});
export const pay = (app: CoreApp, { id, total, paymentId }: Order) =>
  app.kit.db.transaction((tx) => app.api(orders).paid(robot, tx, id, { ...total, paymentId: paymentId! }));
export const refund = (app: CoreApp, { id, paymentId }: Order, amount: number) =>
  app.kit.db.transaction((tx) => app.api(orders).refunded(robot, tx, id, paymentId!, amount));

/** What makes files, with its parts replaced by `over`. */
export function buildingOf(app: CoreApp, over: Partial<ConstructorParameters<typeof Building>[0]> = {}) {
  const [repository, files] = [new ReportsRepository(app.kit.db), new FilesRepository(app.kit.db)];
  const sources = { sales: salesSource(app.api(orders)), inventory: inventorySource(app.api(products)) };
  const apis = { users: app.api(users), access: app.api(access) };
  const building = new Building({ ...app.kit, ...apis, reports: repository, files, sources, ...over });
  return { building, repository, files, sources };
}
/** A report whose job no worker has. */
export const unbegun = (app: CoreApp, { userId }: Actor, over: Partial<ReportRow> = {}): Promise<ReportRow> => {
  const row = { kind: 'sales' as const, format: 'csv', fromAt: null, toAt: null, everybody: true, ...over };
  return app.kit.db.transaction((tx) =>
    new ReportsRepository(app.kit.db).insert(tx, { id: uuidv7(), ownerId: userId, jobId: uuidv7(), ...row }),
  );
};
export async function fileOf(app: CoreApp, { id, pieceCount }: ReportRow): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of new FilesRepository(app.kit.db).read(id, pieceCount)) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}
/** Paid orders, all of them in one moment, past the triggers that would take minutes for a million lines. */
export async function manySold(app: CoreApp, buyer: Actor, orders: number, linesOfEach: number, from = 0): Promise<void> {
  const off = (how: string): string => `alter table orders.orders ${how} trigger user; alter table orders.order_lines ${how} trigger user`;
  await app.owner.query(`set statement_timeout = 0; ${off('disable')}`);
  await app.owner.query(
    `insert into orders.orders (id, number, owner_id, state, currency, total, placed_at, expires_at, paid_at)
     select gen_random_uuid(), overlay(upper(lpad(to_hex(n), 8, '0')) placing '-' from 5 for 0), $1, 'paid', 'EUR', 1000 * $2::int, now(), now(), now()
     from generate_series($4::int + 1, $4::int + $3::int) n`,
    [buyer.userId, linesOfEach, orders, from],
  );
  await app.owner.query(
    `insert into orders.order_lines (order_id, position, product_id, sku, name, unit_amount, quantity)
     select o.id, n, gen_random_uuid(), 'SKU-' || n, 'A product of the length that names have, number ' || n, 1000, 1
     from orders.orders o, generate_series(1, $2::int) n where o.owner_id = $1`,
    [buyer.userId, linesOfEach],
  );
  await app.owner.query(`${off('enable')}; analyze orders.orders; analyze orders.order_lines`);
}
/** RFC 4180, strictly. @throws for what is none */
export function parsed(csv: string): string[][] {
  const rows: string[][] = [];
  for (let at = 0; at < csv.length;) {
    const row: string[] = [];
    for (;;) {
      const found = /"((?:[^"]|"")*)"|([^",\r\n]*)/y;
      found.lastIndex = at;
      const [all, quoted, plain] = found.exec(csv)!;
      row.push(quoted?.replaceAll('""', '"') ?? plain!);
      at += all.length;
      if (csv[at] === ',') at++;
      else if (csv.startsWith('\r\n', at)) {
        at += 2;
        break;
      } else throw new Error(`no CSV at ${at}: ${csv.slice(at, at + 30)}`);
    }
    rows.push(row);
  }
  return rows;
}
/** The rows of a file by the names in its header. */
export function table(csv: string): Record<string, string>[] {
  if (!csv.startsWith('\uFEFF')) throw new Error('the file has no byte order mark');
  const [header, ...rows] = parsed(csv.slice(1));
  return rows.map((row) => {
    if (row.length !== header!.length) throw new Error(`a row of ${row.length} cells, not ${header!.length}`);
    return Object.fromEntries(row.map((cell, i) => [header![i]!, cell]));
  });
}
