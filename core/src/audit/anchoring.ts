import { appendAnchor, type Kit, type SignedHead } from '@plinth/kit';

export interface Anchoring {
  toFile(): Promise<void>;
  toWebhook(signal: AbortSignal): Promise<void>;
}

/** Takes the newest head out of reach of who rules the database. Each run takes the head of that moment, so a late one skips what it missed. */
export function createAnchoring({ config, log, logger, fetch }: Pick<Kit, 'config' | 'log' | 'logger' | 'fetch'>): Anchoring {
  const { anchorFile, anchorUrl } = config.audit;
  let sent: SignedHead | undefined;
  return {
    async toFile() {
      const head = await log.proof.head();
      if (anchorFile === null || !head) return;
      if (await appendAnchor(anchorFile, head)) logger.debug({ position: head.position }, 'the head of the log was anchored to a file');
    },
    async toWebhook(signal) {
      const head = await log.proof.head();
      if (anchorUrl === null || !head || head.signature === sent?.signature) return;
      const { ok, status } = await fetch(anchorUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(head),
        signal,
      });
      if (!ok) throw new Error(`the anchor answers ${status}`);
      sent = head;
      logger.debug({ position: head.position }, 'the head of the log was sent to its anchor');
    },
  };
}
