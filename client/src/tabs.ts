import type { Who } from './session.ts';

/** What one tab tells the others: no token, only that there are newer ones. */
export interface News {
  readonly who: Who | null;
  readonly until: number;
}
export interface Tabs {
  tell(news: News): void;
  /** Runs in one tab at a time. */
  alone<T>(run: () => Promise<T>): Promise<T>;
  close(): void;
}
interface Locks {
  request(name: string, run: () => Promise<void>): Promise<void>;
}

/** The lock is handed on only after the news of what was done under it had time to arrive. */
const NEWS_MS = 100;

/** The other tabs of this origin (or threads of this process) that use the same server. */
export function openTabs(baseUrl: string, onNews: (news: News) => void): Tabs {
  const name = `plinth:${baseUrl}`;
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(name);
  channel?.addEventListener('message', ({ data }: { data: unknown }) => onNews(data as News));
  (channel as { unref?: () => void } | null)?.unref?.(); // in Node it must not keep the process
  const locks = (globalThis.navigator as { locks?: Locks } | undefined)?.locks;
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has none: it is of this origin
    tell: (news) => channel?.postMessage(news),
    alone: (run) =>
      locks
        ? new Promise((resolve, reject) => {
            locks
              .request(name, async () => {
                await run().then(resolve, reject);
                await new Promise((done) => setTimeout(done, NEWS_MS));
              })
              .catch(reject);
          })
        : run(),
    close: () => channel?.close(),
  };
}
