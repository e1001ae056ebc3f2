import { split, toDecimal } from '@plinth/core';
import { csvLine, digits, type Runner } from '@plinth/kit';
import type { OrdersApi, SalesCursor, SoldRow } from '../orders/index.ts';
import type { Product, ProductsApi } from '../products/index.ts';
import type { ReportRow } from './repository.ts';

/** What a report is made of: read on one snapshot, and no more of it in memory than a page. */
export interface Source {
  readonly header: string;
  /** Things to read, counted up to so many: what progress is measured by. */
  count(on: Runner, report: ReportRow, most: number): Promise<number>;
  /** Lines of CSV, a row each, and of how many things they are. */
  pages(on: Runner, report: ReportRow): AsyncGenerator<Lines>;
}
export interface Lines {
  readonly lines: readonly string[];
  readonly things: number;
}
type Columns<Row> = readonly (readonly [name: string, of: (row: Row) => unknown])[];

/** An amount as a decimal number with the digits of its currency (ISO 4217). Of what is no currency it is not known how many those are: empty. */
function decimal(amount: number, currency: string): unknown {
  try {
    return digits(toDecimal({ amount, currency }));
  } catch {
    return null;
  }
}
const headerOf = <Row>(columns: Columns<Row>): string => `${columns.map(([name]) => name).join(',')}\r\n`;
const linesOf = <Row>(columns: Columns<Row>, rows: readonly Row[]): string[] =>
  rows.map((row) => csvLine(columns.map(([, of]) => of(row))));

// ---- Sales ------------------------------------------------------------------------------------------

/** Orders read at once; each has at most a hundred lines. */
const ORDERS_AT_ONCE = 200;
type Sold = SoldRow & { readonly refundedOfLine: number };
const SALES: Columns<Sold> = [
  ['order', (row) => row.number],
  ['state', (row) => row.state],
  ['paidAt', (row) => row.paidAt],
  ['fulfilledAt', (row) => row.fulfilledAt],
  ['customerId', (row) => row.ownerId],
  ['sku', (row) => row.sku],
  ['name', (row) => row.name],
  ['quantity', (row) => row.quantity],
  ['unitPrice', (row) => decimal(row.unitAmount, row.currency)],
  ['amount', (row) => decimal(row.unitAmount * row.quantity, row.currency)],
  ['refunded', (row) => decimal(row.refundedOfLine, row.currency)],
  ['currency', (row) => row.currency],
  ['orderId', (row) => row.orderId],
  ['productId', (row) => row.productId],
];
/** What went back of an order, over its lines by what they cost: their sum is that of the order (S17). */
function spread(lines: readonly SoldRow[]): Sold[] {
  const [{ total, refunded }] = lines as [SoldRow];
  const parts = total === 0 ? lines.map(() => 0) : split(refunded, lines.map(({ unitAmount, quantity }) => unitAmount * quantity)); // prettier-ignore
  return lines.map((line, i) => ({ ...line, refundedOfLine: parts[i]! }));
}
export const salesSource = ({ sales }: Pick<OrdersApi, 'sales'>): Source => {
  const queryOf = ({ ownerId, everybody, fromAt: from, toAt: to }: ReportRow) => ({ ownerId: everybody ? null : ownerId, from, to });
  return {
    header: headerOf(SALES),
    count: (on, report, most) => sales.count(on, queryOf(report), most),
    async *pages(on, report) {
      const query = queryOf(report);
      for (let after: SalesCursor | null = null; ;) {
        const rows: SoldRow[] = await sales.page(on, query, after, ORDERS_AT_ONCE);
        const last = rows.at(-1);
        if (!last) return;
        after = [last.paidAt, last.orderId];
        const orders = Map.groupBy(rows, ({ orderId }) => orderId);
        yield { lines: linesOf(SALES, [...orders.values()].flatMap(spread)), things: orders.size };
        if (orders.size < ORDERS_AT_ONCE) return;
      }
    },
  };
};

// ---- Inventory --------------------------------------------------------------------------------------

const PRODUCTS_AT_ONCE = 500;
const INVENTORY: Columns<Product> = [
  ['sku', (row) => row.sku],
  ['name', (row) => row.name],
  ['category', (row) => row.category],
  ['unitPrice', (row) => decimal(row.price.amount, row.price.currency)],
  ['currency', (row) => row.price.currency],
  ['stock', (row) => row.stock],
  ['reserved', (row) => row.stock - row.available],
  ['available', (row) => row.available],
  ['updatedAt', (row) => row.updatedAt],
  ['productId', (row) => row.id],
];
export const inventorySource = ({ inventory }: Pick<ProductsApi, 'inventory'>): Source => ({
  header: headerOf(INVENTORY),
  count: (on, _report, most) => inventory.count(on, most),
  async *pages(on) {
    for (let after = ''; ;) {
      const rows = await inventory.inventory(on, after, PRODUCTS_AT_ONCE);
      if (rows.length > 0) yield { lines: linesOf(INVENTORY, rows), things: rows.length };
      if (rows.length < PRODUCTS_AT_ONCE) return;
      after = rows.at(-1)!.sku;
    }
  },
});
