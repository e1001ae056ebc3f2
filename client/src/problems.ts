import type { components, operations } from './generated/api.ts';

/** Why something failed, as RFC 9457 says it. Decide by `code`; `title` may be shown; `requestId` finds the log line. */
export type Problem = components['schemas']['Problem'];

/** Every way in which an operation may fail: `ProblemOf<'products.update'>`. */
export type ProblemOf<Id extends keyof Operations, Operations = operations> = Operations[Id] extends { responses: infer Responses }
  ? {
      [Status in keyof Responses]: Responses[Status] extends { content: { 'application/problem+json': infer P } } ? P : never;
    }[keyof Responses]
  : never;
/** The codes of these: `ErrorCode<'products.update'>` is `'PRODUCT_CHANGED' | 'SKU_TAKEN' | …`. */
export type ErrorCode<Id extends keyof Operations, Operations = operations> =
  ProblemOf<Id, Operations> extends { code: infer Code } ? Code : never;

/** A failure as something to throw. `error.problem` is what the server said. */
export class ApiError<P extends { code: string; title: string } = Problem> extends Error {
  readonly problem: P;
  constructor(problem: P) {
    super(`${problem.code}: ${problem.title}`);
    this.name = 'ApiError';
    this.problem = problem;
  }
  get code(): P['code'] {
    return this.problem.code;
  }
}

type Result<Data, P> = { data?: { data: Data } | undefined; error?: P; response: Response };
/**
 * The data of a reply without its envelope.
 * @throws ApiError with the problem, where there is one.
 */
export function unwrap<Data, P extends { code: string; title: string }>({ data, error }: Result<Data, P>): Data {
  if (error !== undefined) throw new ApiError(error);
  return data?.data as Data;
}

export const PROBLEM_TYPE = 'application/problem+json';
/** No status of HTTP says that there was no answer; what openapi-fetch reads as a failure must have one. */
const NO_ANSWER = 599;

const replyOf = (problem: Problem, status: number): Response =>
  new Response(JSON.stringify(problem), { status, headers: { 'content-type': PROBLEM_TYPE } });
/** Offline, cut, or silent for too long. Whether the server did what was asked is not known. */
export const unreachable = (): Response =>
  replyOf(
    {
      type: 'urn:plinth:client:unreachable',
      title: 'The server cannot be reached',
      status: 0,
      instance: '',
      code: 'UNREACHABLE',
      requestId: '',
    },
    NO_ANSWER,
  );
/** A failure that is no word of the server: of a proxy, or of something else that answers at this address. */
const unexpected = (response: Response): Response =>
  replyOf(
    {
      type: 'urn:plinth:client:unexpected-reply',
      title: `An unexpected answer came (${response.status})`,
      status: response.status,
      instance: '',
      code: 'UNEXPECTED_REPLY',
      requestId: response.headers.get('x-request-id') ?? '',
    },
    response.status,
  );

/** A reply whose failure is a problem, whoever answered. */
export function understood(response: Response): Response {
  if (response.ok || response.headers.get('content-type')?.startsWith(PROBLEM_TYPE)) return response;
  void response.body?.cancel();
  return unexpected(response);
}
export async function codeOf(response: Response): Promise<string | undefined> {
  if (!response.headers.get('content-type')?.startsWith(PROBLEM_TYPE)) return undefined;
  const { code } = (await response.clone().json()) as Problem;
  return code;
}
