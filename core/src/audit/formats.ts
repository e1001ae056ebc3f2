import { csvLine } from '@plinth/kit';
import type { Entry } from './shapes.ts';

export type Format = 'ndjson' | 'csv';

const COLUMNS: readonly (readonly [name: string, of: (entry: Entry) => unknown])[] = [
  ['position', (entry) => entry.position],
  ['id', (entry) => entry.id],
  ['when', (entry) => entry.when],
  ['name', (entry) => entry.what.name],
  ['title', (entry) => entry.what.title],
  ['subjectType', (entry) => entry.what.subject?.type],
  ['subjectId', (entry) => entry.what.subject?.id],
  ['actor', (entry) => entry.who.actor],
  ['impersonator', (entry) => entry.who.impersonator],
  ['session', (entry) => entry.who.session],
  ['key', (entry) => entry.who.key],
  ['job', (entry) => entry.who.job],
  ['organization', (entry) => entry.who.organization],
  ['operation', (entry) => entry.where.operation],
  ['address', (entry) => entry.where.address],
  ['userAgent', (entry) => entry.where.userAgent],
  ['requestId', (entry) => entry.where.requestId],
  ['traceId', (entry) => entry.where.traceId],
  ['outcome', (entry) => entry.why.outcome],
  ['reason', (entry) => entry.why.reason],
  ['decisionId', (entry) => entry.why.decisionId],
  ['payload', (entry) => entry.what.payload],
  ['changes', (entry) => entry.what.changes],
  ['erased', (entry) => entry.erased],
];

const lineOf: Readonly<Record<Format, (entry: Entry) => string>> = {
  ndjson: (entry) => `${JSON.stringify(entry)}\n`,
  csv: (entry) => csvLine(COLUMNS.map(([, of]) => of(entry))),
};
const HEADER: Readonly<Record<Format, string>> = { ndjson: '', csv: `${COLUMNS.map(([name]) => name).join(',')}\r\n` };

const CHUNK = 16_384;
/** The file, some kilobytes at a time: the next are read when these were taken. */
export async function* written(entries: AsyncIterable<Entry>, format: Format): AsyncGenerator<string> {
  const line = lineOf[format];
  let text = HEADER[format];
  for await (const entry of entries) {
    text += line(entry);
    if (text.length < CHUNK) continue;
    yield text;
    text = '';
  }
  yield text;
}
