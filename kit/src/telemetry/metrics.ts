import type { Registry } from 'prom-client';
import { measureLoopDelay } from './loop-delay.ts';

/** Upper bounds of a duration's buckets in seconds; one more counts what took longer. */
export const BUCKETS: readonly number[] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
/** Series of one metric at most: beyond it, everything is counted as `other` (B130). */
const SERIES = 2000;

/** How long something took, by label set; counted as it happens, written out when it is scraped. */
class Series {
  readonly labels: string;
  readonly counts = new Uint32Array(BUCKETS.length + 1);
  sum = 0;
  /** It lasts as long as the client stays: no time of ours. */
  stays = false;
  constructor(labels: string) {
    this.labels = labels;
  }
  observe(seconds: number): void {
    this.sum += seconds;
    let i = 0;
    while (i < BUCKETS.length && seconds > BUCKETS[i]!) i++;
    this.counts[i]!++;
  }
  write(name: string): string {
    const more = this.labels === '' ? '' : `${this.labels},`;
    const own = this.labels === '' ? '' : `{${this.labels}}`;
    let total = 0;
    const lines = BUCKETS.map((le, i) => `${name}_bucket{${more}le="${le}"} ${(total += this.counts[i]!)}\n`);
    total += this.counts[BUCKETS.length]!;
    return `${lines.join('')}${name}_bucket{${more}le="+Inf"} ${total}\n${name}_sum${own} ${this.sum}\n${name}_count${own} ${total}\n`;
  }
}

const escaped = (value: string): string => value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
const labelled = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}="${escaped(value)}"`)
    .join(',');

/** One metric with its series, of which there are never more than SERIES. */
class Durations {
  readonly #name: string;
  readonly #help: string;
  readonly #series = new Map<string, Series>();
  constructor(name: string, help: string) {
    this.#name = name;
    this.#help = help;
  }
  of(labels: Readonly<Record<string, string>>): Series {
    const fits = this.#series.size < SERIES || this.#series.has(labelled(labels));
    const key = labelled(fits ? labels : Object.fromEntries(Object.keys(labels).map((name) => [name, 'other'])));
    let series = this.#series.get(key);
    if (!series) this.#series.set(key, (series = new Series(key)));
    return series;
  }
  all(): Iterable<Series> {
    return this.#series.values();
  }
  write(): string {
    return `# HELP ${this.#name} ${this.#help}\n# TYPE ${this.#name} histogram\n${[...this.#series.values()].map((series) => series.write(this.#name)).join('')}`;
  }
}

export interface Counter {
  add(by?: number): void;
}
/** Replies since the start of the process. */
export interface Replies {
  /** Of those that end by themselves: how many took how long, by BUCKETS. */
  readonly buckets: readonly number[];
  /** By the first digit of their status less one. */
  readonly classes: readonly number[];
}
export interface Metrics {
  /**
   * Counts calls of one route by its template, never by URL. Call it once a route, and the result once a reply (seconds).
   * @param stays its replies last as long as the client stays.
   */
  observeRoute(method: string, template: string, stays?: boolean): (status: number, seconds: number) => void;
  /** The replies of all routes together. */
  replies(): Replies;
  /** @returns what reads the delay of the event loop since it was last read: the 99th percentile, in seconds. Each reader has its own. */
  loopDelay(): () => number;
  /** Counts runs of one job. Call it once a job. */
  job(name: string): (outcome: 'completed' | 'failed', seconds: number) => void;
  /** Counts one statement. */
  query(milliseconds: number): void;
  /** A counter with fixed labels: give only values from a closed set, never what a client sent. */
  counter(name: string, help: string, labels?: Readonly<Record<string, string>>): Counter;
  /** A value that is read when it is scraped. A read that throws or takes over a second leaves it out. */
  gauge(name: string, help: string, read: () => number | Promise<number>, labels?: Readonly<Record<string, string>>): void;
  /** Everything, as Prometheus text format 0.0.4. */
  text(): Promise<string>;
  /** Ends the measurement of the event loop. */
  close(): void;
}

interface Gauge {
  readonly help: string;
  readonly values: { readonly labels: string; readonly read: () => number | Promise<number> }[];
}

const inTime = async (read: () => number | Promise<number>): Promise<number | null> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(resolve, 1000, null)));
  try {
    return await Promise.race([read(), late]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
};

/** The process's own numbers: memory, CPU, garbage collection, handles. Loaded at the first scrape, not at the start. */
async function processRegistry(): Promise<Registry> {
  const { Registry, collectDefaultMetrics } = await import('prom-client');
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** Counters of our own, since a histogram of prom-client costs 6 % of all throughput (HOT-PATH); its registry for the process. */
export function createMetrics(): Metrics {
  const routes = new Durations('http_request_duration_seconds', 'Duration of replies by route template');
  const jobs = new Durations('job_duration_seconds', 'Duration of job runs by job and outcome');
  const queries = new Durations('db_query_duration_seconds', 'Duration of SQL statements');
  const query = queries.of({});
  const counters = new Map<string, { readonly help: string; readonly values: Map<string, { total: number }> }>();
  const gauges = new Map<string, Gauge>();
  const loop = measureLoopDelay();
  let registry: Promise<Registry> | undefined;

  const metrics: Metrics = {
    observeRoute(given, template, stays = false) {
      const method = METHODS.has(given) ? given : 'OTHER';
      const byClass: (Series | undefined)[] = [];
      return (status, seconds) => {
        const digit = status >= 100 && status < 600 ? Math.floor(status / 100) : 5;
        let series = byClass[digit];
        if (!series) {
          byClass[digit] = series = routes.of({ method, route: template, status: `${digit}xx` });
          series.stays ||= stays;
        }
        series.observe(seconds);
      };
    },
    replies() {
      const buckets = Array.from({ length: BUCKETS.length + 1 }, () => 0);
      const classes = Array.from({ length: 5 }, () => 0);
      for (const { labels, counts, stays } of routes.all()) {
        // Those of the series that takes what is too much are of no class that is known.
        const at = Number(/status="(\d)xx"/.exec(labels)?.[1]) - 1;
        for (let i = 0; i < counts.length; i++) {
          if (!stays) buckets[i]! += counts[i]!;
          if (at >= 0) classes[at]! += counts[i]!;
        }
      }
      return { buckets, classes };
    },
    loopDelay: () => loop.reader(),
    job(name) {
      const byOutcome: Partial<Record<'completed' | 'failed', Series>> = {};
      return (outcome, seconds) => (byOutcome[outcome] ??= jobs.of({ job: name, outcome })).observe(seconds);
    },
    query: (milliseconds) => query.observe(milliseconds / 1000),
    counter(name, help, labels = {}) {
      let counter = counters.get(name);
      if (!counter) counters.set(name, (counter = { help, values: new Map() }));
      const key =
        counter.values.size < SERIES || counter.values.has(labelled(labels))
          ? labelled(labels)
          : labelled(Object.fromEntries(Object.keys(labels).map((label) => [label, 'other'])));
      let value = counter.values.get(key);
      if (!value) counter.values.set(key, (value = { total: 0 }));
      const counted = value;
      return { add: (by = 1) => void (counted.total += by) };
    },
    gauge(name, help, read, labels = {}) {
      let gauge = gauges.get(name);
      if (!gauge) gauges.set(name, (gauge = { help, values: [] }));
      if (gauge.values.length < SERIES) gauge.values.push({ labels: labelled(labels), read });
    },
    async text() {
      const own = [...gauges].map(async ([name, { help, values }]) => {
        const lines = await Promise.all(values.map(async ({ labels, read }) => ({ labels, value: await inTime(read) })));
        const written = lines.flatMap(({ labels, value }) =>
          value === null || !Number.isFinite(value) ? [] : [`${name}${labels && `{${labels}}`} ${value}\n`],
        );
        return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${written.join('')}`;
      });
      const counted = [...counters].map(([name, { help, values }]) => {
        const lines = [...values].map(([labels, { total }]) => `${name}${labels && `{${labels}}`} ${total}\n`);
        return `# HELP ${name} ${help}\n# TYPE ${name} counter\n${lines.join('')}`;
      });
      const process = await (registry ??= processRegistry());
      return [routes.write(), jobs.write(), queries.write(), ...counted, ...(await Promise.all(own)), await process.metrics()].join('');
    },
    close: () => loop.close(),
  };
  metrics.gauge('event_loop_delay_seconds', 'Delay of the event loop since the last scrape, 99th percentile', loop.reader());
  return metrics;
}
