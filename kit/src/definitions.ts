import type { z } from 'zod';

// A permission, event, job, channel or error is an exported constant: you use it by importing it, so rename,
// find-usages and the compiler keep working. Names begin with their feature (`orders:read`, `orders.placed`).

/** A right to do something, declared in code only; which roles hold it changes at run time. */
export interface Permission {
  readonly kind: 'permission';
  readonly name: string;
  readonly title: string;
  /** Roles that hold it when it is first seeded. */
  readonly roles: readonly string[];
}

/** @param name `resource:action`. @param roles seeded holders; `admin` holds every permission anyway. */
export const definePermission = (name: string, title: string, roles: readonly string[] = ['admin']): Permission => {
  if (!/^[a-z][a-z0-9-]*(:[a-z][a-z0-9-]*)+$/.test(name)) throw new Error(`permission '${name}' is not of the form resource:action`);
  return Object.freeze({ kind: 'permission', name, title, roles });
};

export interface ChannelOptions<Name extends string = string> {
  /** The placeholder with the id of the user whose channel it is: nobody else gets in, or who holds the `own` permission of the rule. */
  readonly owner?: Name;
  /** The placeholder with the id of the scope that the rule names. Default: the type and `Id`: `projectId` for `scope: 'project'`. */
  readonly scope?: Name;
  /** Who may send messages through it, from a socket; they are in no log. Absent: nobody. */
  readonly publish?: Access;
  /** Who follows it may see who else does. */
  readonly presence?: true;
}
/** A named stream of facts that sockets may follow: `project:{projectId}`. Access is checked at each subscription. */
export interface Channel<Params extends Record<string, string> = Record<string, string>> {
  (params: Params): string;
  readonly kind: 'channel';
  readonly pattern: string;
  readonly access: Access;
  readonly options: ChannelOptions;
}

// oxlint-disable-next-line typescript/no-explicit-any -- variance: it takes its own names only
export type AnyChannel = Channel<any>;

type NamesOf<Pattern extends string> = Pattern extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesOf<Rest> : never;
type ParamsOf<Pattern extends string> = { [K in NamesOf<Pattern>]: string };

/** @param pattern literal text with `{name}` placeholders. @param access who may follow it. */
export function defineChannel<const Pattern extends string>(
  pattern: Pattern,
  access: Access,
  options: ChannelOptions<NamesOf<Pattern>> = {},
): Channel<ParamsOf<Pattern> & Record<string, string>> {
  const fill = (params: Record<string, string>): string => pattern.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '');
  return Object.assign(fill, { kind: 'channel' as const, pattern, access, options });
}

/** What a subject is: its type and its id, as search and per-resource trails name it. */
export type Subject = readonly [type: string, id: string];

export interface EventOptions<Payload> {
  readonly title: string;
  readonly subject?: (payload: Payload) => Subject;
  /**
   * What this is a step of, where that goes on from request to request and over subjects: the order, for a step of the order and for one
   * of its payment. The timeline follows it.
   */
  readonly thread?: (payload: Payload) => Subject;
  /** Webhooks may be subscribed to it. Private unless said. */
  readonly public?: boolean;
  readonly channels?: (payload: Payload) => readonly string[];
  /** Cache tags that this fact makes stale, on every node. */
  readonly tags?: (payload: Payload) => readonly string[];
  /** The fields whose before and after audit readers may see: an allow-list. */
  readonly changes?: z.ZodObject;
}

export interface Event<Payload = never> extends EventOptions<Payload> {
  readonly kind: 'event';
  readonly name: string;
  readonly payload: z.ZodType<Payload>;
}
// `any` here is variance, not ignorance: an Event<P> is consumed (subject) and produced (payload) at once.
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyEvent = Event<any>;

/** @param name `feature.past-tense`. @param payload all that webhooks and realtime will ever see of it. */
export const defineEvent = <Payload>(name: string, payload: z.ZodType<Payload>, options: EventOptions<Payload>): Event<Payload> => {
  if (!/^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/.test(name)) throw new Error(`event '${name}' is not of the form feature.past-tense`);
  return Object.freeze({ kind: 'event', name, payload, ...options });
};

const PERSONAL = 'plinthPersonal';
/** Marks a field of a payload or of `changes` as personal data: kept apart from the sealed row, erasable. */
export const personal = <S extends z.ZodType>(schema: S): S => schema.meta({ ...schema.meta(), [PERSONAL]: true });
export const isPersonal = (schema: z.ZodType): boolean => schema.meta()?.[PERSONAL] === true;

/** At most `max` starts in any `seconds`, over all nodes. */
export interface JobRate {
  readonly max: number;
  readonly seconds: number;
}
export interface JobOptions {
  readonly title?: string;
  /** How often it is tried in all, first run included. Default 5. */
  readonly attempts?: number;
  /** First retry after this many seconds, then doubling with jitter. Default 5. */
  readonly backoffSeconds?: number;
  /** A run that takes longer counts as failed. Default 300. */
  readonly timeoutSeconds?: number;
  /** Runs at the same time on one node. Default 4. */
  readonly concurrency?: number;
  /** Runs at the same time on all nodes together. Default: no limit. */
  readonly total?: number;
  /** Runs at the same time on all nodes together that share a `group`. Default: no limit. */
  readonly perGroup?: number;
  /** Starts within a time, on all nodes together; a retry is a start. At most 1000. Default: no limit. */
  readonly rate?: JobRate;
}
export interface Job<Payload = never> extends Required<Omit<JobOptions, 'total' | 'perGroup' | 'rate'>> {
  readonly kind: 'job';
  readonly name: string;
  readonly total: number | null;
  readonly perGroup: number | null;
  readonly rate: JobRate | null;
  readonly payload: z.ZodType<Payload>;
}
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyJob = Job<any>;

export const defineJob = <Payload>(name: string, payload: z.ZodType<Payload>, options: JobOptions = {}): Job<Payload> => {
  if (!/^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/.test(name)) throw new Error(`job '${name}' is not of the form feature.verb-noun`);
  for (const [limit, value] of Object.entries({ ...options, ...options.rate, backoffSeconds: 1 }))
    if (typeof value === 'number' && !(value > 0)) throw new Error(`job '${name}': ${limit} must be more than 0`);
  if (options.rate && options.rate.max > 1000) throw new Error(`job '${name}': a rate counts at most 1000 starts`);
  return Object.freeze({
    kind: 'job',
    title: name,
    attempts: 5,
    backoffSeconds: 5,
    timeoutSeconds: 300,
    concurrency: 4,
    total: null,
    perGroup: null,
    rate: null,
    ...options,
    name,
    payload,
  });
};

// ---- Access rules ------------------------------------------------------------------------------

/** How old a proof may be: '10m', '1h'. */
export type Duration = `${number}${'s' | 'm' | 'h'}`;
export interface AllowOptions {
  /** Without this permission the caller sees only rows of their own. */
  readonly own?: Permission;
  /**
   * The permission also counts when held inside the row's scope: `scope: 'project'`. Where the path names the scope
   * (`/projects/:projectId/…`), it must be held inside that one, and who is no part of it gets 404.
   */
  readonly scope?: string;
  /** The session must have proved a factor at most this long ago (RFC 9470): '10m', '1h'. */
  readonly fresh?: Duration;
}
export interface Allow extends AllowOptions {
  readonly kind: 'allow';
  readonly permission: Permission;
}
/** Every person who is signed in and has proved it lately: what one does to one's own account. */
export interface SignedInLately {
  readonly kind: 'signed-in';
  readonly fresh: Duration;
}
/** `'signed-in'` is a person in a session: API keys act by permission only. */
export type Access = 'public' | 'signed-in' | SignedInLately | Allow;
export const allow = (permission: Permission, options: AllowOptions = {}): Allow =>
  Object.freeze({ kind: 'allow', permission, ...options });

/** A signed-in person whose session proved a factor at most this long ago (RFC 9470). */
export const fresh = (maxAge: Duration): SignedInLately => Object.freeze({ kind: 'signed-in', fresh: maxAge });
/** The rule about a permission, where there is one. */
export const ruleOf = (access: Access): Allow | null => (typeof access === 'object' && access.kind === 'allow' ? access : null);
/** The path parameter that says inside which scope a rule is asked: `organizationId` for `organization`, where the path has it. */
export const scopeParamOf = (access: Access, path: string): string | undefined => {
  const scope = ruleOf(access)?.scope;
  const param = scope === undefined ? '' : `${scope.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())}Id`;
  return param !== '' && path.split('/').includes(`:${param}`) ? param : undefined;
};
/** How old the proof behind the session may be, where it matters. */
export const maxAgeOf = (access: Access): Duration | undefined => (typeof access === 'object' ? access.fresh : undefined);

// ---- Errors ------------------------------------------------------------------------------------

export interface ErrorOptionsOf {
  /** Messages by field path, shown to the client. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}
/** An expected outcome that is not success: its code is stable, its message is safe to show. */
export class AppError extends Error {
  readonly code: string;
  readonly status: number;
  /** For the log line only; never sent. */
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly fields: Readonly<Record<string, string>> | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;
  constructor(code: string, status: number, message: string, details?: Readonly<Record<string, unknown>>, options: ErrorOptionsOf = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = code;
    this.code = code;
    this.status = status;
    this.details = details;
    this.fields = options.fields;
    this.headers = options.headers;
  }
}
export interface AppErrorClass {
  readonly kind: 'error';
  readonly code: string;
  readonly status: number;
  readonly message: string;
  /** The database constraints whose violation is this error, in any operation that declares it. */
  readonly constraint: string | readonly string[] | undefined;
  /** Operations of other features declare it: those that use what throws it. */
  readonly lent: boolean;
  new (details?: Readonly<Record<string, unknown>>, options?: ErrorOptionsOf): AppError;
}
/**
 * @param code stable, SCREAMING_SNAKE. @param message a sentence that is safe to show and says how to mend it.
 * @param options.lent for a part that operations of other features use: they declare it.
 * @param options.constraint name of the Postgres constraint (or several) that guards this rule: its violation becomes this error.
 */
export function defineError(
  code: string,
  status: number,
  message: string,
  options: { readonly constraint?: string | readonly string[]; readonly lent?: true } = {},
): AppErrorClass {
  return class extends AppError {
    static readonly kind = 'error';
    static readonly code = code;
    static readonly status = status;
    static readonly message = message;
    static readonly constraint = options.constraint;
    static readonly lent = options.lent === true;
    constructor(details?: Readonly<Record<string, unknown>>, more?: ErrorOptionsOf) {
      super(code, status, message, details, more);
    }
  };
}
