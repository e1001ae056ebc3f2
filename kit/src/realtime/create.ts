import type { Readable } from 'node:stream';
import type { Logger } from 'pino';
import type { WebSocketServer } from 'ws';
import type { Caller, Principal } from '../caller.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Database } from '../database/database.ts';
import type { Permission } from '../definitions.ts';
import { Forbidden, NotFound, PayloadTooLarge, ServiceUnavailable, SignInRequired, TooManyRequests } from '../errors.ts';
import type { Catalog, Credentials, Door } from '../feature.ts';
import type { RunningLog } from '../log/log.ts';
import type { Seal } from '../seal.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { createBus } from './bus.ts';
import { createChannels } from './channels.ts';
import { CLOSE, type Closing } from './codes.ts';
import { type CommandParts, enter, isAllowed, joined, judge, noteHeld, perform, sayAuthenticated, unfollow } from './commands.ts';
import { StreamWire } from './event-stream.ts';
import { Behind, follow } from './follow.ts';
import { Frame } from './frames.ts';
import { Hub } from './hub.ts';
import { Keeper, type KeeperTimes, proofOf, TIMES } from './keeper.ts';
import { createOffsets, type Offset, WHOLE } from './offsets.ts';
import { Peer } from './peer.ts';
import { Presence } from './presence.ts';
import { type Command, DATA_BYTES } from './protocol.ts';
import { Turns } from './turns.ts';
import { createSockets, listen, type ListenParts, SocketWire, type Takeover } from './websocket.ts';

/** A request whose connection stays. */
export interface Staying {
  readonly caller: Caller;
  readonly credentials: Credentials | null;
}
export interface Following {
  readonly channels: readonly string[];
  /** Absent: from now on. */
  readonly since: string | undefined;
}
export interface RealtimeStatistics {
  readonly connections: number;
  /** Of all connections: one that follows two channels counts twice. */
  readonly subscriptions: number;
  /** Different ones that are followed. */
  readonly channels: number;
}
/** What features may do with the connections of all nodes. */
export interface Realtime {
  /**
   * Tells everybody who follows the channel, on every node: progress, hints, what is worth nothing a minute later. It is in no log,
   * may be lost, and is sent now: not from inside a transaction that could still roll back. Facts go through `publish` of the log.
   * @param data at most 4,096 bytes of JSON.
   */
  say(channel: string, data: unknown): void;
  /** Sends a message in the name of the caller, where the channel's `publish` lets them. @throws NotFound, Forbidden, PayloadTooLarge */
  publish(caller: Caller, channel: string, data: unknown): Promise<void>;
  /** @param permission what it takes to connect. @throws ServiceUnavailable when too many come at once. */
  websocket(call: Staying, permission: Permission): Promise<Takeover>;
  /** How much of it this node carries. */
  statistics(): RealtimeStatistics;
  /** @throws NotFound, Forbidden where a channel is not there or not theirs. */
  eventStream(call: Staying, permission: Permission, following: Following): Promise<Readable>;
}
export interface RunningRealtime extends Realtime {
  start(door: Door): Promise<void>;
  /** Sends every connection elsewhere, and takes no more. */
  drain(): void;
  stop(): Promise<void>;
}
/** Other times and numbers than those of production: for tests. */
export interface RealtimeTuning extends Partial<KeeperTimes> {
  readonly acceptsPerSecond?: number;
  readonly checkpointMs?: number;
  readonly presence?: { readonly beatMs: number; readonly ttlSeconds: number };
}
export interface RealtimeOptions {
  readonly config: Pick<Config, 'realtime' | 'redisUrl'>;
  readonly db: Database;
  readonly log: RunningLog;
  readonly catalog: Catalog;
  readonly seal: Seal;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'counter' | 'gauge'>;
  readonly tuning?: RealtimeTuning;
}

interface Shared {
  readonly commands: CommandParts;
  readonly listening: ListenParts;
}

/** New connections a second: what a node that comes back is asked for at once would leave no time for requests (S109). */
const ACCEPTS = 500;
/** An offset that is no older than this leaves what a quiet channel was told resumable: entries live 24 hours. */
const CHECKPOINT_MS = 600_000;
const READS = 3;
const LAST_ID = 'select id from log.events where position = $1';
const retryAfter = (): { headers: { 'retry-after': string } } => ({
  headers: { 'retry-after': String(1 + Math.floor(Math.random() * 5)) },
});

export function createRealtime({ config, db, log, catalog, seal, clock, logger, metrics, tuning = {} }: RealtimeOptions): RunningRealtime {
  const { connections: most, connectionsPerUser, bufferBytes } = config.realtime;
  const acceptsPerSecond = tuning.acceptsPerSecond ?? ACCEPTS;
  const named = createChannels(catalog.channels.values());
  const offsets = createOffsets(seal);
  const peers = new Set<Peer>();
  const ofUser = new Map<string, number>();
  const frames = metrics.counter('realtime_frames_total', 'Frames handed to connections');
  const hub = new Hub({
    offsets,
    onTold: (count) => frames.add(count),
    onFailure: (err, position) => logger.error({ err, position }, 'a fact could not be told to its followers'),
  });
  metrics.gauge('realtime_connections', 'Open connections', () => peers.size);
  metrics.gauge('realtime_channels', 'Channels that connections of this node follow', () => hub.channels);
  const closed = new Map(
    Object.values(CLOSE).map(({ reason }) => [
      reason,
      metrics.counter('realtime_closed_total', 'Connections closed by the server', { reason }),
    ]),
  );

  const bus = createBus({
    db,
    redisUrl: config.redisUrl,
    logger,
    onMessage: ({ channel, message }) => hub.say(channel, message),
  });
  const say: CommandParts['say'] = (channel, message) => {
    hub.say(channel, message);
    bus.send({ channel, message });
  };
  const presence = new Presence({
    db,
    logger,
    ...tuning.presence,
    onChange: (type, channel, userId) => say(channel, { type, channel, userId }),
  });
  const reads = new Turns(READS);
  let parts: Omit<CommandParts, 'permission'> | undefined;
  let keeper: Keeper | undefined;
  let sockets: Promise<WebSocketServer> | undefined;
  let checkpoints: NodeJS.Timeout | undefined;
  let unlisten = (): void => undefined;
  let draining = false;
  let accepts = acceptsPerSecond;
  let acceptedAt = clock.monotonic();

  const admit = (peer: Peer, { user, key }: Principal): boolean => {
    const countedAs = user?.id ?? key?.id ?? '';
    const count = ofUser.get(countedAs) ?? 0;
    if (count >= connectionsPerUser) return false;
    ofUser.set(countedAs, count + 1);
    peer.countedAs = countedAs;
    return true;
  };
  const onClose = (peer: Peer, closing: Closing | null): void => {
    peers.delete(peer);
    for (const channel of peer.subscriptions.keys()) unfollow({ hub, presence }, peer, channel);
    if (peer.countedAs !== null) {
      const count = ofUser.get(peer.countedAs)! - 1;
      if (count === 0) ofUser.delete(peer.countedAs);
      else ofUser.set(peer.countedAs, count);
    }
    if (closing === null) return;
    closed.get(closing.reason)!.add();
    logger.debug({ requestId: peer.origin.requestId, userId: peer.proof?.principal.user?.id, ...closing }, 'realtime connection closed');
  };
  const now = (): number => clock.monotonic();
  // One for all connections that need the same permission, so that a connection holds nothing of its own.
  const shared = new Map<Permission, Shared>();
  const sharedOf = (permission: Permission): Shared => {
    let found = shared.get(permission);
    if (!found) {
      const commands = { ...parts!, permission };
      const onFailure = (err: unknown, { origin }: Peer): void =>
        logger.warn({ err, requestId: origin.requestId }, 'a realtime command failed');
      const listening = { now, perform: (peer: Peer, command: Command) => perform(commands, peer, command), onFailure };
      shared.set(permission, (found = { commands, listening }));
    }
    return found;
  };

  /** Cheap, and first: in a storm of reconnections most are told to come later. */
  const takePlace = (): void => {
    const at = now();
    accepts = Math.min(acceptsPerSecond, accepts + ((at - acceptedAt) / 1000) * acceptsPerSecond);
    acceptedAt = at;
    if (draining || !parts || peers.size >= most || accepts < 1) throw new ServiceUnavailable({ connections: peers.size }, retryAfter());
    accepts--;
  };
  const begin = (peer: Peer): void => {
    peers.add(peer);
    keeper!.start();
    bus.listen();
  };

  return {
    say(channel, data) {
      if (!named(channel)) throw new Error(`no feature declares a channel for '${channel}'`);
      if (Buffer.byteLength(JSON.stringify(data)) > DATA_BYTES)
        throw new Error(`a message of '${channel}' is larger than ${DATA_BYTES} bytes`);
      say(channel, { type: 'message', channel, from: null, data });
    },
    async publish(caller, channel, data) {
      const found = named(channel);
      if (!found) throw new NotFound({ channel });
      if (Buffer.byteLength(JSON.stringify(data)) > DATA_BYTES) throw new PayloadTooLarge({ channel });
      const access = found.channel.options.publish;
      const peer = { proof: { principal: caller.principal }, origin: caller.origin } as Peer;
      if (
        access === undefined ||
        !(await isAllowed(parts!, peer, found.channel.access, found)) ||
        !(await isAllowed(parts!, peer, access, found))
      )
        throw new Forbidden({ channel });
      say(channel, { type: 'message', channel, from: caller.userId, data });
    },
    statistics() {
      let subscriptions = 0;
      for (const peer of peers) subscriptions += peer.subscriptions.size;
      return { connections: peers.size, subscriptions, channels: hub.channels };
    },
    async websocket({ caller: { origin }, credentials }, permission) {
      takePlace();
      const server = await (sockets ??= createSockets());
      const { commands, listening } = sharedOf(permission);
      const proof = credentials && (await proofOf(commands, credentials));
      return ({ request, socket, head }) => {
        server.handleUpgrade(request, socket, head, (ws) => {
          const peer = new Peer(new SocketWire(ws, socket), permission, origin, bufferBytes, now(), onClose);
          begin(peer);
          listen(ws, peer, listening);
          if (draining) return peer.close(CLOSE.shutdown);
          if (proof)
            void enter(commands, peer, proof).then(
              (entered) => entered && sayAuthenticated(commands, peer),
              () => peer.close(CLOSE.unavailable),
            );
        });
      };
    },
    async eventStream({ caller, credentials }, permission, { channels, since }) {
      takePlace();
      if (credentials === null) throw new SignInRequired();
      const { commands } = sharedOf(permission);
      const proof = await proofOf(commands, credentials);
      if (proof === null) throw new SignInRequired();
      const wire = new StreamWire();
      const peer = new Peer(wire, permission, caller.origin, bufferBytes, now(), onClose);
      peer.proof = proof;
      const held = parts!.door.held?.(proof.principal);
      const wanted = [...new Set(channels)].map((channel) => {
        const found = named(channel);
        if (!found) throw new NotFound({ channel });
        return found;
      });
      for (const each of wanted)
        if (!(await isAllowed(commands, peer, each.channel.access, each))) throw new Forbidden({ channel: each.name });
      if (!admit(peer, proof.principal)) throw new TooManyRequests({ connections: connectionsPerUser }, retryAfter());
      begin(peer);
      wire.stream.once('close', () => peer.gone());
      sayAuthenticated(commands, peer);
      noteHeld(peer, held);
      follow(commands, peer, wanted, since === undefined ? undefined : (offsets.open(since) ?? null)).then(
        () => wanted.forEach(({ name }) => joined(commands, peer, name)),
        (error: unknown) => {
          if (!(error instanceof Behind)) logger.warn({ err: error }, 'a realtime stream could not be begun');
          peer.close(CLOSE.unavailable);
        },
      );
      return wire.stream;
    },
    async start(door) {
      unlisten = log.onFact((fact) => hub.tell(fact));
      const { position } = log;
      const { rows } = await db.run<{ id: string }>({ text: LAST_ID, values: [position] });
      hub.begin({ position, index: WHOLE, id: rows[0]?.id ?? '' });
      parts = { db, clock, hub, offsets, reads, door, named, presence, say, admit };
      keeper = new Keeper({ door, clock, logger, judge: (peer) => judge(sharedOf(peer.permission).commands, peer) }, peers, {
        ...TIMES,
        ...tuning,
      });
      checkpoints = setInterval(() => {
        if (peers.size === 0) return;
        const frame = new Frame({ type: 'checkpoint' }, offsets.seal(hub.head as Offset));
        for (const peer of peers) if (peer.proof !== null && peer.following === 0) peer.deliver(frame);
      }, tuning.checkpointMs ?? CHECKPOINT_MS).unref();
    },
    drain() {
      draining = true;
      for (const peer of peers) peer.close(CLOSE.shutdown);
    },
    async stop() {
      unlisten();
      hub.stop();
      clearInterval(checkpoints);
      keeper?.stop();
      // What is not taken back here goes as that of a crashed node would.
      await presence.stop().catch((err: unknown) => logger.warn({ err }, 'presence could not be taken back'));
      await bus.stop();
    },
  };
}
