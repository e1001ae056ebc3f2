import type { Caller, Config, Logger } from '@plinth/kit';
import { Question, type Answer, type Questions } from './contract.ts';
import { principalOf, type Judge, type Subjects, type Verdict } from './judge.ts';

interface Deps {
  readonly config: Pick<Config, 'baseUrl'>;
  readonly logger: Logger;
  readonly judge: Judge;
  readonly subjects: Subjects;
}
type Found = Awaited<ReturnType<Subjects['find']>>;
type Find = (subject: Question['subject']) => Promise<Found>;

/** The point where other services ask for decisions: OpenID AuthZEN Authorization API 1.0. */
export class AuthzenService {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  metadata() {
    const { baseUrl } = this.#deps.config;
    return {
      policy_decision_point: baseUrl,
      access_evaluation_endpoint: `${baseUrl}/access/v1/evaluation`,
      access_evaluations_endpoint: `${baseUrl}/access/v1/evaluations`,
    };
  }

  evaluate(caller: Caller, question: Question): Promise<Answer> {
    return this.#answer(caller, question, this.#find);
  }

  /** Each question has an answer of its own, also when it was asked before (B102). */
  async evaluateAll(caller: Caller, { evaluations = [], options, ...defaults }: Questions) {
    if (evaluations.length === 0) return this.evaluate(caller, defaults as Question); // the contract has seen that it is whole
    const semantic = options?.evaluations_semantic ?? 'execute_all';
    const find = remembering(this.#find);
    const answers: Answer[] = [];
    for (const evaluation of evaluations) {
      const whole = Question.safeParse({ ...defaults, ...evaluation });
      const answer = whole.success
        ? await this.#answer(caller, whole.data, find)
        : { decision: false, context: { error: { status: 400, message: whole.error.issues.map(described).join('; ') } } };
      answers.push(answer);
      if (semantic === 'deny_on_first_deny' && !answer.decision) break;
      if (semantic === 'permit_on_first_permit' && answer.decision) break;
    }
    return { evaluations: answers };
  }

  readonly #find: Find = ({ properties = {}, ...subject }) => this.#deps.subjects.find({ ...subject, properties });

  async #answer(caller: Caller, { subject, action, resource }: Question, find: Find): Promise<Answer> {
    const { id, outcome, reason } = await this.#verdict(caller, { subject, action, resource }, find);
    if (outcome === 'allowed') return { decision: true };
    this.#deps.logger.info(
      { decisionId: id, subject: subject.id, action: action.name, resourceType: resource.type, reason, askedBy: caller.userId },
      'decision refused',
    );
    return { decision: false, context: { id, reason } };
  }
  async #verdict(caller: Caller, { subject, action, resource }: Omit<Question, 'context'>, find: Find): Promise<Verdict> {
    const { judge } = this.#deps;
    const found = await find(subject);
    if ('refused' in found) return { id: judge.newId(), outcome: 'refused', reason: found.refused };
    const asked = await judge.read(
      { name: action.name, properties: action.properties ?? {} },
      { type: resource.type, id: resource.id, properties: resource.properties ?? {} },
    );
    if (typeof asked === 'string') return { id: judge.newId(), outcome: 'refused', reason: asked };
    return judge.decide(principalOf(found.userId), asked, caller.origin);
  }
}

/** One look-up a subject and request: questions of one batch mostly share it. Their properties may tell them apart. */
function remembering(find: Find): Find {
  const known = new Map<string, Promise<Found>>();
  return (subject) => {
    const key = JSON.stringify([subject.type, subject.id, subject.properties ?? null]);
    const found = known.get(key) ?? find(subject);
    known.set(key, found);
    return found;
  };
}
const described = ({ path, message }: { readonly path: readonly PropertyKey[]; readonly message: string }): string =>
  `${path.map(String).join('.')}: ${message}`;
