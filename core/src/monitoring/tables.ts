// Generated from the migrated database by `npm run generate`. Do not edit.
import type { Generated } from 'kysely';

export interface Tables {
  'monitoring.samples': {
    node: string;
    at: Generated<string>;
    seconds: number;
    buckets: number[];
    classes: number[];
    loop_delay_ms: number;
    memory_bytes: number;
    heap_bytes: number;
    connections: number;
    subscriptions: number;
    pool_used: number;
    pool_waiting: number;
    pool_max: number;
    host: string;
    process: number;
    roles: string[];
    version: string;
    started_at: string;
    last: boolean;
  };
  'monitoring.shared': {
    slot: number;
    ready: number;
    running: number;
    dead: number;
    oldest_seconds: number;
    lag_facts: number;
    lag_seconds: number;
  };
}

export const samplesColumns = ['node', 'at', 'seconds', 'buckets', 'classes', 'loop_delay_ms as loopDelayMs', 'memory_bytes as memoryBytes', 'heap_bytes as heapBytes', 'connections', 'subscriptions', 'pool_used as poolUsed', 'pool_waiting as poolWaiting', 'pool_max as poolMax', 'host', 'process', 'roles', 'version', 'started_at as startedAt', 'last'] as const;
export const sharedColumns = ['slot', 'ready', 'running', 'dead', 'oldest_seconds as oldestSeconds', 'lag_facts as lagFacts', 'lag_seconds as lagSeconds'] as const;
