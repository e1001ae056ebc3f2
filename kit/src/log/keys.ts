import { createPrivateKey, generateKeyPairSync, type KeyObject, sign, timingSafeEqual } from 'node:crypto';
import { createHmac } from 'node:crypto';
import type { Caller } from '../caller.ts';
import type { Tx } from '../database/transaction.ts';
import type { Seal } from '../seal.ts';
import { draftFact, insertDraft } from './draft.ts';
import type { Ask } from './entries.ts';
import { headKeyCreated } from './events.ts';
import { type HeadKey, headKeyOf, publicKeyOf, type Signed, type TrustedKeys } from './heads.ts';

interface KeyRow {
  readonly kid: string;
  readonly x: string;
  readonly voucher: string;
}
const KEYS = 'select kid, public_key as x, voucher from log.signing_keys order by created_at, kid';

const voucherOf = (seal: Seal, kid: string): Buffer => createHmac('sha256', seal.derive('log.head-keys', 32)).update(kid).digest();
function vouched(seal: Seal, { kid, voucher }: KeyRow): boolean {
  const given = Buffer.from(voucher, 'base64url');
  const right = voucherOf(seal, kid);
  return given.length === right.length && timingSafeEqual(given, right);
}
/** The keys that this server's secret vouches for, oldest first: all that ever signed. */
export const headKeys = async (ask: Ask, seal: Seal): Promise<HeadKey[]> =>
  (await ask<KeyRow>(KEYS, [])).filter((row) => vouched(seal, row) && headKeyOf(row.x).kid === row.kid).map(({ x }) => headKeyOf(x));
export const trustedKeys = async (ask: Ask, seal: Seal): Promise<TrustedKeys> =>
  new Map((await headKeys(ask, seal)).map(({ kid, x }) => [kid, publicKeyOf(x)]));

const LOCK = 7_303_149; // any constant: one new key at a time
const boundTo = (kid: string): string => `log.head-key:${kid}`;
/** Who signs. */
export interface HeadSigner {
  readonly kid: string;
  sign(text: string): Signed;
}
export function openSigner(seal: Seal, stored: { readonly kid: string; readonly private_key: string }): HeadSigner | undefined {
  const jwk = seal.open(stored.private_key, boundTo(stored.kid));
  if (jwk === undefined) return undefined;
  const key: KeyObject = createPrivateKey({ key: jwk as Record<string, unknown>, format: 'jwk' });
  return { kid: stored.kid, sign: (text) => ({ key: stored.kid, signature: sign(null, Buffer.from(text), key).toString('base64') }) };
}

/**
 * A new key takes the place of the one that signs now, whose private part is gone with it; what it signed still verifies.
 * @param replaces only while this key signs (null: while none does): workers that start together agree on one.
 * @returns its kid, or undefined when another was faster.
 */
export async function replaceKey(tx: Tx, caller: Caller, seal: Seal, replaces?: string | null): Promise<string | undefined> {
  await tx.run({ text: 'select pg_advisory_xact_lock($1)', values: [LOCK] });
  if (replaces !== undefined) {
    const { rows } = await tx.run<{ kid: string }>({ text: 'select kid from log.signer', values: [] });
    if ((rows[0]?.kid ?? null) !== replaces) return undefined;
  }
  const pair = generateKeyPairSync('ed25519');
  const { x, kid } = headKeyOf(pair.publicKey.export({ format: 'jwk' }).x!);
  const privateKey = seal.seal(pair.privateKey.export({ format: 'jwk' }), boundTo(kid));
  await tx.run({
    text: 'insert into log.signing_keys (kid, public_key, voucher) values ($1, $2, $3)',
    values: [kid, x, voucherOf(seal, kid).toString('base64url')],
  });
  await tx.run({
    text: 'insert into log.signer (kid, private_key) values ($1, $2) on conflict (one) do update set kid = excluded.kid, private_key = excluded.private_key',
    values: [kid, privateKey],
  });
  tx.write(insertDraft(draftFact(caller, headKeyCreated, { kid }, {})));
  return kid;
}
