import { Badge } from '../ui.tsx';
import { toneOf } from '../values.tsx';
import type { AnyListPath, RowOf } from './list.tsx';
import { List } from './list.tsx';
import { Person } from './person.tsx';

type Path = Extract<AnyListPath, '/api/v1/audit/events' | '/api/v1/organizations/{organizationId}/audit/events'>;
type Fact = RowOf<Path>;

/** What happened, of an audit log: when, what, who, and how it ended. */
export const Facts = ({
  of,
  params,
  fixed,
  title,
  linked = false,
}: {
  of: Path;
  params?: Readonly<Record<string, string>>;
  fixed?: Readonly<Record<string, string>>;
  title: string;
  /** Each has a page of its own. */
  linked?: boolean;
}) => (
  <List
    of={of}
    within
    title={title}
    {...(params && { params })}
    {...(fixed && { fixed })}
    filters={['name', 'outcome']}
    empty="Nothing happened yet"
    hrefOf={({ position }: Fact) => (linked ? `/audit/events/${position}` : undefined)}
    columns={[
      {
        name: 'what.title',
        title: 'What',
        cell: ({ what }: Fact) => <span title={what.name}>{what.title}</span>,
        text: ({ what }: Fact) => what.name,
      },
      {
        name: 'who.actor',
        title: 'Who',
        cell: ({ who }: Fact) =>
          who.actor === null ? (
            <span className="text-quiet">{who.job ?? 'nobody'}</span>
          ) : (
            <>
              {who.impersonator !== null && (
                <>
                  <Person id={who.impersonator} /> as{' '}
                </>
              )}
              <Person id={who.actor} />
            </>
          ),
        text: ({ who }: Fact) => who.actor ?? who.job ?? '',
      },
      { name: 'why.outcome', title: 'Outcome', cell: ({ why }: Fact) => <Badge tone={toneOf(why.outcome)}>{why.outcome}</Badge> },
      { name: 'why.reason', title: 'Why' },
      { name: 'where.address', title: 'From', hidden: true },
      { name: 'when', title: 'When' },
    ]}
  />
);
