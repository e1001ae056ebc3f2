import type { FastifyInstance } from 'fastify';
import type { Config } from '../config.ts';
import { NotFound } from '../errors.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { createClientAddress, createTrust } from './address.ts';

const LOOPBACK = createTrust(['127.0.0.0/8', '::1/128']);

/**
 * `GET /metrics`. Numbers tell strangers about load and versions, so in production they are served only to clients on
 * loopback or inside TRUST_PROXY's networks; to anyone else there is nothing here. A request that passed a proxy we do not
 * trust never counts as loopback.
 */
export function registerMetrics(
  fastify: FastifyInstance,
  { metrics, config }: { readonly metrics: Metrics; readonly config: Pick<Config, 'production' | 'trustProxy'> },
): void {
  const clientAddress = createClientAddress(config.trustProxy);
  const trusted = createTrust(config.trustProxy);
  fastify.get('/metrics', async ({ headers, raw }, reply) => {
    const hops = headers['x-forwarded-for']?.toString();
    const client = clientAddress(raw.socket.remoteAddress, hops);
    const direct = hops === undefined && headers['forwarded'] === undefined;
    const allowed = !config.production || (client !== null && (trusted(client) || (direct && LOOPBACK(client))));
    if (!allowed) throw new NotFound();
    return reply
      .header('cache-control', 'no-store')
      .type('text/plain; version=0.0.4; charset=utf-8')
      .send(await metrics.text());
  });
}
