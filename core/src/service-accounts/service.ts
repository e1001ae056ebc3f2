import type { Caller, Database, Page, PageRequest, Runner, Tx } from '@plinth/kit';
import type { KeysApi, NewApiKey } from '../api-keys/index.ts';
import type { User, UsersApi } from '../users/index.ts';
import { type NewServiceAccount, type ServiceAccount, ServiceAccountNotFound } from './contract.ts';

interface Deps {
  readonly db: Database;
  readonly users: UsersApi;
  readonly apiKeys: KeysApi;
}
const DOMAIN = '@service.invalid';

/** Users who are programs: roles and keys like everybody, and no way to sign in. */
export class ServiceAccounts {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async list(caller: Caller, paging: PageRequest): Promise<Page<ServiceAccount>> {
    const { items, ...rest } = await this.#deps.users.list(caller, { kind: 'service', sort: '-createdAt' }, paging);
    return { items: items.map(asAccount), ...rest };
  }
  async create(caller: Caller, tx: Tx, { name, title }: NewServiceAccount): Promise<ServiceAccount> {
    return asAccount(await this.#deps.users.create(caller, tx, { email: name + DOMAIN, displayName: title, kind: 'service' }));
  }

  async keys(caller: Caller, accountId: string) {
    await this.#existing(this.#deps.db, accountId);
    return this.#deps.apiKeys.list(caller, accountId);
  }
  /** @throws GrantExceedsOwn */
  async createKey(caller: Caller, tx: Tx, accountId: string, key: NewApiKey) {
    await this.#existing(tx, accountId);
    return this.#deps.apiKeys.create(caller, tx, accountId, key);
  }
  /** @throws GrantExceedsOwn */
  async rotateKey(caller: Caller, tx: Tx, accountId: string, keyId: string, graceSeconds: number) {
    await this.#existing(tx, accountId);
    return this.#deps.apiKeys.rotate(caller, tx, accountId, keyId, graceSeconds);
  }
  async revokeKey(caller: Caller, tx: Tx, accountId: string, keyId: string): Promise<void> {
    await this.#existing(tx, accountId);
    await this.#deps.apiKeys.revoke(caller, tx, accountId, keyId);
  }

  /** Keys of people are their own affair: an id of one is as good as none. */
  async #existing(on: Runner, accountId: string): Promise<void> {
    if ((await this.#deps.users.find(on, accountId))?.kind !== 'service') throw new ServiceAccountNotFound({ accountId });
  }
}

const asAccount = ({ id, email, displayName, status, createdAt }: User): ServiceAccount => ({
  id,
  name: email.slice(0, email.lastIndexOf('@')),
  title: displayName,
  status,
  createdAt,
});
