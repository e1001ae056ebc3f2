import { allow, defineJob, defineOperations, definePermission } from '@plinth/kit';
import { z } from 'zod';

export const readMonitoring = definePermission('monitoring:read', 'See health, load and nodes');
export const readMails = definePermission('monitoring:read-mails', 'See the mails of the development mailbox');

// ---- Shapes -------------------------------------------------------------------------------------

const Milliseconds = z.number().nullable().describe('Milliseconds; null where nothing was answered');
export const Point = z.object({
  at: z.string().describe('When its time ends'),
  nodes: z.int().describe('Nodes that were heard'),
  requests: z.number().describe('Replies a second'),
  clientErrors: z.number().describe('Replies with 4xx a second'),
  serverErrors: z.number().describe('Replies with 5xx a second'),
  p50: Milliseconds,
  p95: Milliseconds,
  p99: Milliseconds,
  connections: z.int(),
  poolUsed: z.int().describe('Database connections in use'),
  poolWaiting: z.int().describe('Those that wait for one'),
  ready: z.int().nullable().describe('Jobs that could run; null where it was not counted'),
  oldestSeconds: z.number().nullable().describe('How long the oldest of them has waited'),
  dead: z.int().nullable().describe('Dead letters'),
  lagFacts: z.int().nullable().describe('Facts that have no position yet'),
  lagSeconds: z.number().nullable().describe('Age of the oldest of them'),
});
export type Point = z.output<typeof Point>;
const series = z.array(z.number().nullable()).describe('One for each point; null where the node was not heard');
export const NodeSeries = z.object({ node: z.uuid(), name: z.string(), loopDelayMs: series, memoryBytes: series, connections: series });
export type NodeSeries = z.output<typeof NodeSeries>;
export const Samples = z.object({
  stepSeconds: z.int().describe('Between two points'),
  points: z.array(Point).describe('The oldest first; a time in which no node was heard has no requests and no nodes'),
  nodes: z.array(NodeSeries).describe('The twenty that were heard last'),
});
export type Samples = z.output<typeof Samples>;

export const Node = z.object({
  node: z.uuid(),
  name: z.string().describe('Its machine and the id of its process'),
  state: z.enum(['up', 'silent']).describe('`silent`: not heard for 30 seconds; after five minutes it is not listed any more'),
  roles: z.array(z.string()),
  version: z.string(),
  startedAt: z.string(),
  lastAt: z.string().describe('When it was last heard'),
  silentSeconds: z.int().describe('Since then'),
  requests: z.number().describe('Replies a second'),
  loopDelayMs: z.number().describe('How late the event loop was, 99th percentile'),
  memoryBytes: z.int(),
  heapBytes: z.int(),
  connections: z.int(),
  subscriptions: z.int(),
  poolUsed: z.int(),
  poolWaiting: z.int(),
  poolMax: z.int(),
});
export type Node = z.output<typeof Node>;
export const Health = z.object({
  status: z.enum(['ok', 'failed']),
  checks: z
    .array(z.object({ name: z.string(), status: z.enum(['ok', 'failed']), ms: z.int().describe('What it took') }))
    .describe('Those of the node that answers, as `/health/ready` asks them'),
  name: z.string().describe('The node that answers'),
  version: z.string(),
  environment: z.string(),
  uptimeSeconds: z.int(),
  connections: z.int().describe('Realtime connections of all nodes'),
  subscriptions: z.int().describe('What they follow'),
  nodes: z.array(Node).describe('A hundred at most'),
});
export type Health = z.output<typeof Health>;

export const KeptMail = z.object({
  id: z.string(),
  at: z.string(),
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string().nullable().describe('Shown alone at `/dev/mailbox/{id}`, where no script of it runs'),
});
export type KeptMail = z.output<typeof KeptMail>;

const Minutes = z.coerce.number().int().min(1).max(60).default(15).describe('How far back; an hour at most');

// ---- Jobs, operations -------------------------------------------------------------------

export const cleanUp = defineJob('monitoring.clean-up', z.object({}), { title: 'Delete old samples of the load', concurrency: 1 });

export const operations = defineOperations({
  samples: {
    method: 'GET',
    path: '/monitoring/samples',
    summary: 'Load of all nodes over time',
    description: 'Every ten seconds, for an hour. The newest point is the last whole step.',
    access: allow(readMonitoring),
    query: z.strictObject({ minutes: Minutes }),
    reply: Samples,
    example: { query: { minutes: 15 } },
  },
  health: {
    method: 'GET',
    path: '/monitoring/health',
    summary: 'Checks, and the nodes that were heard',
    access: allow(readMonitoring),
    reply: Health,
  },
  mailbox: {
    method: 'GET',
    path: '/monitoring/mailbox',
    summary: 'Mails of the development mailbox, newest first',
    description:
      'Only a server without SMTP_URL has one, which is none in production. They are in memory of the node that would have sent them.',
    access: allow(readMails),
    reply: z.array(KeptMail),
  },
});
