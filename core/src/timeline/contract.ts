import { allow, defineError, defineEvent, defineOperations, definePermission } from '@plinth/kit';
import { z } from 'zod';
import { Query, Timeline } from './shapes.ts';

export const readTimeline = definePermission(
  'timeline:read',
  'Follow what led to what, as far as one may read facts, jobs, payments and webhooks',
);

export const NothingKnown = defineError('TIMELINE_NOT_FOUND', 404, 'Nothing is known of it, or you may not see it');

/** It shows facts, so that each look is recorded as each look into the audit log is (B148). */
export const timelineRead = defineEvent('timeline.read', z.object({ asked: z.record(z.string(), z.string()) }), {
  title: 'Timeline read',
});

export const operations = defineOperations({
  get: {
    method: 'GET',
    path: '/timeline',
    summary: 'What led to what: from a request, fact, job, delivery, order or payment',
    description:
      'Requests, facts, jobs and their runs, what providers were asked and said, deliveries, mails: each with the step that led to it. Of an order or ' +
      'a payment, and of a step of one, all requests that it went through. Each kind of step only as far as you may read it in its own place.',
    access: allow(readTimeline),
    query: Query,
    reply: Timeline,
    errors: [NothingKnown],
    publishes: [timelineRead],
    limit: { requests: 120, seconds: 60, by: 'caller' },
    example: { query: { subjectType: 'order', subjectId: '0199a3f0-0000-7000-8000-000000000000' } },
  },
});
