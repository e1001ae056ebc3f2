import { type Kit, type Logger, OutboundRefused } from '@plinth/kit';
import { createHash } from 'node:crypto';

const TIMEOUT_MS = 2000;
/** A range with padding is about 45 KB. */
const MOST_BYTES = 512 * 1024;
const PREFIX = 5;
const ENTRY = /^[0-9A-F]{35}:\d+$/;

interface Deps {
  /** Of the range endpoint, such as `https://api.pwnedpasswords.com/range`; null asks nobody. */
  readonly url: string | null;
  readonly fetch: Kit['fetch'];
  readonly logger: Logger;
  readonly metrics: Kit['metrics'];
}

/**
 * Passwords that were in a data breach, by k-anonymity: five hex digits of the SHA-1 leave the box, and with them about a
 * thousand suffixes come back, padded so that their number tells nothing. An outage lets every password through (B72).
 */
export class Breaches {
  readonly #deps: Deps;
  readonly #outcomes;
  constructor(deps: Deps) {
    this.#deps = deps;
    const counter = (outcome: string) =>
      deps.metrics.counter('auth_breach_checks_total', 'New passwords looked up in breaches', { outcome });
    this.#outcomes = { clean: counter('clean'), breached: counter('breached'), unavailable: counter('unavailable') };
  }

  async include(password: string): Promise<boolean> {
    const { url, fetch, logger } = this.#deps;
    if (url === null) return false;
    const hash = createHash('sha1').update(password.normalize('NFKC')).digest('hex').toUpperCase();
    try {
      const found = (await suffixes(fetch, `${url}/${hash.slice(0, PREFIX)}`)).has(hash.slice(PREFIX));
      this.#outcomes[found ? 'breached' : 'clean'].add();
      return found;
    } catch (error) {
      this.#outcomes.unavailable.add();
      logger.warn({ reason: reasonOf(error) }, 'breached passwords cannot be looked up: let through');
      return false;
    }
  }
}

/** Why there is no verdict. */
class NoRange extends Error {}
/** Never the address, which ends in the digits: messages of others may name it. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error instanceof NoRange || error instanceof OutboundRefused) return error.message;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : error.name;
}

/** Those that were seen at all: padding counts zero. @throws on anything but a range */
async function suffixes(fetch: Kit['fetch'], url: string): Promise<Set<string>> {
  const response = await fetch(url, { headers: { 'add-padding': 'true' }, timeoutMs: TIMEOUT_MS, limitBytes: MOST_BYTES });
  if (response.status !== 200) throw new NoRange(`status ${response.status}`);
  const lines = (await response.text()).split(/\r?\n/).filter((line) => line !== '');
  // A page of a proxy or a wrong address is no answer that a password is in no breach.
  if (lines.length === 0 || !lines.every((line) => ENTRY.test(line.toUpperCase()))) throw new NoRange('the answer is no range');
  return new Set(lines.filter((line) => !line.endsWith(':0')).map((line) => line.slice(0, line.indexOf(':')).toUpperCase()));
}
