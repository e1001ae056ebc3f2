import { type Caller, type Compose, type Database, type EventLog, type Jobs, type Mail, type Seal, type Tx, uuidv7 } from '@plinth/kit';
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type AuthApi, type Counted, type Delivery, isEnoughMail, type Proved } from '../auth/index.ts';
import type { User, UsersApi } from '../users/index.ts';
import { codeMail, CodeRefused, magicLinkMail, sendCode, sendMagicLink } from './contract.ts';
import type { PasswordlessRepository } from './repository.ts';

interface Deps {
  readonly db: Database;
  readonly log: EventLog;
  readonly jobs: Jobs;
  readonly mail: Mail;
  readonly compose: Compose;
  readonly seal: Seal;
  readonly users: UsersApi;
  readonly auth: AuthApi;
  readonly codes: PasswordlessRepository;
  /** Makes codes and the tokens of flows. */
  readonly key: Buffer;
}
const LINK = 'passwordless.magic-link';
const LINK_SECONDS = 600; // ASVS 6.5.5
const DIGITS = 8;
const MESSAGE = 'If there is an account with this address, we have sent it a mail';

export interface CodeGiven {
  readonly email: string;
  readonly flow: string;
  readonly code: string;
  readonly delivery: Delivery;
}

/** Signing in with what a mail brought. Whoever has the mail has the address: it counts as proved. */
export class PasswordlessService {
  readonly #deps: Deps;
  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Looks nothing up: only the mail tells (B21). */
  async askMagicLink(caller: Caller, tx: Tx, email: string): Promise<{ message: string }> {
    const { jobs, auth } = this.#deps;
    await jobs.enqueue(tx, sendMagicLink, { requestId: uuidv7(), email: this.#sealed(email), network: auth.attempts.network(caller) });
    return { message: MESSAGE };
  }
  async sendMagicLink(requestId: string, sealed: string, network?: string): Promise<void> {
    const { db, mail, compose, users, auth } = this.#deps;
    const user = await users.findByEmail(db, this.#opened(sealed));
    if (user?.status !== 'active') return;
    const link = await auth.links.create(user, { id: requestId, purpose: LINK, path: '/auth/magic', seconds: LINK_SECONDS, network });
    if (link !== null) await mail.send({ id: requestId, to: user.email, ...compose(magicLinkMail, { link }) });
  }
  /** @throws InvalidLink, also when the user is not active any more */
  async redeemMagicLink(caller: Caller, token: string, delivery: Delivery): Promise<Proved> {
    const { db, auth } = this.#deps;
    return db.transaction(async (tx) => {
      const { userId } = await auth.links.take(tx, LINK, token);
      await auth.claim(caller, tx, userId);
      return auth.prove(caller, tx, { userId, factor: 'magic-link', delivery });
    });
  }

  /** The flow is handed out for every address; a code is mailed only where there is an account. */
  async askCode(caller: Caller, tx: Tx, email: string): Promise<{ flow: string; message: string }> {
    const { jobs, auth, codes } = this.#deps;
    const requestId = uuidv7();
    const flow = this.#flow(requestId);
    codes.insert(tx, { id: requestId, flowHash: hashOf(flow), network: auth.attempts.network(caller) });
    await jobs.enqueue(tx, sendCode, { requestId, email: this.#sealed(email) });
    return { flow, message: MESSAGE };
  }
  async sendCode(requestId: string, sealed: string): Promise<void> {
    const { db, mail, compose, users, codes } = this.#deps;
    const user = await users.findByEmail(db, this.#opened(sealed));
    if (user?.status !== 'active') return;
    const mailed = await db.transaction(
      async (tx) =>
        // Held, so that mails that start at once do not all see none; and what was found by its address is still that address's.
        (await users.lockActive(tx, user.id))?.email === user.email &&
        !isEnoughMail(await codes.sentLately(tx, user.id, requestId)) &&
        (await codes.assign(tx, requestId, user.id)),
    );
    if (mailed) await mail.send({ id: requestId, to: user.email, ...compose(codeMail, { code: this.#code(requestId) }) });
  }
  /**
   * The code is verified before anything shows whether there is an account, and every failure looks the same (B23).
   * @throws CodeRefused, TooManyAttempts; InvalidCredentials when the user is not active any more
   */
  async redeemCode(caller: Caller, { email, flow, code, delivery }: CodeGiven): Promise<Proved> {
    const { db, users, auth, codes } = this.#deps;
    const counted = auth.attempts.of(caller, 'code', email);
    const [user] = await Promise.all([users.findByEmail(db, email), auth.attempts.check(db, counted)]);
    const mailed = await codes.guess(db, hashOf(flow));
    const right = same(code, this.#code(mailed?.id ?? ''));
    if (!mailed?.userId || !right || mailed.userId !== user?.id) return this.#refuse(caller, counted, user);
    return db.transaction(async (tx) => {
      if (await auth.attempts.check(tx, counted)) auth.attempts.clear(tx, counted);
      await auth.claim(caller, tx, user.id); // holds the user, before the code: a new password does so too
      if (!(await codes.take(tx, mailed.id))) throw new CodeRefused({ reason: 'used' });
      return auth.prove(caller, tx, { userId: user.id, factor: 'email-code', delivery });
    });
  }

  async #refuse(caller: Caller, counted: Counted, user: User | undefined): Promise<never> {
    if (user) this.#deps.log.refused(caller, { code: CodeRefused.code, reason: 'wrong-code', account: user.id });
    await this.#deps.auth.attempts.failed(counted);
    throw new CodeRefused({ reason: 'wrong' });
  }
  #flow(requestId: string): string {
    return createHmac('sha256', this.#deps.key).update(`flow ${requestId}`).digest('base64url');
  }
  #code(requestId: string): string {
    // 64 bits reduced to eight digits: no code is measurably likelier than another.
    const bits = createHmac('sha256', this.#deps.key).update(`code ${requestId}`).digest().readBigUInt64BE();
    return String(bits % 10n ** BigInt(DIGITS)).padStart(DIGITS, '0');
  }
  #sealed(email: string): string {
    return this.#deps.seal.seal(email, 'passwordless.email');
  }
  #opened(sealed: string): string {
    return this.#deps.seal.open(sealed, 'passwordless.email') as string;
  }
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
const same = (a: string, b: string): boolean => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
