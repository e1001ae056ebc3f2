import type { operations } from '@plinth/client';
import {
  Badge,
  buttonClass,
  Card,
  Code,
  CopyButton,
  json,
  Loaded,
  Moment,
  NameValues,
  Notice,
  OperationButton,
  PageHead,
  PageLink,
  type PageProps,
  Section,
  TimelineLink,
  toneOf,
  useHere,
  useOperation,
} from '../../kit/index.ts';
import { Answer } from './answer.tsx';
import { type Place, placeOf } from './place.ts';

type Delivery = operations['webhooks.delivery']['responses'][200]['content']['application/json']['data'];
const EVERY_MS = 2000;

/** One delivery: what is sent, and what each attempt was answered with. */
export function Page({ params: { endpointId = '', deliveryId = '', ...params } }: PageProps) {
  const place = placeOf(params);
  const ids = { ...place.params, endpointId, deliveryId };
  const delivery = useOperation(place.id('delivery'), {
    params: ids,
    query: { show: 'state' },
    watchMs: EVERY_MS,
    watched: ({ state }) => state === 'pending',
  });
  return (
    <Loaded query={delivery} rows={12}>
      {(data) => <One delivery={data} place={place} ids={ids} />}
    </Loaded>
  );
}
function One({ delivery, place, ids }: { delivery: Delivery; place: Place; ids: Readonly<Record<string, string>> }) {
  const { id, event, state, messageId, position, attempts, createdAt, nextAt, endedAt, log } = delivery;
  const endpoint = useOperation(place.id('get'), { params: ids }).data;
  const mayRead = useHere().allowed('audit.get') !== undefined && place.params['organizationId'] === undefined;
  return (
    <>
      <PageHead title={event} badge={<Badge tone={toneOf(state)}>{state}</Badge>} lead={endpoint?.url}>
        <OperationButton
          operation={place.id('replay')}
          params={ids}
          current={{ name: event }}
          kind="primary"
          lead="It is sent once more, under the same webhook-id."
          unless={endpoint?.status === 'disabled' && 'The endpoint is disabled'}
        >
          Replay
        </OperationButton>
        <TimelineLink of={{ deliveryId: id }} />
        {position !== null && mayRead && (
          <PageLink to={`/audit/events/${position}`} className={buttonClass()}>
            Entry {position}
          </PageLink>
        )}
      </PageHead>
      <Card className="mt-5">
        <NameValues
          of={[
            ['Attempts', String(attempts)],
            ['Queued', <Moment key="createdAt" at={createdAt} />],
            state === 'pending' && nextAt !== null ? ['Next attempt, not before', <Moment key="nextAt" at={nextAt} />] : null,
            endedAt === null ? null : ['Ended', <Moment key="endedAt" at={endedAt} />],
            [
              'webhook-id',
              <code key="message" className="text-xs break-all">
                {messageId}
              </code>,
            ],
            [
              'Id',
              <code key="id" className="text-xs">
                {id}
              </code>,
            ],
          ]}
        />
      </Card>
      <Section title="Attempts">
        <Card className="divide-y divide-line">
          {log.length === 0 ? <Notice title="None yet" /> : log.map((attempt) => <Attempt key={attempt.number} of={attempt} />)}
        </Card>
      </Section>
      <Request place={place} ids={ids} />
    </>
  );
}
/** What is sent: the same for each attempt. Each look is recorded, so it is read once. */
function Request({ place, ids }: { place: Place; ids: Readonly<Record<string, string>> }) {
  const whole = useOperation(place.id('delivery'), { params: ids, once: 'request' });
  return (
    <Loaded query={whole} rows={4}>
      {({ masked, request }) => (
        <Section title="Request" actions={request && <CopyButton text={request.body}>Copy the body</CopyButton>}>
          <Card className="p-3">
            {masked ? (
              <Notice title="Not shown">What webhooks of the server say takes the permission webhooks:read-payloads.</Notice>
            ) : request === null ? (
              <Notice title="Not there any more">The log has dropped what this delivery told of.</Notice>
            ) : (
              <>
                <Code label="Headers">
                  {[
                    ...Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`),
                    'webhook-timestamp: of each attempt',
                    'webhook-signature: v1,… of each attempt',
                  ].join('\n')}
                </Code>
                <div className="mt-3">
                  <Code label="Body">{json(JSON.parse(request.body))}</Code>
                </div>
              </>
            )}
          </Card>
        </Section>
      )}
    </Loaded>
  );
}
const Attempt = ({ of: { number, at, milliseconds, status, error, response } }: { of: Delivery['log'][number] }) => (
  <div className="px-4 py-3 text-sm">
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span className="w-8 text-quiet tabular-nums">{number}</span>
      <Answer status={status} />
      <span className="tabular-nums">{milliseconds.toLocaleString()} ms</span>
      <span className="text-quiet sm:ml-auto">
        <Moment at={at} />
      </span>
    </div>
    {error !== null && <p className="mt-1 break-words text-wrong">{error}</p>}
    {response && (
      <div className="mt-2">
        <Code label={`What attempt ${number} was answered`}>{response}</Code>
      </div>
    )}
  </div>
);
