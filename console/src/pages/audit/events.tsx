import { useSearch } from '@tanstack/react-router';
import {
  Badge,
  Button,
  buttonClass,
  List,
  Moment,
  type OperationId,
  PageLink,
  Person,
  type RowOf,
  short,
  toneOf,
  useHere,
} from '../../kit/index.ts';
import { exportFlow } from './export.ts';

type Entry = RowOf<'/api/v1/audit/events'>;
const FILTERS = ['actor', 'name', 'subjectType', 'subjectId', 'organization', 'requestId', 'outcome', 'from', 'to'] as const;

/** Who, what, when, where and how it ended, of every change and every refusal. */
export const Page = () => (
  <List
    of="/api/v1/audit/events"
    title="Audit log"
    filters={FILTERS}
    ownExport
    actions={
      <>
        <ExportButton operation="audit.exportCsv" title="CSV" name="audit.csv" />
        <ExportButton operation="audit.exportNdjson" title="NDJSON" name="audit.ndjson" />
        <PageLink to="/audit/seal" className={buttonClass()}>
          Verify
        </PageLink>
      </>
    }
    columns={[
      { name: 'when', title: 'When', cell: ({ when }) => <Moment at={when} />, text: ({ when }) => when },
      { name: 'who', title: 'Who', cell: (entry) => <Who entry={entry} />, text: ({ who }) => who.actor ?? who.job ?? '' },
      { name: 'what.title', title: 'What', cell: ({ what }) => <span title={what.name}>{what.title}</span> },
      {
        name: 'what.subject',
        title: 'Subject',
        cell: ({ what: { subject } }) => (subject ? <Subject {...subject} /> : <span className="text-quiet">–</span>),
      },
      { name: 'where', title: 'Where', cell: ({ where }) => <Where {...where} /> },
      {
        name: 'why.outcome',
        title: 'Outcome',
        cell: ({ why }) => (
          <span title={why.reason ?? undefined}>
            <Badge tone={toneOf(why.outcome)}>{why.outcome}</Badge>
          </span>
        ),
      },
      { name: 'what.name', title: 'Event', hidden: true },
      { name: 'where.requestId', title: 'Request', hidden: true, cell: ({ where }) => short(where.requestId) },
      { name: 'position', title: 'Position', hidden: true },
    ]}
  />
);
function Who({ entry: { who } }: { entry: Entry }) {
  if (who.actor === null) return <span className="text-quiet">{who.job ?? 'nobody known'}</span>;
  return (
    <>
      <Person id={who.actor} />
      {who.impersonator !== null && (
        <span className="text-wrong">
          {' by '}
          <Person id={who.impersonator} />
        </span>
      )}
    </>
  );
}
const Subject = ({ type, id }: { type: string; id: string }) =>
  type === 'user' ? (
    <>
      <span className="text-quiet">user</span> <Person id={id} />
    </>
  ) : (
    <span title={id}>
      <span className="text-quiet">{type}</span> {short(id)}
    </span>
  );
const Where = ({ operation, address }: { operation: string; address: string | null }) => (
  <span title={operation}>
    {operation}
    {address !== null && <span className="text-quiet"> · {address}</span>}
  </span>
);

/** The log as the filters in the address leave it. */
function ExportButton({ operation: id, title, name }: { operation: OperationId; title: string; name: string }) {
  const search = useSearch({ strict: false }) as Readonly<Record<string, unknown>>;
  const operation = useHere().allowed(id);
  if (!operation) return null;
  const query = Object.fromEntries(
    FILTERS.flatMap((filter) => {
      const value = search[filter];
      return typeof value === 'string' || typeof value === 'number' ? [[filter, String(value)]] : [];
    }),
  );
  return (
    <Button title={operation.summary} onClick={() => void exportFlow(operation, query, name)}>
      {title}
    </Button>
  );
}
