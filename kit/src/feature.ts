import type { AccessDoor, Caller, Principal } from './caller.ts';
import { type AnyEvent, type AnyJob, type AppErrorClass, type Channel, type Event, type Job, type Permission } from './definitions.ts';
import type { Tx } from './database/transaction.ts';
import type { Kit } from './kit.ts';
import type { Fact } from './log/fact.ts';
import type { AnyMailTemplate } from './mail/templates.ts';
import type { NamedResource, NamedSubject } from './naming.ts';
import type { AnyHandler, Controller, Operation, Operations } from './operation.ts';
import type { JobRun } from './jobs/jobs.ts';
import type { JobOutput } from './jobs/outcomes.ts';

/** What a request proves itself with. `key` is a long-lived API key; the others are access tokens. */
export interface Credentials {
  readonly from: 'authorization' | 'header' | 'cookie' | 'key';
  readonly token: string;
}
/** Who is calling and whether they may: exactly one feature provides each part. */
export interface Door extends AccessDoor {
  /** Answers at once for a token already verified; null: not valid here. */
  authenticate(credentials: Credentials): Principal | null | Promise<Principal | null>;
  /** What sockets watch between two questions. Absent: they ask `authenticate` every second. */
  readonly standing?: Standing;
}
/** How accepted credentials stand, from memory: neither asks anybody, nor counts as a use. */
export interface Standing {
  /** Monotonic milliseconds until when they hold by their own word; undefined: not known. */
  until(credentials: Credentials): number | undefined;
  /** Whether they or their user may have ended since this monotonic time: then ask. */
  endedSince(principal: Principal, since: number): boolean;
}

// ---- Reactions --------------------------------------------------------------------------------

export type Handler =
  | {
      readonly kind: 'handle';
      readonly event: AnyEvent;
      readonly name: string;
      readonly key: ((fact: Fact<never>) => string) | undefined;
      readonly run: (tx: Tx, fact: Fact<never>, caller: Caller) => Promise<unknown>;
    }
  | {
      readonly kind: 'during';
      readonly event: AnyEvent;
      readonly name: string;
      readonly run: (tx: Tx, fact: DuringFact<never>, caller: Caller) => Promise<unknown>;
    }
  | { readonly kind: 'perform'; readonly job: AnyJob; readonly run: (payload: never, run: JobRun) => Promise<JobOutput | void> }
  | {
      readonly kind: 'schedule';
      readonly job: AnyJob;
      readonly cron: string;
      readonly timezone: string;
      readonly missed: MissedPolicy;
      readonly payload: unknown;
    };

/** What a schedule owes for times at which no worker ran: one run for the latest, one for each, or none. */
export type MissedPolicy = 'once' | 'each' | 'skip';
export interface ScheduleOptions {
  /** IANA name. Default UTC. */
  readonly timezone?: string;
  /** Default `once`. `each` runs at most 1000 of them, the oldest first. */
  readonly missed?: MissedPolicy;
}

/** A fact that has no position yet: its transaction is still open. */
export type DuringFact<P> = Omit<Fact<P>, 'position'>;

/**
 * Reacts to a committed fact, as a job with retries. The kit opens `tx`, records (name, fact) in it and skips what it has
 * seen. Unordered, unless `key` names what must stay in order.
 */
export const handle = <P>(
  event: Event<P>,
  name: string,
  run: (tx: Tx, fact: Fact<P>, caller: Caller) => Promise<unknown>,
  options: { readonly key?: (fact: Fact<P>) => string } = {},
): Handler => ({
  kind: 'handle',
  event,
  name,
  key: options.key as never,
  run,
});
/** Reacts inside the publisher's transaction, without I/O to the outside: for what must hold at once. */
export const during = <P>(
  event: Event<P>,
  name: string,
  run: (tx: Tx, fact: DuringFact<P>, caller: Caller) => Promise<unknown>,
): Handler => ({
  kind: 'during',
  event,
  name,
  run,
});
/** Does a job. Throwing retries it; what it returns stays with the job as its output. `run.caller` is the system on behalf of the job. */
export const perform = <P>(job: Job<P>, run: (payload: P, run: JobRun) => Promise<JobOutput | void>): Handler => ({
  kind: 'perform',
  job,
  run,
});
/** Enqueues a job at certain times. @param cron five fields of crontab(5), or `@daily` and the like. @param when a time zone, or more. */
export const schedule = <P>(job: Job<P>, cron: string, payload: NoInfer<P>, when: string | ScheduleOptions = {}): Handler => {
  const { timezone = 'UTC', missed = 'once' } = typeof when === 'string' ? { timezone: when } : when;
  return { kind: 'schedule', job, cron, timezone, missed, payload };
};

// ---- Features ---------------------------------------------------------------------------------

/** What `contract.ts` exports: the kit sorts it by kind, so nothing can be forgotten. */
export type ContractModule = Readonly<Record<string, unknown>> & { readonly operations?: Operations };

export interface Setup<Api> {
  /** What other features may call. */
  readonly api: Api;
  readonly controller?: Readonly<Record<string, AnyHandler>>;
  /** Operations, by name, that a server configured like this one does not have: no route, and not in its `/openapi.json`. */
  readonly absent?: readonly string[];
  readonly handlers?: readonly Handler[];
  readonly door?: Partial<Door>;
  /** Filled once at first start of an empty database, after migration; must be idempotent. */
  readonly seed?: () => Promise<readonly string[]>;
  /** Begins timers and loads what requests need; ended by `stop` in reverse order. */
  readonly start?: () => Promise<void>;
  readonly stop?: () => Promise<void>;
  /** What this feature keeps of one user, for them to take along (GDPR Art. 15 and 20); bounded. */
  readonly personalData?: (userId: string) => Promise<unknown>;
  /** How others ask about things of a type, by that type: for explain and AuthZEN. */
  readonly resources?: Readonly<Record<string, NamedResource>>;
  /** How others call our users, by the type of subject that they say. */
  readonly subjects?: Readonly<Record<string, NamedSubject>>;
  /** Named checks of `/health/ready`; throwing fails it. */
  readonly checks?: Readonly<Record<string, () => Promise<void>>>;
}
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyFeature = Feature<any>;
type Needs = Readonly<Record<string, AnyFeature>>;
type ApisOf<N extends Needs> = { readonly [K in keyof N]: ApiOf<N[K]> };

export interface Feature<Api = unknown> {
  readonly name: string;
  readonly needs: Needs;
  readonly contract: ContractModule;
  /** Folder of plain SQL, `0001_name.sql` and on, or null. */
  readonly migrations: string | null;
  readonly setup: (kit: Kit, needs: never) => Setup<Api>;
}
export type ApiOf<F> = F extends Feature<infer Api> ? Api : never;

type OperationsOf<C> = C extends { readonly operations: infer T extends Operations } ? T : Record<never, never>;

export function defineFeature<Api, const C extends ContractModule = Record<never, never>, N extends Needs = Record<never, never>>(feature: {
  readonly name: string;
  /** Feature values: typed APIs, derived order, no cycles. */
  readonly needs?: N;
  readonly contract?: C;
  readonly migrations?: string;
  readonly setup: (
    kit: Kit,
    needs: ApisOf<N>,
  ) => Setup<Api> & (keyof OperationsOf<C> extends never ? unknown : { readonly controller: Controller<OperationsOf<C>> });
}): Feature<Api> {
  return Object.freeze({
    name: feature.name,
    needs: feature.needs ?? {},
    contract: feature.contract ?? {},
    migrations: feature.migrations ?? null,
    setup: feature.setup,
  });
}

// ---- The catalogue ----------------------------------------------------------------------------

export interface CatalogOperation {
  readonly feature: string;
  readonly name: string;
  /** `products.create` */
  readonly id: string;
  readonly operation: Operation;
}
/** Everything that is declared, frozen before any `setup` runs. */
export interface Catalog {
  readonly features: readonly AnyFeature[];
  readonly operations: readonly CatalogOperation[];
  readonly permissions: ReadonlyMap<string, Permission>;
  readonly events: ReadonlyMap<string, AnyEvent>;
  readonly jobs: ReadonlyMap<string, AnyJob>;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly errors: ReadonlyMap<string, AppErrorClass>;
  readonly mails: ReadonlyMap<string, AnyMailTemplate>;
}

const kindOf = (value: unknown): string | undefined =>
  (typeof value === 'object' || typeof value === 'function') && value !== null && 'kind' in value && typeof value.kind === 'string'
    ? value.kind
    : undefined;

/** Needs first, each once. A cycle between feature constants cannot be written: the import would not boot. */
function inOrder(features: readonly AnyFeature[]): AnyFeature[] {
  const ordered = new Set<AnyFeature>();
  const visit = (feature: AnyFeature): void => {
    if (ordered.has(feature)) return;
    for (const need of Object.values(feature.needs)) visit(need);
    ordered.add(feature);
  };
  features.forEach(visit);
  return [...ordered];
}

/** Sorts what the contracts export by kind, and refuses what two of them claim. */
export function createCatalog(features: readonly AnyFeature[]): Catalog {
  const ordered = inOrder(features);
  const problems: string[] = [];
  const operations: CatalogOperation[] = [];
  const byKind = {
    permission: new Map<string, Permission>(),
    event: new Map<string, AnyEvent>(),
    job: new Map<string, AnyJob>(),
    channel: new Map<string, Channel>(),
    error: new Map<string, AppErrorClass>(),
    mail: new Map<string, AnyMailTemplate>(),
  };
  const names = new Set<string>();
  for (const feature of ordered) {
    if (names.has(feature.name)) problems.push(`two features are named '${feature.name}'`);
    names.add(feature.name);
    for (const exported of Object.values(feature.contract)) {
      const kind = kindOf(exported);
      if (kind === undefined || !(kind in byKind)) continue;
      const { name, pattern, code } = exported as { name: string; pattern?: string; code?: string };
      const key = kind === 'error' ? code! : kind === 'channel' ? pattern! : name;
      const map = byKind[kind as keyof typeof byKind] as Map<string, unknown>;
      if (map.has(key) && map.get(key) !== exported) problems.push(`${kind} '${key}' is declared twice`);
      if (
        (kind === 'permission' && !key.startsWith(`${feature.name}:`)) ||
        ((kind === 'event' || kind === 'job' || kind === 'mail') && !key.startsWith(`${feature.name}.`))
      ) {
        problems.push(`${kind} '${key}' does not begin with its feature '${feature.name}'`);
      }
      map.set(key, exported);
    }
    for (const [name, operation] of Object.entries(feature.contract.operations ?? {})) {
      const id = `${feature.name}.${name}`;
      if (operation.access === undefined) problems.push(`operation ${id} declares no access: nobody decided who may call it`);
      if (operation.method !== 'GET' && !operation.safe && operation.publishes === undefined)
        problems.push(`operation ${id} changes something but declares no 'publishes'`);
      operations.push({ feature: feature.name, name, id, operation });
    }
  }
  const routes = new Set<string>();
  for (const { id, operation } of operations) {
    const route = `${operation.method} ${operation.at ?? ''}${operation.path}`;
    if (routes.has(route)) problems.push(`operation ${id}: ${route} is taken`);
    routes.add(route);
  }
  if (problems.length > 0) throw new Error(`the features do not fit together:\n- ${problems.join('\n- ')}`);
  return Object.freeze({
    features: ordered,
    operations,
    permissions: byKind.permission,
    events: byKind.event,
    jobs: byKind.job,
    channels: byKind.channel,
    errors: byKind.error,
    mails: byKind.mail,
  });
}

// ---- Assembly ---------------------------------------------------------------------------------

export interface Built {
  readonly feature: AnyFeature;
  readonly setup: Setup<unknown>;
}
export interface Assembled {
  readonly all: readonly Built[];
  readonly door: Door;
  readonly handlers: readonly Handler[];
  api<Api>(feature: Feature<Api>): Api;
}

/** Runs every feature's setup once, needs first, and puts the door together. */
export function assemble(catalog: Catalog, kit: Kit, setDoor: (door: Door) => void = () => {}): Assembled {
  const built = new Map<AnyFeature, Setup<unknown>>();
  for (const feature of catalog.features) {
    const needs = Object.fromEntries(Object.entries(feature.needs).map(([key, need]) => [key, built.get(need)!.api]));
    const setup = feature.setup(kit, needs as never);
    const missing = Object.keys(feature.contract.operations ?? {}).filter((name) => typeof setup.controller?.[name] !== 'function');
    if (missing.length > 0) throw new Error(`feature '${feature.name}' has no handler for: ${missing.join(', ')}`);
    built.set(feature, setup);
  }
  const all = [...built].map(([feature, setup]) => ({ feature, setup }));
  const part = <K extends keyof Door>(name: K, optional = false): Door[K] => {
    const from = all.filter(({ setup }) => setup.door?.[name]);
    if (optional && from.length === 0) return undefined as never;
    if (from.length !== 1)
      throw new Error(
        from.length === 0
          ? `no feature provides the door's '${name}'`
          : `${from.map(({ feature }) => feature.name).join(' and ')} both provide the door's '${name}'`,
      );
    return from[0]!.setup.door![name]!;
  };
  const [standing, held] = [part('standing', true), part('held', true)];
  const door: Door = Object.freeze({
    authenticate: part('authenticate'),
    decide: part('decide'),
    visible: part('visible'),
    ...(standing && { standing }),
    ...(held && { held }),
  });
  setDoor(door);
  return {
    all,
    door,
    handlers: all.flatMap(({ setup }) => setup.handlers ?? []),
    api: <Api>(feature: Feature<Api>) => {
      const setup = built.get(feature);
      if (!setup) throw new Error(`feature '${feature.name}' is not part of this app`);
      return setup.api as Api;
    },
  };
}
