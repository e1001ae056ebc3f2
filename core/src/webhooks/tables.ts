// Generated from the migrated database by `npm run generate`. Do not edit.
import type { Generated } from 'kysely';

export interface Tables {
  'webhooks.attempts': {
    delivery_id: string;
    number: number;
    at: Generated<string>;
    milliseconds: number;
    status: number | null;
    error: string | null;
    response: string | null;
  };
  'webhooks.cursor': {
    one: Generated<boolean>;
    position: number | null;
  };
  'webhooks.deliveries': {
    id: string;
    endpoint_id: string;
    message_id: string;
    event: string;
    position: number | null;
    state: Generated<string>;
    attempts: Generated<number>;
    tries: Generated<number>;
    next_at: Generated<string | null>;
    leased_until: string | null;
    created_at: Generated<string>;
    ended_at: string | null;
  };
  'webhooks.endpoints': {
    id: string;
    organization_id: string | null;
    url: string;
    description: string;
    events: string[];
    secret: string;
    previous_secret: string | null;
    previous_until: string | null;
    created_by: string | null;
    disabled_because: string | null;
    disabled_at: string | null;
    failures: Generated<number>;
    paused_until: string | null;
    wake_at: string | null;
    version: Generated<number>;
    created_at: Generated<string>;
    updated_at: Generated<string>;
    deleted_at: string | null;
  };
  'webhooks.received': {
    source: string;
    external_id: string;
    type: string;
    state: string;
    event: string | null;
    tries: Generated<number>;
    next_at: string | null;
    received_at: Generated<string>;
    request_id: string | null;
  };
}

export const attemptsColumns = ['delivery_id as deliveryId', 'number', 'at', 'milliseconds', 'status', 'error', 'response'] as const;
export const cursorColumns = ['one', 'position'] as const;
export const deliveriesColumns = ['id', 'endpoint_id as endpointId', 'message_id as messageId', 'event', 'position', 'state', 'attempts', 'tries', 'next_at as nextAt', 'leased_until as leasedUntil', 'created_at as createdAt', 'ended_at as endedAt'] as const;
export const endpointsColumns = ['id', 'organization_id as organizationId', 'url', 'description', 'events', 'secret', 'previous_secret as previousSecret', 'previous_until as previousUntil', 'created_by as createdBy', 'disabled_because as disabledBecause', 'disabled_at as disabledAt', 'failures', 'paused_until as pausedUntil', 'wake_at as wakeAt', 'version', 'created_at as createdAt', 'updated_at as updatedAt', 'deleted_at as deletedAt'] as const;
export const receivedColumns = ['source', 'external_id as externalId', 'type', 'state', 'event', 'tries', 'next_at as nextAt', 'received_at as receivedAt', 'request_id as requestId'] as const;
