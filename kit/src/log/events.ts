import { z } from 'zod';
import { defineEvent } from '../definitions.ts';

// Facts that the log itself tells.

const RefusedPayload = z.object({ code: z.string(), account: z.string().nullable(), count: z.int() });
export const refused = defineEvent('log.refused', RefusedPayload, {
  title: 'Request refused',
  subject: ({ account, code }) => (account === null ? ['error', code] : ['user', account]),
});
/** What came too fast to be told one by one. */
export const refusalsOverflowed = defineEvent('log.refusals-overflowed', z.object({ count: z.int() }), {
  title: 'Refusals not recorded one by one',
});
/** A key that signs the heads of the log took the place of another. */
export const headKeyCreated = defineEvent('log.head-key-created', z.object({ kid: z.string() }), {
  title: 'Key that signs the log created',
  subject: ({ kid }) => ['head-key', kid],
});
