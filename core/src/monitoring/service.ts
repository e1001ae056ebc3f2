import { durationBuckets, type Kit } from '@plinth/kit';
import { type Health, type KeptMail, type Node, type NodeSeries, type Point, type Samples } from './contract.ts';
import { percentile } from './percentile.ts';
import { EVERY_SECONDS, type MonitoringRepository, type NodeRow, type PointRow } from './repository.ts';
import { nameOf } from './sampler.ts';

const MOST_POINTS = 180;
const MOST_SERIES = 20;
const MOST_NODES = 100;
const SILENT_SECONDS = 30;
const LISTED_SECONDS = 300;
/** As long as this, one answer serves everybody who looks: ten open consoles cost what one does. */
const KEPT_MS = 1000;

const rounded = (number: number): number => Math.round(number * 1000) / 1000;
const byName = (results: Awaited<ReturnType<Kit['readiness']>>): Health['checks'] =>
  Object.entries(results).map(([name, { status, ms }]) => ({ name, status, ms }));

export interface ServiceParts extends Pick<Kit, 'config' | 'readiness' | 'version' | 'mailbox'> {
  readonly name: string;
}

/** Reads what the nodes wrote down of themselves. */
export class MonitoringService {
  readonly #parts: ServiceParts;
  readonly #repository: MonitoringRepository;
  readonly #kept = new Map<number, { readonly at: number; readonly samples: Promise<Samples> }>();
  constructor(parts: ServiceParts, repository: MonitoringRepository) {
    this.#parts = parts;
    this.#repository = repository;
  }

  samples(minutes: number): Promise<Samples> {
    const now = performance.now();
    const kept = this.#kept.get(minutes);
    if (kept && now - kept.at < KEPT_MS) return kept.samples;
    const samples = this.#read(minutes);
    this.#kept.set(minutes, { at: now, samples });
    return samples;
  }
  async #read(minutes: number): Promise<Samples> {
    const stepSeconds = EVERY_SECONDS * Math.ceil((minutes * 60) / EVERY_SECONDS / MOST_POINTS);
    const [rows, ofNodes] = await Promise.all([
      this.#repository.points(minutes, stepSeconds),
      this.#repository.nodePoints(minutes, stepSeconds, MOST_SERIES),
    ]);
    const nodes = new Map<string, NodeSeries>();
    for (const row of ofNodes) {
      let series = nodes.get(row.node);
      if (!series) {
        const none = (): null[] => Array.from({ length: rows.length }, () => null);
        nodes.set(
          row.node,
          (series = { node: row.node, name: nameOf(row), loopDelayMs: none(), memoryBytes: none(), connections: none() }),
        );
      }
      series.loopDelayMs[row.point] = rounded(row.loopDelayMs);
      series.memoryBytes[row.point] = row.memoryBytes;
      series.connections[row.point] = row.connections;
    }
    return { stepSeconds, points: rows.map(pointOf), nodes: [...nodes.values()] };
  }

  async health(): Promise<Health> {
    const { readiness, config, version, name } = this.#parts;
    // A database that does not answer is what the checks are there to say.
    const [results, rows] = await Promise.all([readiness(), this.#repository.nodes(LISTED_SECONDS, MOST_NODES).catch(() => [])]);
    const checks = byName(results);
    const nodes = rows.map(nodeOf);
    const sum = (of: 'connections' | 'subscriptions'): number =>
      nodes.reduce((total, node) => total + (node.state === 'up' ? node[of] : 0), 0);
    return {
      status: checks.every(({ status }) => status === 'ok') ? 'ok' : 'failed',
      checks,
      name,
      version,
      environment: config.environment,
      uptimeSeconds: Math.round(process.uptime()),
      connections: sum('connections'),
      subscriptions: sum('subscriptions'),
      nodes,
    };
  }

  /** Of this node, newest first. */
  mails(): KeptMail[] {
    const kept = this.#parts.mailbox?.list() ?? [];
    return kept.map(({ id, at, to, subject, text, html }) => ({ id, at, to, subject, text, html: html ?? null }));
  }
}

function pointOf({ at, buckets, requests, clientErrors, serverErrors, ...row }: PointRow): Point {
  const time = (share: number): number | null => {
    const seconds = buckets && percentile(buckets, durationBuckets, share);
    return seconds === null ? null : rounded(seconds * 1000);
  };
  return {
    ...row,
    at: new Date(at).toISOString(),
    requests: rounded(requests),
    clientErrors: rounded(clientErrors),
    serverErrors: rounded(serverErrors),
    p50: time(0.5),
    p95: time(0.95),
    p99: time(0.99),
  };
}

function nodeOf({ host, process: pid, silentSeconds, seconds, replies, loopDelayMs, ...row }: NodeRow): Node {
  return {
    ...row,
    name: nameOf({ host, process: pid }),
    state: silentSeconds > SILENT_SECONDS ? 'silent' : 'up',
    silentSeconds: Math.round(silentSeconds),
    requests: rounded(replies / seconds),
    loopDelayMs: rounded(loopDelayMs),
  };
}
