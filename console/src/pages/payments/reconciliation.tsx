import { Link } from '@tanstack/react-router';
import {
  buttonClass,
  Card,
  Figure,
  Loaded,
  NameValues,
  Notice,
  OperationButton,
  PageHead,
  pageOf,
  Section,
  time,
  useHere,
  useQuery,
} from '../../kit/index.ts';

export function Page() {
  const { allowed } = useHere();
  const query = useQuery('get', '/api/v1/payments/reconciliation');
  return (
    <>
      <PageHead
        title="Reconciliation"
        lead="Three books side by side: what the provider reports, what is booked, what payments hold. Each night by itself."
      >
        <OperationButton
          operation="payments.reconcile"
          kind="primary"
          submit="Compare"
          lead="The last seven days, up to a minute ago. A difference that has no case gets one; a case that is settled is closed."
          initial={{}}
          form={() => null}
          onDone={() => undefined}
        >
          Compare now
        </OperationButton>
        {allowed('payments.cases') && (
          <Link {...pageOf('/payments/cases')} search={{ state: 'open' }} className={buttonClass()}>
            Open cases
          </Link>
        )}
      </PageHead>
      <Loaded query={query} rows={8}>
        {({ data: { latest, openCases } }) => (
          <>
            <div className="mt-4 grid grid-cols-2 gap-3 lg:grid-cols-4">
              <Figure name="Open cases">{openCases.toLocaleString()}</Figure>
              <Figure name="Differences last time">{latest?.differences.toLocaleString() ?? '–'}</Figure>
              <Figure name="Movements compared">{latest?.movements.toLocaleString() ?? '–'}</Figure>
              <Figure name="Payments compared">{latest?.payments.toLocaleString() ?? '–'}</Figure>
            </div>
            <Section title="The last time">
              <Card>
                {latest === null ? (
                  <Notice title="It was never compared yet">It is done each night, or when you say so.</Notice>
                ) : (
                  <NameValues
                    of={[
                      ['Compared', time(latest.ranAt)],
                      ['Provider', latest.provider],
                      ['What moved from', time(latest.from)],
                      ['To', time(latest.to)],
                    ]}
                  />
                )}
              </Card>
            </Section>
          </>
        )}
      </Loaded>
    </>
  );
}
