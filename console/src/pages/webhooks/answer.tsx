import { Badge, type RowOf } from '../../kit/index.ts';

export type Delivery = RowOf<'/api/v1/webhooks/endpoints/{endpointId}/deliveries'>;

/** An HTTP status as good or wrong; null is no answer at all. */
export const Answer = ({ status }: { status: number | null }) =>
  status === null ? <Badge tone="wrong">no answer</Badge> : <Badge tone={status >= 200 && status < 300 ? 'good' : 'wrong'}>{status}</Badge>;
export const LastAnswer = ({ of: { last } }: { of: Delivery }) =>
  last === null ? (
    <span className="text-quiet">–</span>
  ) : (
    <span title={last.error ?? undefined}>
      <Answer status={last.status} />
    </span>
  );
