import { lookup, type LookupAddress, promises } from 'node:dns';

/** Every address that a name leads to. */
export type Resolve = (host: string, done: (error: Error | null, addresses: LookupAddress[]) => void) => void;

/** The outside world, for tests. */
export interface ResolveOptions {
  readonly servers?: readonly string[];
  readonly system?: Resolve;
  /** Milliseconds for the first try; the second has twice as long. */
  readonly askMs?: number;
}
const ASK_MS = 2000;
const TRIES = 2;
/** DNS says that there is no such name, or there is no DNS here. */
const UNKNOWN = new Set(['ENOTFOUND', 'ENODATA', 'ECONNREFUSED']);

/**
 * The system's own look-up holds one of the process's four threads until it is answered, and whoever owns a name decides when that
 * is: four names that nobody answers for would hold up passwords, files and every other name (S47). So DNS is asked over sockets.
 * The system, with its hosts file and search domains, knows what DNS does not: one name at a time.
 */
export function createResolve({ servers, system = systemResolve, askMs = ASK_MS }: ResolveOptions = {}): Resolve {
  let dns: promises.Resolver | undefined;
  let before: Promise<void> = Promise.resolve();
  const bySystem: Resolve = (host, done) => {
    before = before.then(
      () =>
        new Promise((next) =>
          system(host, (error, addresses) => {
            next();
            done(error, addresses);
          }),
        ),
    );
  };
  return (host, done) => {
    if (/(^|\.)localhost\.?$/i.test(host)) return bySystem(host, done);
    if (!dns) {
      dns = new promises.Resolver({ timeout: askMs, tries: TRIES });
      if (servers) dns.setServers(servers);
    }
    void Promise.allSettled([dns.resolve4(host), dns.resolve6(host)]).then((answers) => {
      const addresses = answers.flatMap((answer, i) =>
        answer.status === 'fulfilled' ? answer.value.map((address) => ({ address, family: i === 0 ? 4 : 6 })) : [],
      );
      if (addresses.length > 0) return done(null, addresses);
      const errors = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as NodeJS.ErrnoException] : []));
      const other = errors.find(({ code }) => !UNKNOWN.has(String(code)));
      return other ? done(other, []) : bySystem(host, done);
    });
  };
}

const systemResolve: Resolve = (host, done) => lookup(host, { all: true }, (error, addresses) => done(error, addresses ?? []));
