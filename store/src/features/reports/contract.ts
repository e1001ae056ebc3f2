import { defineError, defineJob, defineMail, defineOperations, file, Instant, paged, Paging } from '@plinth/kit';
import { z } from 'zod';
import { reportCancelled, reportDeleted, reportDownloaded, reportRequested, rules } from './facts.ts';

export * from './facts.ts';

/** How long a file is kept. */
export const FILE_DAYS = 7;
/** How long it is known that there was a report. */
export const REPORT_DAYS = 90;
/** Reports of one person that wait, run or have their file. */
export const MOST_KEPT = 10;
export const MOST_ROWS = 2_000_000;
export const MOST_BYTES = 512 * 1024 * 1024;

// ---- Shapes ---------------------------------------------------------------------------------------

const Kind = z.enum(['sales', 'inventory']);
export type Kind = z.output<typeof Kind>;
const State = z.enum(['waiting', 'running', 'done', 'failed', 'cancelled', 'expired']);
export type State = z.output<typeof State>;

/** Why there is no file, and what to do about it. */
export const FAILURES = {
  TOO_MANY_ROWS: `It would have more than ${MOST_ROWS.toLocaleString('en')} rows: ask for a shorter time`,
  TOO_LARGE: `It would be larger than ${MOST_BYTES / 1024 / 1024} MiB: ask for a shorter time`,
  NOT_PERMITTED: 'Whoever asked for it may not see these rows any more',
  STOPPED: 'Its job was stopped by an administrator, or gave up: ask for it again',
  BROKEN: 'The server could not make it, however often it tried: ask for it again later, or tell its operators the id',
} as const;
export type Failure = keyof typeof FAILURES;

export const Report = z
  .strictObject({
    id: z.uuid(),
    userId: z.uuid().describe('Who asked for it'),
    kind: Kind,
    format: z.enum(['csv']),
    from: z.string().nullable(),
    to: z.string().nullable(),
    rowsOf: z.enum(['everybody', 'owner']).describe('Sales of everybody, or those that its owner bought'),
    state: State,
    percent: z.int().describe('How far it is'),
    rows: z.int(),
    bytes: z.int(),
    failure: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
    createdAt: z.string(),
    startedAt: z.string().nullable(),
    finishedAt: z.string().nullable(),
    expiresAt: z.string().nullable().describe('When its file goes'),
  })
  .meta({ id: 'Report' });
export type Report = z.output<typeof Report>;

export const NewReport = z
  .strictObject({
    kind: Kind.describe('`sales`: lines of paid orders; `inventory`: products with their stock'),
    format: z.enum(['csv']).default('csv'),
    from: Instant.optional().describe('Sales: paid at this time or later'),
    to: Instant.optional().describe('Sales: paid before this time'),
  })
  .refine(({ kind, from, to }) => kind === 'sales' || (from ?? to) === undefined, {
    path: ['from'],
    message: 'An inventory is of the moment in which it is made',
  })
  .refine(({ from, to }) => from === undefined || to === undefined || Date.parse(from) < Date.parse(to), {
    path: ['to'],
    message: 'must be later than `from`',
  })
  .meta({ id: 'NewReport' });
export type NewReport = z.output<typeof NewReport>;

export const ReportFilter = Paging.extend({
  state: State.optional(),
  userId: z.uuid().optional().describe('Only this person’s'),
});
export type ReportFilter = z.output<typeof ReportFilter>;
const ReportId = z.strictObject({ reportId: z.uuid() });

// ---- Errors, mails and jobs ---------------------------------------------------------------------------

export const ReportNotFound = defineError('REPORT_NOT_FOUND', 404, 'There is no such report');
export const ReportNotReady = defineError('REPORT_NOT_READY', 409, 'The report has no file (yet): its state says why');
export const ReportEnded = defineError('REPORT_ENDED', 409, 'The report has ended: there is nothing to cancel');
export const ReportGone = defineError('REPORT_GONE', 410, `The file of the report was kept for ${FILE_DAYS} days: ask for it again`);
export const TooManyReports = defineError(
  'TOO_MANY_REPORTS',
  409,
  `You have ${MOST_KEPT} reports that wait, run or have their file: delete one first`,
);

export const readyMail = defineMail('reports.ready', z.object({ kind: Kind, rows: z.int(), link: z.string(), until: z.string() }), {
  title: 'Report ready',
  render: ({ kind, rows, link, until }) => ({
    subject: `Your ${kind} report is ready`,
    text: `It has ${rows} rows. Signed in, take it from\n\n${link}\n\nIt is kept until ${until}.\n`,
  }),
});
export const failedMail = defineMail('reports.failed', z.object({ kind: Kind, id: z.uuid(), reason: z.string() }), {
  title: 'Report failed',
  render: ({ kind, id, reason }) => ({
    subject: `Your ${kind} report could not be made`,
    text: `${reason}.\n\nThe report: ${id}\n`,
  }),
});

const OfReport = z.strictObject({ reportId: z.uuid() });
export const ATTEMPTS = 3;
export const buildReport = defineJob('reports.build', OfReport, {
  title: 'Make the file of a report',
  attempts: ATTEMPTS,
  timeoutSeconds: 1800,
  concurrency: 2,
  // Each holds a snapshot of the database.
  total: 2,
  perGroup: 1,
});
export const tellOwner = defineJob('reports.tell', OfReport, { title: 'Tell whose report it is that it ended' });
export const sweepReports = defineJob('reports.sweep', z.strictObject({}), {
  title: 'Drop files of reports that are past their time, end reports whose job is gone',
  total: 1,
  attempts: 1,
});

// ---- Operations -------------------------------------------------------------------------------------

const one = '/reports/:reportId';

export const operations = defineOperations({
  list: {
    method: 'GET',
    path: '/reports',
    summary: 'List reports, newest first',
    description: 'One’s own; with `reports:manage` everybody’s.',
    access: rules.read,
    query: ReportFilter,
    reply: paged(Report),
  },
  request: {
    method: 'POST',
    path: '/reports',
    summary: 'Ask for a report',
    description: `Made by a job, from one moment of the data. With \`orders:manage\` sales are everybody’s, else what one bought. At most ${MOST_ROWS.toLocaleString('en')} rows; kept for ${FILE_DAYS} days.`,
    access: rules.create,
    body: NewReport,
    status: 202,
    reply: Report,
    publishes: [reportRequested],
    errors: [TooManyReports],
    limit: { requests: 5, seconds: 60, by: 'caller' },
    example: { body: { kind: 'sales', from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' } },
  },
  get: { method: 'GET', path: one, summary: 'Get a report, and how far it is', access: rules.read, params: ReportId, reply: Report, errors: [ReportNotFound] }, // prettier-ignore
  download: {
    method: 'GET',
    path: `${one}/file`,
    summary: 'Download the file of a report',
    description:
      'CSV (RFC 4180) in UTF-8 with a byte order mark. A text that a spreadsheet would take for a formula begins with an apostrophe; amounts are decimals, with their currency beside them. Each download is recorded.',
    access: rules.read,
    params: ReportId,
    reply: file('text/csv; charset=utf-8'),
    publishes: [reportDownloaded],
    errors: [ReportNotFound, ReportNotReady, ReportGone],
  },
  cancel: {
    method: 'POST',
    path: `${one}/cancel`,
    summary: 'Cancel a report that waits or runs',
    description: 'Once more changes nothing.',
    access: rules.read,
    params: ReportId,
    reply: Report,
    publishes: [reportCancelled],
    errors: [ReportNotFound, ReportEnded],
  },
  delete: {
    method: 'DELETE',
    path: one,
    summary: 'Delete a report and its file',
    description: 'One that waits or runs ends.',
    access: rules.read,
    params: ReportId,
    status: 204,
    publishes: [reportDeleted],
    errors: [ReportNotFound],
  },
});
