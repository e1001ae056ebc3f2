import { userChannel } from '@plinth/core';
import { allow, defineEvent, definePermission } from '@plinth/kit';
import { z } from 'zod';
import { manageOrders } from '../orders/index.ts';

// Who may do what with reports, what happens to them, and who hears of it. Part of the contract.

/** Type of the resource, and the subject of facts. */
export const REPORT = 'report';

export const createReports = definePermission('reports:create', 'Take along, as a file, what one may see', ['member']);
export const manageReports = definePermission('reports:manage', 'See, cancel and delete the reports of everybody');
export const rules = {
  create: allow(createReports),
  read: allow(createReports, { own: manageReports }),
  /** Who sees the orders of everybody is given everybody’s sales. */
  sales: allow(createReports, { own: manageOrders }),
};

const Told = z.strictObject({
  reportId: z.uuid(),
  userId: z.uuid().describe('Whose report it is'),
  kind: z.string(),
  state: z.string(),
});
export type ToldOfReport = z.output<typeof Told>;

/** To whose report it is, wherever they are. */
const about = {
  subject: ({ reportId }: { reportId: string }) => [REPORT, reportId] as const,
  channels: ({ userId }: { userId: string }) => [userChannel({ userId })],
};
export const reportRequested = defineEvent(
  'reports.requested',
  Told.extend({ from: z.string().nullable(), to: z.string().nullable(), rowsOf: z.string() }),
  { ...about, title: 'Report asked for' },
);
export const reportDone = defineEvent('reports.done', Told.extend({ rows: z.int(), bytes: z.int() }), {
  ...about,
  title: 'Report made',
  public: true,
});
export const reportFailed = defineEvent('reports.failed', Told.extend({ failure: z.string() }), {
  ...about,
  title: 'Report failed',
  public: true,
});
export const reportCancelled = defineEvent('reports.cancelled', Told, { ...about, title: 'Report cancelled' });
export const reportExpired = defineEvent('reports.expired', Told, { ...about, title: 'File of a report dropped' });
export const reportDeleted = defineEvent('reports.deleted', Told, { ...about, title: 'Report deleted' });
export const reportDownloaded = defineEvent('reports.downloaded', Told, { ...about, title: 'Report downloaded' });
