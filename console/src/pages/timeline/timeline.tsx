import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useId, useState } from 'react';
import { isProblem, useQuery } from '../../client.ts';
import { match } from '../../contract.ts';
import { type Here, useHere } from '../../here.tsx';
import { PageHead } from '../../kit/layout.tsx';
import { DOT, span, type TimelineStep, TimelineView } from '../../kit/timeline.tsx';
import { ProblemNotice } from '../../problems.tsx';
import { pageOf } from '../../resource/address.ts';
import { Button, Card, Input, Notice, Skeleton } from '../../ui.tsx';
import { toneOf } from '../../values.tsx';
import { type Line, type Step, type Timeline, treeOf } from './tree.ts';

type Query = Readonly<Record<string, string>>;
const ORIGINS = ['id', 'requestId', 'jobId', 'deliveryId', 'factId', 'position', 'subjectId'] as const;

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
/** What the address asks for; an address holds numbers too. */
function askedBy(search: Readonly<Record<string, unknown>>): Query | null {
  const name = ORIGINS.find((each) => search[each] !== undefined && search[each] !== '');
  if (name === undefined) return null;
  const type = name === 'subjectId' ? { subjectType: text(search['subjectType']) } : {};
  return { [name]: text(search[name]), ...type };
}

export function Page() {
  const asked = askedBy(useSearch({ strict: false }));
  const id = asked === null ? '' : (Object.values(asked)[0] ?? '');
  return (
    <>
      <PageHead
        title="Timeline"
        lead="What led to what: requests, facts, jobs, providers, webhooks and mails, from whichever of them you know."
      />
      <Card className="mt-6 p-4">
        <Search key={id} id={id} />
      </Card>
      {asked === null ? (
        <Notice title="Begin with an id">
          That of a request (every reply has one, and so has every error), of an order, a payment, a job, a delivery or an entry of the
          audit log.
        </Notice>
      ) : (
        <Found asked={asked} />
      )}
    </>
  );
}

function Search({ id }: { id: string }) {
  const [value, setValue] = useState(id);
  const field = useId();
  const navigate = useNavigate();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const wanted = value.trim();
    if (wanted !== '') void navigate({ ...pageOf('/timeline'), search: { id: wanted } });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3 sm:flex-row sm:items-end">
      <div className="min-w-0 flex-1">
        <label htmlFor={field} className="mb-1 block text-sm font-medium">
          Id
        </label>
        <Input
          id={field}
          value={value}
          onChange={(event) => setValue(event.target.value)}
          placeholder="Of a request, order, payment, job, delivery …"
          autoComplete="off"
          spellCheck={false}
          className="font-mono"
        />
      </div>
      <Button type="submit" kind="primary">
        Show
      </Button>
    </form>
  );
}

function Found({ asked }: { asked: Query }) {
  const here = useHere();
  // Each look is recorded: not again because a window came to the front.
  const { data, error, refetch } = useQuery(
    'get',
    '/api/v1/timeline',
    { params: { query: asked } },
    { refetchOnWindowFocus: false, staleTime: 60_000 },
  );
  if (data !== undefined) return <Chain timeline={data.data} here={here} onAgain={() => void refetch()} />;
  if (error === null) return <Skeleton rows={12} />;
  if (isProblem(error) && error.code === 'TIMELINE_NOT_FOUND')
    return (
      <Notice title="Nothing is known of it">
        Nothing was recorded under this id, it is no longer kept, or you may not see it. A request that changed nothing leaves no trace
        here.
      </Notice>
    );
  return <ProblemNotice error={error} onRetry={() => void refetch()} />;
}

const HIDDEN: Readonly<Record<keyof Timeline['shows'], string>> = {
  facts: 'facts',
  jobs: 'jobs and mails',
  payments: 'what providers were asked',
  webhooks: 'webhooks of the server',
};
function Chain({ timeline, here, onAgain }: { timeline: Timeline; here: Here; onAgain: () => void }) {
  const { steps, shows, cut, origin } = timeline;
  const hidden = (Object.keys(HIDDEN) as (keyof typeof HIDDEN)[]).filter((kind) => !shows[kind]).map((kind) => HIDDEN[kind]);
  const times = steps.map(({ at }) => Date.parse(at));
  const took = Math.max(...times) - Math.min(...times);
  return (
    <section className="mt-6" aria-label="What happened">
      <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
        <div className="min-w-0">
          <h2 className="text-lg font-semibold first-letter:uppercase">{origin.type.replaceAll('-', ' ')}</h2>
          <p className="font-mono text-xs break-all text-quiet">{origin.id}</p>
        </div>
        <div className="flex items-center gap-3">
          <span className="text-sm text-quiet">
            {steps.length} {steps.length === 1 ? 'step' : 'steps'} in {span(took)}
          </span>
          <Button onClick={onAgain}>Read again</Button>
        </div>
      </div>
      {cut && <p className="mb-3 text-sm text-quiet">There are more: the newest are shown.</p>}
      {hidden.length > 0 && <p className="mb-3 text-sm text-quiet">You may not see {hidden.join(', ')}.</p>}
      <Card className="px-4 py-1.5">
        <TimelineView label="Steps" steps={treeOf(steps).map((line) => shownAs(line, here, origin))} />
      </Card>
    </section>
  );
}

/** Only where this server has such a page. */
const pathOf = ({ contract }: Here, path: string | null | undefined): string | undefined =>
  path !== null && path !== undefined && match(contract, 'get', path) ? path : undefined;

function shownAs({ step, depth, run }: Line, here: Here, origin: Timeline['origin']): TimelineStep {
  const { id, at, kind, title, state, reference, subject } = step;
  const ofRequest = kind === 'request' && reference !== null && here.allowed('audit.search') !== undefined;
  return {
    id,
    at,
    kind,
    title,
    depth,
    marked: step.origin,
    // That a fact is one of success goes without saying.
    state:
      state === null || (kind === 'fact' && state === 'success')
        ? undefined
        : { name: state, tone: state === 'done' || state === 'sent' ? 'good' : toneOf(state) },
    href: ofRequest ? '/audit/events' : pathOf(here, reference?.path),
    search: ofRequest ? { requestId: reference.id } : undefined,
    note: <Note of={{ step, run }} thing={subject !== null && subject.id !== origin.id ? subject : null} here={here} />,
  };
}
function Note({ of: { step, run }, thing, here }: { of: Omit<Line, 'depth'>; thing: Step['subject']; here: Here }) {
  const { kind, title, name, detail, durationMs } = step;
  const took = run?.durationMs ?? (kind === 'job' || kind === 'webhook' ? null : durationMs);
  const words = [
    name === detail || name === null || title.endsWith(name) ? null : name,
    detail,
    run === null ? null : (run.detail ?? run.title),
    took === null ? null : `took ${span(took)}`,
  ].filter((word) => word !== null);
  return (
    <>
      {words.join(DOT)}
      {words.length > 0 && thing !== null && DOT}
      {thing !== null && <Thing thing={thing} path={pathOf(here, thing.path)} />}
    </>
  );
}
function Thing({ thing: { type, id }, path }: { thing: NonNullable<Step['subject']>; path: string | undefined }) {
  const name = `${type.replaceAll('-', ' ')} …${id.slice(-6)}`;
  if (path === undefined) return <span title={id}>{name}</span>;
  return (
    <Link {...pageOf(path)} title={id} className="underline underline-offset-2 hover:text-text">
      {name}
    </Link>
  );
}
