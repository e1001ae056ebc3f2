import { useHere } from '../here.tsx';
import type { Column } from '../resource/columns.ts';
import { Table } from '../resource/table.tsx';
import { Card, Notice } from '../ui.tsx';

/** Rows that are there already, as a table: of a reply that is short, or a part of one. */
export function Rows<Row extends object>({
  rows,
  columns,
  label,
  empty,
  hrefOf,
}: {
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  /** What they are, for whoever cannot see the table. */
  label: string;
  empty: string;
  hrefOf?: (row: Row) => string | undefined;
}) {
  if (rows.length === 0)
    return (
      <Card>
        <Notice title={empty} />
      </Card>
    );
  return (
    <Card className="overflow-hidden">
      <Table
        columns={columns as unknown as readonly Column[]}
        rows={rows as unknown as readonly Readonly<Record<string, unknown>>[]}
        hrefOf={(row) => hrefOf?.(row as unknown as Row)}
        label={label}
      />
    </Card>
  );
}
/** Whether whoever looks may call any of these: a column of acts that nobody may do is not shown. */
export function useMayAny(...ids: Parameters<ReturnType<typeof useHere>['allowed']>[0][]): boolean {
  const { allowed } = useHere();
  return ids.some((id) => allowed(id) !== undefined);
}
