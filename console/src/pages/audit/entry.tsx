import type { ReactNode } from 'react';
import {
  Badge,
  buttonClass,
  Card,
  Code,
  json,
  Loaded,
  NameValues,
  PageHead,
  PageLink,
  type PageProps,
  Person,
  type RowOf,
  Section,
  TimelineLink,
  toneOf,
  useOperation,
} from '../../kit/index.ts';

type Entry = RowOf<'/api/v1/audit/events'>;
type Row = readonly [string, ReactNode] | null;
const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });

/** One entry of the log, whole. Looking is itself recorded, so it is not read again by itself. */
export function Page({ params: { position = '' } }: PageProps) {
  const entry = useOperation('audit.get', { params: { position }, once: position });
  return (
    <Loaded query={entry} rows={12}>
      {(data) => <Whole entry={data} />}
    </Loaded>
  );
}

function Whole({ entry: { position, who, what, when, where, why, erased } }: { entry: Entry }) {
  const has = (name: string, value: string | null): Row => (value === null ? null : [name, value]);
  const person = (name: string, id: string | null): Row => (id === null ? null : [name, <Person key={name} id={id} link />]);
  return (
    <>
      <PageHead
        title={what.title}
        badge={<Badge tone={toneOf(why.outcome)}>{why.outcome}</Badge>}
        lead={
          <>
            <time dateTime={when}>{EXACT.format(new Date(when))}</time> · entry {position}
          </>
        }
      >
        <TimelineLink of={{ requestId: where.requestId }} />
        <PageLink to="/audit/events" search={{ requestId: where.requestId }} className={buttonClass()}>
          Same request
        </PageLink>
        {what.subject && (
          <PageLink to="/audit/events" search={{ subjectType: what.subject.type, subjectId: what.subject.id }} className={buttonClass()}>
            Trail of the {what.subject.type.replaceAll('-', ' ')}
          </PageLink>
        )}
        {who.actor !== null && (
          <PageLink to="/audit/events" search={{ actor: who.actor }} className={buttonClass()}>
            Same actor
          </PageLink>
        )}
      </PageHead>
      {what.changes && Object.keys(what.changes).length > 0 && (
        <Section title="What changed">
          <Changes of={what.changes} />
        </Section>
      )}
      <div className="mt-6 grid items-start gap-4 lg:grid-cols-2">
        <Card>
          <NameValues
            of={[
              person('Actor', who.actor),
              person('Impersonated by', who.impersonator),
              has('Job', who.job),
              who.organization === null
                ? null
                : [
                    'Organization',
                    <PageLink key="organization" to={`/organizations/${who.organization}`}>
                      {who.organization}
                    </PageLink>,
                  ],
              has('Session', who.session),
              has('API key', who.key),
              what.subject && [
                'Subject',
                what.subject.type === 'user' ? <Person key="subject" id={what.subject.id} /> : `${what.subject.type} ${what.subject.id}`,
              ],
              ['Event', what.name],
              has('Reason', why.reason),
              has('Decision', why.decisionId),
              erased ? ['Personal data', 'erased'] : null,
            ]}
          />
        </Card>
        <Card>
          <NameValues
            of={[
              ['Operation', where.operation],
              ['Request', where.requestId],
              has('Trace', where.traceId),
              has('Address', where.address),
              has('User agent', where.userAgent),
            ]}
          />
        </Card>
      </div>
      <Section title="Payload">
        <Card className="p-3">
          <Code label="Payload">{json(what.payload)}</Code>
        </Card>
      </Section>
    </>
  );
}

/** Each field before and after, side by side. */
const Changes = ({ of }: { of: NonNullable<Entry['what']['changes']> }) => (
  <Card className="divide-y divide-line overflow-hidden text-sm">
    {Object.entries(of).map(([field, { before, after }]) => (
      <div key={field} className="grid gap-2 px-4 py-3 lg:grid-cols-[12rem_1fr_1fr]">
        <p className="font-medium break-words">{field}</p>
        <Side name="Before" value={before} tone="border-wrong/40" />
        <Side name="After" value={after} tone="border-good/40" />
      </div>
    ))}
  </Card>
);
const Side = ({ name, value, tone }: { name: string; value: unknown; tone: string }) => (
  <div className={`min-w-0 rounded border-l-2 bg-page px-3 py-1.5 ${tone}`}>
    <p className="text-xs text-quiet">{name}</p>
    {value === null || value === undefined ? (
      <p className="text-quiet">none</p>
    ) : value === '' ? (
      <p className="text-quiet">empty</p>
    ) : (
      <p className="break-words whitespace-pre-wrap">{typeof value === 'string' ? value : json(value)}</p>
    )}
  </div>
);
