import type { paths } from '@plinth/client';
import { Card, Loaded, Notice, PageHead, Section, time, useHere, useQuery } from '@plinth/console/ui';
import { Link, useSearch } from '@tanstack/react-router';

type Mail = paths['/api/v1/monitoring/mailbox']['get']['responses'][200]['content']['application/json']['data'][number];
/** Milliseconds between two looks. */
const EVERY = 3000;

export function Page() {
  const here = useHere();
  if (!here.contract.operations.some(({ id }) => id === 'monitoring.mailbox'))
    return (
      <Notice title="Mails are really sent here">
        Only a server in development, without a mail server of its own (SMTP_URL), keeps what it would send.
      </Notice>
    );
  if (!here.allowed('monitoring.mailbox')) return <Notice title="You lack the permission for this." />;
  return <Mailbox />;
}

function Mailbox() {
  const mails = useQuery('get', '/api/v1/monitoring/mailbox', {}, { refetchInterval: EVERY });
  const { mail: chosen } = useSearch({ strict: false }) as { readonly mail?: string };
  return (
    <>
      <PageHead title="Mailbox" lead="What this server would have sent, newest first. Nothing was: SMTP_URL is not set." />
      <div className="mt-5">
        <Loaded query={mails} rows={10}>
          {({ data }) => {
            const mail = data.find(({ id }) => id === chosen) ?? data[0];
            if (!mail)
              return (
                <Card>
                  <Notice title="No mail yet">What the server would send appears here by itself.</Notice>
                </Card>
              );
            return (
              <div className="grid items-start gap-4 lg:grid-cols-[20rem_1fr]">
                <List mails={data} current={mail.id} />
                <Whole key={mail.id} mail={mail} />
              </div>
            );
          }}
        </Loaded>
      </div>
    </>
  );
}

const List = ({ mails, current }: { mails: readonly Mail[]; current: string }) => (
  <Card className="overflow-hidden">
    <ul aria-label="Mails" className="max-h-72 divide-y divide-line overflow-y-auto lg:max-h-[40rem]" tabIndex={0}>
      {mails.map(({ id, subject, to, at }) => (
        <li key={id}>
          <Link
            to="."
            search={{ mail: id }}
            replace
            resetScroll={false}
            aria-current={id === current ? 'true' : undefined}
            className="block px-4 py-2.5 text-sm hover:bg-page aria-[current=true]:bg-page"
          >
            <span className="block truncate font-medium">{subject}</span>
            <span className="block truncate text-quiet">{to}</span>
            <time dateTime={at} className="block text-xs text-quiet">
              {time(at)}
            </time>
          </Link>
        </li>
      ))}
    </ul>
  </Card>
);

const Whole = ({ mail: { id, subject, to, at, text, html } }: { mail: Mail }) => (
  <Card className="min-w-0 p-4">
    <h2 className="text-lg font-semibold break-words">{subject}</h2>
    <p className="text-sm break-words text-quiet">
      to {to} · {time(at)}
    </p>
    <p className="mt-4 text-sm break-words whitespace-pre-wrap">
      <Linked text={text} />
    </p>
    {html !== null && (
      <Section title="As HTML">
        {/* Its own policy lets nothing run, and nothing come from elsewhere. */}
        <iframe
          title={`HTML part of ${subject}`}
          src={`/dev/mailbox/${encodeURIComponent(id)}`}
          sandbox="allow-popups allow-popups-to-escape-sandbox"
          className="h-96 w-full rounded border border-line bg-white"
        />
      </Section>
    )}
  </Card>
);

/** Text whose http links can be followed; a full stop or bracket after one is not part of it. */
function Linked({ text }: { text: string }) {
  return text.split(/(https?:\/\/[^\s<>"'`]*[^\s<>"'`.,;:!?)\]}])/).map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      <a key={index} href={part} target="_blank" rel="noopener noreferrer" className="break-all text-accent underline underline-offset-2">
        {part}
      </a>
    ),
  );
}
