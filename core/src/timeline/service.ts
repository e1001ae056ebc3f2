import { allow, type Caller, type Kit } from '@plinth/kit';
import { readAudit } from '../audit/index.ts';
import { readJobs } from '../jobs/index.ts';
import { manageOrganizationWebhooks } from '../organization-webhooks/index.ts';
import { managePayments, readPayments } from '../payments/index.ts';
import { manageWebhooks } from '../webhooks/index.ts';
import { chainOf } from './chain.ts';
import { NothingKnown, timelineRead } from './contract.ts';
import { type Deps, type Gathered, Gathering, type Origin, type Reader } from './gather.ts';
import { Drawing } from './graph.ts';
import type { Graph } from './node.ts';
import type { Query, Timeline } from './shapes.ts';

type ServiceDeps = Deps & Pick<Kit, 'log'>;

/** Follows what led to what over all that is recorded already; it keeps nothing of its own. */
export class TimelineService {
  readonly #deps: ServiceDeps;
  constructor(deps: ServiceDeps) {
    this.#deps = deps;
  }

  /** @throws NothingKnown, also where there is something that the reader may not see. */
  async get(caller: Caller, query: Query): Promise<Timeline> {
    const { db, log, catalog } = this.#deps;
    const asked = Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)]));
    // Committed before anything is shown (B148).
    await db.transaction((tx) => log.publish(tx, caller, timelineRead, { asked }));
    const reader = await readerOf(caller);
    const found = await new Gathering(this.#deps, reader).of(originOf(query));
    if (!found) throw new NothingKnown({ asked });
    const graph = new Drawing(catalog, reader, found).draw();
    const { steps, cut } = chainOf(graph, stepsOf(found, graph));
    if (steps.length === 0) throw new NothingKnown({ asked });
    const { facts, jobs, payments, webhooks } = reader;
    return { origin: found.origin, steps: [...steps], shows: { facts, jobs, payments, webhooks }, cut: cut || found.cut };
  }
}

const ownPayments = allow(readPayments, { own: managePayments });

async function readerOf(caller: Caller): Promise<Reader> {
  const [facts, jobs, payments, webhooks] = await Promise.all(
    [readAudit, readJobs, managePayments, manageWebhooks].map((each) => caller.can(each)),
  );
  return {
    facts: facts!,
    jobs: jobs!,
    payments: payments!,
    ownPayments: caller.visible(ownPayments),
    webhooks: webhooks!,
    organizationWebhooks: caller.visible(manageOrganizationWebhooks),
  };
}

/** The contract has seen to it that there is one. */
function originOf({ id, requestId, position, factId, jobId, deliveryId, subjectType, subjectId }: Query): Origin {
  if (subjectType !== undefined && subjectId !== undefined) return { type: subjectType, id: subjectId };
  const [type, found] = Object.entries({
    id,
    request: requestId,
    position: position === undefined ? undefined : String(position),
    fact: factId,
    job: jobId,
    delivery: deliveryId,
  }).find(([, value]) => value !== undefined)!;
  return { type, id: found! };
}

/** The steps that it is itself. */
function stepsOf({ origin: { type, id } }: Gathered, graph: Graph): Set<string> {
  const names: Readonly<Record<string, readonly string[]>> = {
    request: [`request:${id}`, `job:${id}`],
    fact: [`fact:${id}`],
    job: [`job:${id}`],
    delivery: [`webhook:${id}`],
  };
  return new Set((names[type] ?? []).filter((name) => graph.has(name)));
}
