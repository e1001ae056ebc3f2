import {
  type Caller,
  type Compose,
  type Config,
  type Database,
  type Event,
  type EventLog,
  isUuid,
  type Jobs,
  type Mail,
  NotFound,
  type Page,
  type PageRequest,
  PreconditionFailed,
  type Runner,
  type Seal,
  type Tx,
  uuidv7,
} from '@plinth/kit';
import type { OrganizationsApi } from '../organizations/index.ts';
import type { UsersApi } from '../users/index.ts';
import {
  clearEndpoints,
  deliveriesReplayed,
  type Delivery,
  DeliveryNotFound,
  type DeliveryWithAttempts,
  EnabledTooSoon,
  type Endpoint,
  endpointChanged,
  type EndpointChange,
  endpointCreated,
  endpointDeleted,
  endpointDisabled,
  endpointEnabled,
  EndpointIsDisabled,
  EndpointIsEnabled,
  endpointMail,
  EndpointNotFound,
  endpointTested,
  InsecureUrl,
  type NewEndpoint,
  payloadRead,
  readPayloads,
  secretRotated,
  TooManyEndpoints,
  UnknownEvent,
} from './contract.ts';
import { toldBy, USER_AGENT } from './body.ts';
import type { DeliveriesRepository, NewDelivery } from './deliveries.repository.ts';
import type { PublicEvents } from './patterns.ts';
import type { EndpointsRepository, Place } from './repository.ts';
import { readRange } from './replay.ts';
import { BREAKER } from './retries.ts';
import { close } from './secrets.ts';
import { newSecret } from './signing.ts';

export type { Place };
interface Deps {
  readonly db: Database;
  readonly log: EventLog;
  readonly jobs: Jobs;
  readonly seal: Seal;
  readonly mail: Mail;
  readonly compose: Compose;
  readonly config: Pick<Config, 'production'>;
  readonly users: UsersApi;
  readonly organizations: OrganizationsApi;
  readonly events: PublicEvents;
  readonly endpoints: EndpointsRepository;
  readonly deliveries: DeliveriesRepository;
  /** Something is due: on this node it need not wait for the next look. */
  readonly wake: () => void;
}
/** Of one place. */
const MOST = 50;
const KEPT_DAYS = 30;
const SWEPT_AT_ONCE = 1000;

export class WebhooksService {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  // ---- Endpoints

  list(place: Place): Promise<Endpoint[]> {
    return this.#deps.endpoints.list(this.#deps.db, place);
  }
  async get(place: Place, endpointId: string): Promise<Endpoint> {
    const endpoint = await this.#deps.endpoints.find(this.#deps.db, place, endpointId);
    if (!endpoint) throw new EndpointNotFound({ endpointId });
    return endpoint;
  }
  /** @throws TooManyEndpoints, for many at once too; UnknownEvent; InsecureUrl */
  async create(caller: Caller, tx: Tx, { organizationId }: Place, given: NewEndpoint): Promise<Endpoint & { secret: string }> {
    const { endpoints, organizations, seal } = this.#deps;
    this.#assertGood(given);
    if (organizationId !== null) await organizations.keep(tx, organizationId);
    if ((await endpoints.count(tx, organizationId)) >= MOST) throw new TooManyEndpoints();
    const [id, secret] = [uuidv7(), newSecret()];
    const row = { ...given, id, organizationId, secret: close(seal, secret, id), createdBy: caller.userId };
    const made = await endpoints.insert(tx, row);
    await this.#deps.log.publish(tx, caller, endpointCreated, { endpointId: id }, { before: {}, after: made, ...within(organizationId) });
    return { ...made, secret };
  }
  /** @param version what the change was made from; null changes whatever is there. */
  async change(
    caller: Caller,
    tx: Tx,
    place: Place,
    endpointId: string,
    change: EndpointChange,
    version: number | null,
  ): Promise<Endpoint> {
    this.#assertGood(change);
    const before = await this.#locked(tx, place, endpointId);
    if (version !== null && version !== before.version) throw new PreconditionFailed({ expected: version, actual: before.version });
    const after = await this.#deps.endpoints.update(tx, endpointId, change);
    await this.#publish(tx, caller, place, endpointChanged, { endpointId }, { before, after });
    return after;
  }
  async delete(caller: Caller, tx: Tx, place: Place, endpointId: string): Promise<void> {
    const before = await this.#locked(tx, place, endpointId);
    this.#deps.endpoints.remove(tx, endpointId);
    await this.#deps.jobs.enqueue(tx, clearEndpoints, {});
    await this.#publish(tx, caller, place, endpointDeleted, { endpointId }, { before, after: {} });
  }
  async disable(caller: Caller, tx: Tx, place: Place, endpointId: string): Promise<Endpoint> {
    const { failures } = await this.#locked(tx, place, endpointId);
    const disabled = await this.#deps.endpoints.disable(tx, endpointId, 'owner');
    if (!disabled) throw new EndpointIsDisabled({ endpointId });
    if (disabled.left) await this.#deps.jobs.enqueue(tx, clearEndpoints, {});
    await this.#publish(tx, caller, place, endpointDisabled, { endpointId, because: 'owner', failures });
    return disabled.endpoint;
  }
  /** One that was disabled because it failed has a minute to cool down, and goes on as one that fails (S48). */
  async enable(caller: Caller, tx: Tx, place: Place, endpointId: string): Promise<Endpoint> {
    const { disabledBecause, disabledNow, waiting } = await this.#locked(tx, place, endpointId);
    if (disabledBecause !== null && disabledBecause !== 'owner' && disabledNow) throw new EnabledTooSoon({ endpointId });
    // Not all is cancelled yet that waited for it.
    if (disabledBecause !== null && waiting) throw new EnabledTooSoon({ endpointId });
    const enabled = await this.#deps.endpoints.enable(tx, endpointId, BREAKER);
    if (!enabled) throw new EndpointIsEnabled({ endpointId });
    await this.#publish(tx, caller, place, endpointEnabled, { endpointId });
    return enabled;
  }
  async rotateSecret(caller: Caller, tx: Tx, place: Place, endpointId: string, graceSeconds: number) {
    await this.#locked(tx, place, endpointId);
    const secret = newSecret();
    const rotated = await this.#deps.endpoints.rotate(tx, endpointId, close(this.#deps.seal, secret, endpointId), graceSeconds);
    await this.#publish(tx, caller, place, secretRotated, { endpointId, graceSeconds });
    return { ...rotated, secret };
  }

  // ---- Deliveries

  async test(caller: Caller, tx: Tx, place: Place, endpointId: string): Promise<Delivery> {
    await this.#open(tx, place, endpointId);
    const [id, messageId] = [uuidv7(), uuidv7()];
    await this.#add(tx, [{ id, endpointId, messageId, event: 'webhooks.test', position: null }]);
    await this.#publish(tx, caller, place, endpointTested, { endpointId });
    return this.#delivery(tx, endpointId, id);
  }
  async listDeliveries(place: Place, endpointId: string, state: Delivery['state'] | undefined, page: PageRequest): Promise<Page<Delivery>> {
    await this.get(place, endpointId);
    return this.#deps.deliveries.list(this.#deps.db, endpointId, state, page);
  }
  /** What it says may be of anybody: of the server's endpoints it takes a permission of its own, and each look is recorded (S115). */
  async getDelivery(
    caller: Caller,
    place: Place,
    endpointId: string,
    deliveryId: string,
    show: 'whole' | 'state',
  ): Promise<DeliveryWithAttempts> {
    const { db, log } = this.#deps;
    await this.get(place, endpointId);
    const delivery = await this.#delivery(db, endpointId, deliveryId);
    if (show === 'state' || (place.organizationId === null && !(await caller.can(readPayloads))))
      return { ...delivery, masked: true, request: null };
    const { body } = await toldBy(log, { ...delivery, endpointId });
    if (body === null) return { ...delivery, masked: false, request: null };
    await db.transaction((tx) => this.#publish(tx, caller, place, payloadRead, { endpointId, deliveryId }));
    const headers = { 'content-type': 'application/json', 'user-agent': USER_AGENT, 'webhook-id': delivery.messageId };
    return { ...delivery, masked: false, request: { headers, body } };
  }
  async replay(caller: Caller, tx: Tx, place: Place, endpointId: string, deliveryId: string): Promise<Delivery> {
    await this.#open(tx, place, endpointId);
    const delivery = await this.#deps.deliveries.replay(tx, endpointId, deliveryId);
    if (!delivery) throw new DeliveryNotFound({ deliveryId });
    tx.onCommit(this.#deps.wake);
    await this.#publish(tx, caller, place, deliveriesReplayed, { endpointId, deliveries: 1, from: null, to: null });
    return delivery;
  }
  /** From the log: what the endpoint wants now of what was published then, oldest first. */
  async replayRange(
    caller: Caller,
    tx: Tx,
    place: Place,
    endpointId: string,
    { from, to, all, after }: { from: string; to: string; all: boolean; after?: string | undefined },
  ): Promise<{ deliveries: number; next: string | null }> {
    const { log, seal, events } = this.#deps;
    const { events: patterns } = await this.#open(tx, place, endpointId);
    const boundTo = `webhooks.replay ${endpointId}`;
    const position = after === undefined ? null : seal.open(after, boundTo);
    if (position !== null && typeof position !== 'number') throw new NotFound({ after });
    const query = { names: events.matching(patterns), ...within(place.organizationId) };
    const { facts, next } = await readRange(log, tx, { from, to, after: position }, query);
    const rows = facts.map(({ id: messageId, name: event, position: at }) => ({ id: uuidv7(), endpointId, messageId, event, position: at })); // prettier-ignore
    const deliveries = await this.#add(tx, rows, all);
    await this.#publish(tx, caller, place, deliveriesReplayed, { endpointId, deliveries, from, to });
    return { deliveries, next: next === null ? null : seal.seal(next, boundTo) };
  }

  // ---- Jobs and reactions

  /** Whoever made it, while they are active and still of its organization; nobody else knows of it. */
  async notify({ endpointId, because, failures }: { endpointId: string; because: 'warning' | 'failing' | 'gone'; failures: number }) {
    const { db, users, organizations, mail, compose, endpoints } = this.#deps;
    const owner = await endpoints.owner(db, endpointId);
    const user = owner?.createdBy ? await users.find(db, owner.createdBy) : undefined;
    if (!owner || user?.status !== 'active') return;
    const { organizationId } = owner;
    if (organizationId !== null && !(await organizations.of(user.id)).some(({ id }) => id === organizationId)) return;
    const { origin } = new URL(owner.url); // the rest may hold a secret
    await mail.send({
      id: `${endpointId}-${because}-${failures}`,
      to: user.email,
      ...compose(endpointMail, { url: origin, because, failures }),
    });
  }
  async forget(tx: Tx, organizationId: string): Promise<void> {
    this.#deps.endpoints.removeAll(tx, organizationId);
    await this.#deps.jobs.enqueue(tx, clearEndpoints, {});
  }
  /** What waited for endpoints that are disabled is cancelled, and what is left of deleted ones removed, by the thousand. */
  async clear(): Promise<void> {
    const { db, endpoints } = this.#deps;
    while (await db.transaction((tx) => endpoints.clear(tx)));
  }
  async sweep(): Promise<void> {
    const { db, deliveries } = this.#deps;
    while ((await db.transaction((tx) => deliveries.sweep(tx, KEPT_DAYS, SWEPT_AT_ONCE))) === SWEPT_AT_ONCE);
  }

  async #add(tx: Tx, rows: readonly NewDelivery[], again = false): Promise<number> {
    const added = await this.#deps.deliveries.add(tx, rows, again);
    if (added > 0) tx.onCommit(this.#deps.wake);
    return added;
  }
  async #delivery(on: Runner, endpointId: string, deliveryId: string): Promise<Omit<DeliveryWithAttempts, 'request' | 'masked'>> {
    const delivery = isUuid(deliveryId) && (await this.#deps.deliveries.find(on, endpointId, deliveryId));
    if (!delivery) throw new DeliveryNotFound({ deliveryId });
    return delivery;
  }
  async #locked(tx: Tx, place: Place, endpointId: string) {
    const endpoint = await this.#deps.endpoints.lock(tx, place, endpointId);
    if (!endpoint) throw new EndpointNotFound({ endpointId });
    return endpoint;
  }
  /** @throws EndpointIsDisabled: nothing would be delivered. */
  async #open(tx: Tx, place: Place, endpointId: string): Promise<Endpoint> {
    const endpoint = await this.#locked(tx, place, endpointId);
    if (endpoint.status === 'disabled') throw new EndpointIsDisabled({ endpointId });
    return endpoint;
  }
  /** What cannot work is refused at once; what an address leads to is judged at every attempt (S45). */
  #assertGood({ url, events = [] }: EndpointChange): void {
    if (url !== undefined && this.#deps.config.production && new URL(url).protocol !== 'https:')
      throw new InsecureUrl({}, { fields: { url: 'must begin with https://' } });
    const unknown = events.findIndex((pattern) => !this.#deps.events.known(pattern));
    if (unknown >= 0)
      throw new UnknownEvent(
        {},
        { fields: { [`events.${unknown}`]: `there is no public event '${events[unknown]}': see GET /webhooks/events` } },
      );
  }
  #publish<P>(
    tx: Tx,
    caller: Caller,
    { organizationId }: Place,
    event: Event<P>,
    payload: NoInfer<P>,
    states?: { readonly before: object; readonly after: object },
  ): Promise<void> {
    const changed = states && { before: { ...states.before }, after: { ...states.after } };
    return this.#deps.log.publish(tx, caller, event, payload, { ...changed, ...within(organizationId) });
  }
}
const within = (organizationId: string | null): { organization?: string } =>
  organizationId === null ? {} : { organization: organizationId };
