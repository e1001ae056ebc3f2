import { allow, bare, defineError, defineOperations, definePermission, lenient } from '@plinth/kit';
import { z } from 'zod';

// Decisions asked for by others: why one falls as it does, and AuthZEN.

export const explainAccess = definePermission('access:explain', 'See why someone may or may not do something, and what it would take');
export const evaluateAccess = definePermission('access:evaluate', 'Ask for decisions about others (AuthZEN)');

export const UnknownAction = defineError(
  'UNKNOWN_ACTION',
  422,
  'The action is neither a permission nor an operation, nor known to the type of the resource',
);

// ---- Explain

const ScopeShown = z.object({ type: z.string(), id: z.string().nullable() });
const Source = z.object({
  by: z.enum(['guest', 'role', 'grant']),
  id: z.uuid().nullable().describe('The assignment or the grant'),
  role: z.string().nullable(),
  permission: z.string().describe('What is granted of what was asked'),
  grants: z.array(z.string()).describe('The grants that match it'),
  scope: ScopeShown.nullable().describe('Null: everywhere'),
  expiresAt: z.string().nullable(),
});
const Condition = z.object({
  what: z.enum(['active', 'person', 'permission', 'permission-in-scope', 'ownership', 'key-scope']),
  permission: z.string().nullable(),
  scope: ScopeShown.nullable(),
  roles: z.array(z.string()).describe('Roles that would give it'),
});
export const Explanation = z.object({
  decisionId: z.string(),
  outcome: z.enum(['allowed', 'refused', 'depends']).describe('`depends`: on the row, and no resource was named'),
  reason: z.string().describe('The machine reason'),
  rule: z
    .object({ permission: z.string(), own: z.string().nullable(), scope: z.string().nullable(), fresh: z.string().nullable() })
    .nullable()
    .describe('Null: it takes no permission'),
  decidedBy: z.array(Source).describe('What gives it'),
  passedOver: z
    .array(Source.extend({ why: z.enum(['expired', 'other-scope', 'only-in-scope', 'key-scope']) }))
    .describe('What does not count'),
  needed: z.array(z.array(Condition)).describe('Ways to be allowed, each with all that it still lacks'),
});

// ---- AuthZEN

const Properties = z.record(z.string(), z.unknown()).optional();
const Name = z.string().min(1).max(500);
/** Subject and resource alike: what has a type and an id. */
const Entity = z.object({ type: Name, id: Name, properties: Properties });
const Action = z.object({ name: Name, properties: Properties });
const Context = z.record(z.string(), z.unknown()).optional();
/** One question, whole. */
export const Question = z.object({ subject: Entity, action: Action, resource: Entity, context: Context });
export type Question = z.output<typeof Question>;
export const MOST_QUESTIONS = 200;
export const Questions = z
  .object({
    subject: Entity.optional(),
    action: Action.optional(),
    resource: Entity.optional(),
    context: Context,
    // What is wrong with one of them is that one's answer.
    evaluations: z.array(z.record(z.string(), z.unknown())).max(MOST_QUESTIONS).optional(),
    options: z
      .looseObject({ evaluations_semantic: z.enum(['execute_all', 'deny_on_first_deny', 'permit_on_first_permit']).optional() })
      .optional(),
  })
  .superRefine(({ evaluations, ...question }, context) => {
    if (evaluations && evaluations.length > 0) return;
    for (const issue of Question.safeParse(question).error?.issues ?? [])
      context.addIssue({ code: 'custom', path: issue.path, message: issue.message });
  });
export type Questions = z.output<typeof Questions>;
export const Answer = z.object({ decision: z.boolean(), context: z.record(z.string(), z.unknown()).optional() });
export type Answer = z.output<typeof Answer>;
const Answers = z.object({ decision: z.boolean().optional(), context: Answer.shape.context, evaluations: z.array(Answer).optional() });
export const Metadata = z.object({
  policy_decision_point: z.string(),
  access_evaluation_endpoint: z.string(),
  access_evaluations_endpoint: z.string(),
});

const question = {
  subject: { type: 'user', id: '01990000-0000-7000-8000-0000000000aa' },
  action: { name: 'users:read' },
  resource: { type: 'users', id: '01990000-0000-7000-8000-0000000000bb' },
};

export const decisionOperations = defineOperations({
  explain: {
    method: 'GET',
    path: '/access/explain',
    summary: 'Why may someone do this, or what would it take?',
    access: allow(explainAccess),
    query: z.strictObject({
      user: z.uuid().describe('Whom it is about'),
      action: z
        .string()
        .min(1)
        .max(200)
        .describe('A permission (`orders:read`), an operation (`orders.cancel`), or what the type calls it'),
      resource: z
        .string()
        .max(600)
        .regex(/^[^:]+:.+$/s, 'is `type:id`')
        .optional()
        .describe('`order:ID`, `project:ID`'),
      scopes: z.string().max(2000).optional().describe('As if with an API key of these scopes, separated by commas'),
    }),
    reply: Explanation,
    errors: [UnknownAction],
  },
  evaluate: {
    method: 'POST',
    path: '/access/v1/evaluation',
    at: 'root',
    summary: 'May this subject do this? (AuthZEN 1.0)',
    description: 'For other services, with an API key. A refusal is a reply: `200` with `decision: false`.',
    access: allow(evaluateAccess),
    safe: true,
    body: lenient(Question),
    reply: bare(Answer),
    example: { body: question },
  },
  evaluateAll: {
    method: 'POST',
    path: '/access/v1/evaluations',
    at: 'root',
    summary: 'Many questions at once (AuthZEN 1.0)',
    description: `At most ${MOST_QUESTIONS}, answered in their order. Keys that a question leaves out are taken from the top. Without \`evaluations\` it answers one question.`,
    access: allow(evaluateAccess),
    safe: true,
    body: lenient(Questions),
    reply: bare(Answers),
    example: { body: { ...question, evaluations: [{}, { action: { name: 'users:manage' } }] } },
  },
  decisionPoint: {
    method: 'GET',
    path: '/.well-known/authzen-configuration',
    at: 'root',
    summary: 'Where decisions are asked for (AuthZEN 1.0)',
    access: 'public',
    reply: bare(Metadata),
  },
});
