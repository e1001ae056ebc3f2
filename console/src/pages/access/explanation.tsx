import type { operations } from '@plinth/client';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Badge, Card, Loaded, pageOf, ScopeName, Section, type Tone, useQuery, Value } from '../../kit/index.ts';

type Explanation = operations['access.explain']['responses'][200]['content']['application/json']['data'];
type Source = Explanation['decidedBy'][number];
type PassedOver = Explanation['passedOver'][number];
type Condition = Explanation['needed'][number][number];

const OUTCOMES: Readonly<Record<Explanation['outcome'], { readonly tone: Tone; readonly edge: string; readonly word: string }>> = {
  allowed: { tone: 'good', edge: 'border-l-good', word: 'Allowed' },
  refused: { tone: 'wrong', edge: 'border-l-wrong', word: 'Refused' },
  depends: { tone: 'busy', edge: 'border-l-accent', word: 'Depends' },
};
const REASONS: Readonly<Record<string, string>> = {
  guest: 'Nobody is signed in.',
  'no-role-grants': 'Nothing they hold gives this permission.',
  'only-in-scope': 'They hold it inside something, and this asks for it everywhere.',
  'key-scope': 'They may, but the API key may not.',
  'user-not-active': 'They are suspended or deleted.',
  'unknown-permission': 'No feature knows this permission.',
  'not-owner': 'It belongs to somebody else.',
};
const WHY: Readonly<Record<PassedOver['why'], string>> = {
  expired: 'is over',
  'other-scope': 'counts inside another thing',
  'only-in-scope': 'counts inside one thing only, and this asks for it everywhere',
  'key-scope': 'is more than the API key may',
};

/** A decision and its reasons, as the evaluator that decides requests gives them. */
export function ExplanationView({
  user,
  name,
  action,
  resource,
}: {
  user: string;
  name: string;
  action: string;
  resource?: string | undefined;
}) {
  const asked = useQuery('get', '/api/v1/access/explain', {
    params: { query: { user, action, ...(resource !== undefined && resource !== '' && { resource }) } },
  });
  return (
    <Loaded query={asked} rows={8}>
      {({ data }) => (
        <div aria-live="polite">
          <Verdict of={data} name={name} action={action} resource={resource} />
          {data.decidedBy.length > 0 && (
            <Reasons title={data.outcome === 'refused' ? 'What speaks for it' : 'What gives it'} mark="✓" tone="text-good">
              {data.decidedBy.map((source, index) => (
                <SourceLine key={source.id ?? index} source={source} />
              ))}
            </Reasons>
          )}
          {data.passedOver.length > 0 && (
            <Reasons title="What does not count" mark="–" tone="text-quiet">
              {data.passedOver.map((source, index) => (
                <SourceLine key={source.id ?? index} source={source} why={WHY[source.why]} />
              ))}
            </Reasons>
          )}
          {data.needed.length > 0 && <Ways ways={data.needed} />}
        </div>
      )}
    </Loaded>
  );
}

function Verdict({ of, name, action, resource }: { of: Explanation; name: string; action: string; resource?: string | undefined }) {
  const { tone, edge, word } = OUTCOMES[of.outcome];
  const may = { allowed: 'may', refused: 'may not', depends: 'may, where the rule holds for the thing,' }[of.outcome];
  return (
    <Card className={`border-l-4 p-4 ${edge}`}>
      <div className="flex flex-wrap items-center gap-3">
        <Badge tone={tone}>{word}</Badge>
        <p className="min-w-0 text-lg break-words">
          {name} {may} <code className="text-base">{action}</code>
          {resource && (
            <>
              {' '}
              on <code className="text-base break-all">{resource}</code>
            </>
          )}
        </p>
      </div>
      <p className="mt-2 text-sm">
        {of.outcome === 'allowed'
          ? 'Something they hold gives it.'
          : of.outcome === 'depends'
            ? 'The rule is about one thing: name it, and the answer is plain.'
            : (REASONS[of.reason] ?? of.reason)}
      </p>
      <p className="mt-2 text-sm text-quiet">
        {of.rule === null ? (
          'It takes no permission.'
        ) : (
          <>
            The rule wants <code>{of.rule.permission}</code>
            {of.rule.own !== null && (
              <>
                {' '}
                for what is one’s own, and <code>{of.rule.own}</code> for what is others’
              </>
            )}
            {of.rule.scope !== null && <>, everywhere or inside the {of.rule.scope}</>}
            {of.rule.fresh !== null && <>, and a proof of the last {of.rule.fresh}</>}.
          </>
        )}{' '}
        Decision <code>{of.decisionId}</code>, reason <code>{of.reason}</code>.
      </p>
    </Card>
  );
}
const Reasons = ({ title, mark, tone, children }: { title: string; mark: string; tone: string; children: ReactNode[] }) => (
  <Section title={title}>
    <Card>
      <ul className="divide-y divide-line text-sm">
        {children.map((child, index) => (
          <li key={index} className="flex gap-3 px-4 py-2.5">
            <span aria-hidden className={`w-3 shrink-0 font-semibold ${tone}`}>
              {mark}
            </span>
            <div className="min-w-0 break-words">{child}</div>
          </li>
        ))}
      </ul>
    </Card>
  </Section>
);
const RoleName = ({ role }: { role: string }) => (
  <Link {...pageOf(`/access/roles/${role}`)} className="text-accent underline underline-offset-2">
    {role}
  </Link>
);
const SourceLine = ({ source: { by, role, grants, permission, scope, expiresAt }, why }: { source: Source; why?: string }) => (
  <>
    {by === 'guest' ? 'Everybody' : role === null ? 'A permission given to them' : <>The role {<RoleName role={role} />}</>}
    {by !== 'guest' && (
      <>
        , <ScopeName scope={scope} />
      </>
    )}
    {expiresAt !== null && (
      <>
        , until <Value value={expiresAt} />
      </>
    )}{' '}
    {by === 'guest' ? 'has' : 'gives'} <code>{grants.join(', ')}</code>
    {!grants.includes(permission) && (
      <>
        {' '}
        and with it <code>{permission}</code>
      </>
    )}
    {why !== undefined && (
      <>
        : <strong className="font-medium">it {why}</strong>
      </>
    )}
  </>
);

function Ways({ ways }: { ways: readonly (readonly Condition[])[] }) {
  return (
    <Section title={ways.length === 1 ? 'What it would take' : `What it would take: one of ${ways.length} ways`}>
      <ol className="grid items-start gap-3 lg:grid-cols-2">
        {ways.map((way, index) => (
          <li key={index}>
            <Card className="p-4">
              {ways.length > 1 && <p className="mb-2 text-sm font-medium">Way {index + 1}</p>}
              <ul className="flex flex-col gap-2 text-sm">
                {way.map((condition, place) => (
                  <li key={place} className="flex gap-2">
                    <span aria-hidden className="text-quiet">
                      ○
                    </span>
                    <span className="min-w-0 break-words">
                      <Lacking of={condition} />
                    </span>
                  </li>
                ))}
              </ul>
            </Card>
          </li>
        ))}
      </ol>
    </Section>
  );
}
function Lacking({ of: { what, permission, scope, roles } }: { of: Condition }) {
  const by = roles.length > 0 && (
    <>
      : the role{' '}
      {roles.map((role, index) => (
        <span key={role}>
          {index > 0 && ' or '}
          <RoleName role={role} />
        </span>
      ))}
    </>
  );
  if (what === 'active') return 'They are restored';
  if (what === 'person') return 'Somebody signs in';
  if (what === 'ownership') return 'It is theirs';
  if (what === 'key-scope')
    return (
      <>
        The API key may <code>{permission}</code>
      </>
    );
  return (
    <>
      <code>{permission}</code> <ScopeName scope={what === 'permission-in-scope' ? scope : null} />
      {by}
    </>
  );
}
