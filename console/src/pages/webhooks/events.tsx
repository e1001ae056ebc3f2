import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Schema } from '../../contract.ts';
import { Card, CopyButton, Input, Loaded, Notice, PageHead, type RowOf, Section, useOperation } from '../../kit/index.ts';

type EventType = RowOf<'/api/v1/webhooks/events'>;

/** What endpoints may be subscribed to, by feature, with what each carries. */
export function Page() {
  const { q = '' } = useSearch({ strict: false }) as { readonly q?: string };
  const navigate = useNavigate();
  const events = useOperation('webhooks.events');
  return (
    <>
      <PageHead title="Webhook events" lead="An endpoint names them one by one, a feature's with orders.*, or all with *." />
      <search className="mt-4 block max-w-sm">
        <Input
          type="search"
          aria-label="Search events"
          placeholder="Search events"
          value={q}
          onChange={({ target }) => void navigate({ to: '.', search: target.value === '' ? {} : { q: target.value }, replace: true })}
        />
      </search>
      <Loaded query={events} rows={12}>
        {(all) => <Catalogue events={all} q={q.trim().toLowerCase()} />}
      </Loaded>
    </>
  );
}
function Catalogue({ events, q }: { events: readonly EventType[]; q: string }) {
  const found = events.filter(({ name, title }) => `${name} ${title}`.toLowerCase().includes(q));
  const features = [...new Set(found.map(({ name }) => featureOf(name)))].toSorted();
  if (found.length === 0) return <Notice title="No event is called so" />;
  return features.map((feature) => (
    <Section key={feature} title={feature} actions={<CopyButton text={`${feature}.*`}>{`Copy ${feature}.*`}</CopyButton>}>
      <Card className="divide-y divide-line">
        {found
          .filter(({ name }) => featureOf(name) === feature)
          .map((event) => (
            <OneEvent key={event.name} event={event} />
          ))}
      </Card>
    </Section>
  ));
}
const featureOf = (name: string): string => name.slice(0, name.indexOf('.'));

const OneEvent = ({ event: { name, title, payload } }: { event: EventType }) => {
  const { properties = {}, required = [] } = payload as Schema;
  return (
    <details className="px-4 py-3 text-sm">
      <summary className="break-words">
        <code>{name}</code> <span className="ml-2 text-quiet">{title}</span>
      </summary>
      <dl className="mt-3 flex flex-col gap-1.5 border-l-2 border-line pl-4">
        {Object.entries(properties).map(([field, schema]) => (
          <div key={field} className="flex flex-wrap gap-x-3">
            <dt>
              <code className="text-xs">{field}</code>
            </dt>
            <dd className="text-xs text-quiet">
              {typeName(schema)}
              {required.includes(field) ? '' : ', may be absent'}
              {schema.description !== undefined && ` · ${schema.description}`}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
};
/** `string`, `array of string`, `one of a, b`. */
function typeName(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return `one of ${schema.enum.join(', ')}`;
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return options.map(typeName).join(' or ');
  if (schema.type === 'array' && schema.items) return `array of ${typeName(schema.items)}`;
  const type = typeof schema.type === 'string' ? schema.type : (schema.type?.join(' or ') ?? 'anything');
  return schema.format === undefined ? type : `${type} (${schema.format})`;
}
