import { uuidv7 } from '@plinth/kit';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { coreApp } from '../testing/index.ts';
import { killFeatures, type Point, SECRET } from './kill.fixtures.ts';
import { makeEndpoint } from './webhooks.fixtures.ts';

export interface Server {
  readonly url: string;
  readonly child: ChildProcess;
}
/** A receiver that does nothing twice, as the guide says, and a database that servers of their own process work on. */
export async function killing() {
  // Looks on: the servers that are killed do the work.
  const app = await coreApp(killFeatures, { env: { PLINTH_ROLES: 'api' } });
  const actor = await app.as('admin');
  await app.owner.query('create table public.kill_effects (n int not null); grant insert on public.kill_effects to public');
  const children = new Set<ChildProcess>();
  const kill = async (child: ChildProcess): Promise<void> => {
    if (!children.has(child)) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };

  const seen = new Map<string, number>();
  let posts = 0;
  let secret = '';
  let refused = 0;
  /** Called with each post, before its answer. */
  let onPost: () => Promise<void> = async () => undefined;
  const receiver = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      posts++;
      try {
        new Webhook(secret).verify(Buffer.concat(parts).toString(), request.headers as Record<string, string>);
        const id = String(request.headers['webhook-id']);
        seen.set(id, (seen.get(id) ?? 0) + 1);
      } catch {
        refused++;
      }
      void onPost().then(() => response.writeHead(204).end());
    });
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const count = async (from: string): Promise<number> =>
    (await app.owner.query<{ n: number }>(`select count(*)::int as n from ${from}`)).rows[0]!.n;

  /** A server of its own process. @param at where it kills itself. */
  const server = async (at?: Point): Promise<Server> => {
    const child = spawn(process.execPath, ['--conditions=plinth-source', join(import.meta.dirname, 'kill.fixtures.ts')], {
      env: {
        PATH: process.env['PATH'] ?? '',
        NODE_ENV: 'test',
        PORT: '0',
        LOG_LEVEL: 'silent',
        DATABASE_URL: app.database.appUrl,
        DATABASE_OWNER_URL: app.database.ownerUrl,
        PLINTH_SECRET: app.kit.config.secret!,
        KILL_SERVE: '1',
        ...(at && { KILL_AT: at }),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.add(child);
    child.once('exit', () => children.delete(child));
    let said = '';
    const url = await new Promise<string>((ready, failed) => {
      child.stdout.on('data', (part: Buffer) => {
        said += part.toString();
        const found = /listening +(http\S+)[^]*ready in/.exec(said);
        if (found) ready(found[1]!);
      });
      child.once('exit', () => failed(new Error(`the server ended before it was ready: ${said}`)));
    });
    return { url, child };
  };
  let alive: Server | undefined;

  return {
    app,
    count,
    kill,
    seen,
    told: () => ({ posts, refused }),
    onPost: (work: () => Promise<void>) => void (onPost = work),
    server,
    /** One webhook, as a provider sends it. @returns undefined: no answer. */
    async post({ url }: Pick<Server, 'url'>, id: string, n: number): Promise<{ status: number; outcome: string } | undefined> {
      const body = JSON.stringify({ type: 'payment.paid', timestamp: new Date().toISOString(), data: { n } });
      const when = new Date();
      const headers = {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(when.getTime() / 1000)),
        'webhook-signature': new Webhook(SECRET).sign(id, when, body),
      };
      try {
        const reply = await fetch(`${url}/api/v1/counter/hooks`, { method: 'POST', headers, body });
        return { status: reply.status, outcome: ((await reply.json()) as { data?: { outcome: string } }).data?.outcome ?? '' };
      } catch {
        return undefined;
      }
    },
    /** The only one, from now on; effects and posts are counted anew. */
    async endpoint(): Promise<string> {
      await app.owner.query('delete from webhooks.endpoints; truncate public.kill_effects');
      seen.clear();
      [posts, refused] = [0, 0];
      const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks`;
      const made = await makeEndpoint({ app }, actor, '/webhooks', { url, events: ['counter.*'] });
      secret = made.secret;
      return made.id;
    },
    /** As if a minute had passed: what a dead node held is free. */
    async aMinuteLater(): Promise<void> {
      // Not together: senders lock them the other way round.
      await app.owner.query(
        `update webhooks.deliveries set leased_until = leased_until - interval '1 minute' where leased_until is not null`,
      );
      await app.owner.query(`update webhooks.endpoints set wake_at = wake_at - interval '1 minute'`);
    },
    id: () => `msg_${uuidv7()}`,
    /** One that lives, or a new one. */
    living: async () => (alive && children.has(alive.child) ? alive : (alive = await server())),
    async end(): Promise<void> {
      for (const child of children) await kill(child);
      receiver.close();
      receiver.closeAllConnections();
      await delay(50);
      await app.stop();
    },
  };
}
export type Killing = Awaited<ReturnType<typeof killing>>;

/**
 * A provider that sends each webhook until it is answered 2xx, and a server that is killed at any moment meanwhile; what it
 * publishes goes out by webhooks.
 * @returns how often it was killed.
 */
export async function killUntilAllArrived(place: Killing, webhooks: number, pauseMs: readonly [number, number]): Promise<number> {
  let kills = 0;
  let server = await place.living();
  const left = new Set(Array.from({ length: webhooks }, (_, n) => n));
  const provider = async (): Promise<void> => {
    for (let n = left.values().next().value; n !== undefined; n = left.values().next().value) {
      left.delete(n);
      for (const id = place.id(); (await place.post(server, id, n))?.status !== 200;) await delay(20);
    }
  };
  const all = Promise.all([1, 2, 3, 4].map(provider));
  const killer = async (): Promise<void> => {
    const waiting = (): Promise<number> => place.count(`webhooks.deliveries where state = 'pending'`);
    while (left.size > 0 || (await waiting()) > 0) {
      await delay(pauseMs[0] + Math.random() * (pauseMs[1] - pauseMs[0]));
      if (left.size === 0 && kills > 0) break;
      await place.kill(server.child);
      kills++;
      await place.aMinuteLater();
      server = await place.living();
    }
  };
  await Promise.all([all, killer()]);
  await place.aMinuteLater();
  return kills;
}
