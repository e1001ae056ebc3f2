import type { Logger } from 'pino';
import type { AccessDoor, Caller } from '../caller.ts';
import { causing } from '../cause.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Tx } from '../database/transaction.ts';
import type { AnyEvent } from '../definitions.ts';
import type { Catalog, DuringFact, Handler } from '../feature.ts';
import type { JobQueue } from '../jobs/jobs.ts';
import type { Loop } from '../loop.ts';
import type { Seal } from '../seal.ts';
import { currentTraceparent } from '../telemetry/spans.ts';
import { type Draft, draftFact, insertCause, insertDraft, insertTrace } from './draft.ts';
import { byEvent, byName, type During, handleOnce, type Reaction } from './handlers.ts';
import { handledFacts, linkedFacts } from './links.ts';
import type { PublishDetail, RunningLog } from './log.ts';
import { createProof } from './proof.ts';
import { createRefusals } from './refusals.ts';
import { getFact, headOf, readFacts, scanFacts, searchFacts } from './search.ts';
import { startSequencer } from './sequencer.ts';
import { type Signal, startSignal } from './signal.ts';
import { type Signing, startSigning } from './signer.ts';
import { readStatistics } from './statistics.ts';
import { createTail, type FollowingCache } from './tail.ts';

export interface EventLogOptions {
  readonly db: Database;
  readonly catalog: Catalog;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly cache: FollowingCache;
  readonly jobs: JobQueue;
  readonly seal: Seal;
  /** This node signs heads: workers do. */
  readonly signs: boolean;
}

/** The event log of this node: facts go in with transactions, get their place, and are followed. */
export function createEventLog({ db, catalog, logger, clock, cache, jobs, seal, signs }: EventLogOptions): RunningLog {
  let during: ReadonlyMap<string, readonly During[]> = new Map();
  let reacting: ReadonlyMap<string, readonly Reaction[]> = new Map();
  let sequencer: Loop | undefined;
  let signal: Signal | undefined;
  let signing: Signing | undefined;
  const wakeSequencer = (): void => sequencer?.wake();
  const refusals = createRefusals({ db, logger, clock, wake: wakeSequencer });
  const tail = createTail({ db, logger, cache });

  const publish = async (tx: Tx, caller: Caller, event: AnyEvent, payload: unknown, detail: PublishDetail = {}): Promise<void> => {
    if (!catalog.events.has(event.name)) throw new Error(`event '${event.name}' is in no feature's contract: export it there`);
    const traceparent = currentTraceparent();
    const draft = draftFact(caller, event, payload, detail, traceparent);
    tx.write(insertDraft(draft));
    if (traceparent !== null) tx.write(insertTrace(draft, traceparent));
    const cause = causing.getStore();
    if (cause) tx.write(insertCause(draft, cause));
    tx.onCommit(() => {
      if (draft.tags) cache.drop(draft.tags);
      wakeSequencer();
    });
    for (const { run } of during.get(event.name) ?? [])
      await causing.run({ type: 'fact', id: draft.id }, () => run(tx, openFact(draft, caller, clock) as never, caller));
  };

  return {
    publish,
    refused: (caller, refusal) => refusals.add(caller, refusal),
    search: (query, page) => searchFacts(db, query, page),
    scan: (query) => scanFacts(db, query),
    read: (on, from, query) => readFacts(on, from, query),
    head: (on) => headOf(on),
    get: (reference) => getFact(db, reference),
    linked: (query, limit) => linkedFacts(db, query, limit),
    handled: (handlers, factIds, limit) => handledFacts(db, handlers, factIds, limit),
    reactions: (event) => (reacting.get(event) ?? []).map(({ name }) => name),
    async erasePersonal(tx, userId) {
      const { rows } = await tx.run<{ erased: number }>({ text: 'select log.erase_personal($1) as erased', values: [userId] });
      return rows[0]!.erased;
    },
    onFact: (listener) => tail.onFact(listener),
    get position() {
      return tail.position;
    },
    statistics: () => readStatistics(db, tail.position, refusals.anonymous),
    proof: createProof({ db, seal }),
    wake() {
      wakeSequencer();
      tail.wake();
    },
    async start(handlers: readonly Handler[], door: AccessDoor) {
      const reactions = handlers.filter((handler): handler is Reaction => handler.kind === 'handle');
      const named = byName(reactions);
      reacting = byEvent(reactions);
      during = byEvent(handlers.filter((handler): handler is During => handler.kind === 'during'));
      jobs.onHandlerRun(async (name, position) => {
        const handler = named.get(name);
        if (!handler) throw new Error(`no handler is named '${name}' in this release`);
        await handleOnce(db, handler, position, door);
      });
      await tail.start();
      signal = startSignal({ db, logger, onSignal: () => (tail.wake(), jobs.wake()) });
      const onMoved = (): void => {
        tail.wake();
        signal?.send();
      };
      sequencer = startSequencer({ db, logger, jobs, reactions: reacting, onMoved });
      if (signs) signing = startSigning({ db, seal, logger });
      refusals.start();
    },
    async stop() {
      await refusals.stop();
      await sequencer?.stop();
      await signing?.stop();
      await tail.stop();
      await signal?.stop();
    },
  };
}

/** As `during` handlers see it: no position yet, and the time is this node's; the row gets the database's. */
function openFact({ id, name, organization, subject, payload }: Draft, { principal, origin }: Caller, clock: Clock): DuringFact<unknown> {
  return {
    id,
    name,
    occurredAt: clock.now().toISOString().replace('Z', '000Z'),
    actor: principal.user?.id ?? null,
    impersonator: principal.impersonator?.id ?? null,
    session: principal.session?.id ?? null,
    organization,
    subject: subject ? { type: subject[0], id: subject[1] } : null,
    operation: origin.operation,
    requestId: origin.requestId,
    traceId: origin.traceId,
    payload,
  };
}
