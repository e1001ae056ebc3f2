/** Milliseconds that the first pause takes at most; each further one twice as long. */
const FIRST_MS = 300;
const MOST_MS = 5_000;
/** A server that asks for more patience than this is not asked again by itself: the caller is told. */
const MOST_PATIENCE_MS = 30_000;

/** Seconds or a date (RFC 9110 §10.2.3), in milliseconds. */
function retryAfter(response: Response): number | null {
  const value = response.headers.get('retry-after');
  if (value === null) return null;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}

/**
 * How long to wait before the same request is sent again; null: not at all.
 * @param response null: none came. @param repeatable doing it twice is doing it once.
 */
export function pauseBefore(response: Response | null, attempt: number, repeatable: boolean): number | null {
  const asked = response && retryAfter(response);
  const passing = response === null || [408, 502, 503, 504].includes(response.status) || (response.status === 409 && asked !== null);
  // What was counted and turned away was not begun: it may come again whatever it is.
  if (!(response?.status === 429 && asked !== null) && !(repeatable && passing)) return null;
  if (asked !== null && asked > MOST_PATIENCE_MS) return null;
  // Full jitter: of a thousand clients that failed together, no two come back together.
  return (asked ?? 0) + Math.random() * Math.min(MOST_MS, FIRST_MS * 2 ** attempt);
}

/** @throws what the signal was aborted with. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', aborted);
      resolve();
    }, ms);
    const aborted = (): void => {
      clearTimeout(timer);
      reject(signal!.reason as Error);
    };
    if (signal?.aborted) aborted();
    else signal?.addEventListener('abort', aborted, { once: true });
  });
}
