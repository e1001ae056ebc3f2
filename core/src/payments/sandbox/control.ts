import { type Booked, SandboxError } from './book.ts';
import type { Parts } from './server.ts';

/**
 * Calls that go wrong: before they had an effect, or after. `hang`: no answer; `cut`: the connection breaks; `error`: 500;
 * `forbid`: 403, as with a key that was changed; `busy`: 409, the key is under way.
 */
export type Faults = { on: string; when: 'before' | 'after'; how: 'hang' | 'cut' | 'error' | 'forbid' | 'busy'; times: number }[];

/** What a test asks of it, and no provider would offer: faults, habits of delivery, disputes, its whole book. */
export async function control(
  { book, deliveries, faults, calls }: Parts,
  method: string,
  path: string,
  said: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const [, , what, id, action] = path.split('/');
  const call = `${method} ${what}${action ? ` ${action}` : ''}`;
  switch (call) {
    case 'GET book':
      return book.pages();
    case 'POST book':
      book.slip(said as unknown as Booked);
      return {};
    case 'GET calls':
      return calls;
    case 'POST faults':
      faults.push({ when: 'after', how: 'cut', times: 1, ...said } as Faults[number]);
      return faults;
    case 'POST heal':
      faults.length = 0;
      return {};
    case 'POST webhooks':
      deliveries.behave(said);
      return deliveries.habits;
    case 'GET webhooks':
      return deliveries.sent;
    case 'POST payments dispute':
      return book.dispute(id!, typeof said['reason'] === 'string' ? said['reason'] : undefined);
    case 'POST payments finish':
      return book.finish(id!, typeof said['failure'] === 'string' ? said['failure'] : null);
    case 'POST refunds fail':
      return book.failRefund(id!, typeof said['failure'] === 'string' ? said['failure'] : 'account_closed');
    case 'POST disputes close':
      return book.closeDispute(id!, said['outcome']);
    case 'POST webhooks resend': {
      const message = deliveries.sent.find((each) => each.id === id);
      if (!message) throw new SandboxError(404, 'message_unknown');
      return { status: await deliveries.send(message) };
    }
    default:
      throw new SandboxError(404, 'unknown_path');
  }
}
