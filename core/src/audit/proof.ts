import type { Caller, Kit, SseMessage, Tx, Verification } from '@plinth/kit';
import { auditVerified, VerificationRuns } from './contract.ts';
import type { Seal, VerificationMessage } from './shapes.ts';

/** Shows that the log is what it was: its heads, its keys, and the verifier. */
export class ProofService {
  readonly #kit: Pick<Kit, 'config' | 'db' | 'log' | 'logger'>;
  #running = false;
  constructor(kit: Pick<Kit, 'config' | 'db' | 'log' | 'logger'>) {
    this.#kit = kit;
  }

  async seal(): Promise<Seal> {
    const { log } = this.#kit;
    const [head, archives, { position, unsealed, waiting }] = await Promise.all([log.proof.head(), log.proof.archives(), log.statistics()]);
    return { head: head ?? null, position, unsealed, waiting, archives };
  }
  async keys() {
    return { keys: await this.#kit.log.proof.keys() };
  }
  async rotateKey(caller: Caller, tx: Tx): Promise<{ kid: string }> {
    return { kid: await this.#kit.log.proof.rotateKey(tx, caller) };
  }

  /** @throws VerificationRuns: it takes a core and a connection for as long as the log is, so one at a time. */
  async verify(caller: Caller, from: number | undefined, signal: AbortSignal): Promise<AsyncIterable<SseMessage<VerificationMessage>>> {
    if (this.#running) throw new VerificationRuns();
    this.#running = true;
    let news = Promise.withResolvers<{ at: number; to: number }>();
    const result = this.#run(caller, { from, signal, onProgress: (at, to) => news.resolve({ at, to }) });
    result.catch(() => undefined); // told to who reads the messages; there may be nobody any more
    const messages = async function* (): AsyncGenerator<SseMessage<VerificationMessage>> {
      for (;;) {
        const next = await Promise.race([result, news.promise]);
        if ('ok' in next) return yield { event: 'done', data: { at: next.to, to: next.to, result: next } };
        news = Promise.withResolvers();
        yield { event: 'progress', data: { ...next, result: null } };
      }
    };
    return messages();
  }
  async #run(
    caller: Caller,
    options: { readonly from: number | undefined; readonly signal: AbortSignal; readonly onProgress: (at: number, to: number) => void },
  ): Promise<Verification> {
    const { config, db, log, logger } = this.#kit;
    try {
      const { anchorFile } = config.audit;
      const result = await log.proof.verify({ ...options, anchorFiles: anchorFile === null ? [] : [anchorFile] });
      const { ok, from, to, position } = result;
      if (!ok) logger.error({ position }, `the audit log does not verify: ${result.message}`);
      await db.transaction((tx) => log.publish(tx, caller, auditVerified, { ok, from, to, position }));
      return result;
    } finally {
      this.#running = false;
    }
  }
}
