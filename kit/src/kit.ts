import type { Logger } from 'pino';
import type { Cache } from './cache/cache.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { Database } from './database/database.ts';
import type { Catalog } from './feature.ts';
import type { Jobs } from './jobs/jobs.ts';
import type { Housekeeping } from './housekeeping.ts';
import type { Readiness } from './http/health.ts';
import type { EventLog } from './log/log.ts';
import type { Names } from './naming.ts';
import type { Mail } from './mail/mail.ts';
import type { Mailbox } from './mail/mailbox.ts';
import type { Compose } from './mail/templates.ts';
import type { OutboundFetch } from './outbound/fetch.ts';
import type { Realtime } from './realtime/create.ts';
import type { Seal } from './seal.ts';
import type { Metrics } from './telemetry/metrics.ts';

/** Everything a feature may be given. Tests replace the outside world here: clock and mail. */
export interface Kit {
  readonly config: Config;
  readonly db: Database;
  readonly log: EventLog;
  readonly jobs: Jobs;
  readonly cache: Cache;
  readonly mail: Mail;
  /** Where mails stay that are not sent: in development without SMTP_URL; else null. */
  readonly mailbox: Pick<Mailbox, 'list'> | null;
  readonly compose: Compose;
  /** For addresses that are not ours: refuses private networks, redirects, and what is too big or too slow. */
  readonly fetch: OutboundFetch;
  readonly realtime: Realtime;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly seal: Seal;
  /** Names begin with the feature; labels come from closed sets. */
  readonly metrics: Pick<Metrics, 'counter' | 'gauge' | 'replies' | 'loopDelay'>;
  readonly catalog: Catalog;
  /** Deletes what the kit keeps for a while only: idempotency records, marks of handlers, entries of channels. A schedule of the feature `jobs` calls it. */
  readonly housekeeping: Housekeeping;
  /** What `/health/ready` asks; known once every feature is set up. */
  readonly readiness: Readiness;
  /** Of the whole product. */
  readonly version: string;
  /** What others call our users and things; known once every feature is set up. */
  readonly names: Names;
  /** Everything that the features keep of one user, by feature. */
  readonly personalData: (userId: string) => Promise<Record<string, unknown>>;
}
