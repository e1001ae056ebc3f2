import { uuidv7 } from '@plinth/kit';
import { CompactEncrypt, type JWK } from 'jose';
import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { AuthApp, SignedInPerson } from './auth.testing.ts';

type Fields = Readonly<Record<string, unknown>>;
/** What the tokens of the table are made of. */
export interface Workshop {
  /** Whose tokens would be good. */
  readonly person: SignedInPerson;
  readonly other: SignedInPerson;
  /** Signed out: the session has ended. */
  readonly gone: SignedInPerson;
  readonly suspended: SignedInPerson;
  /** The session in which an administrator acts as `person`. */
  readonly impersonated: { readonly token: string; readonly sessionId: string; readonly by: string };
  /** A user of another deployment with the same issuer, and of one with another. */
  readonly elsewhere: SignedInPerson;
  readonly foreign: SignedInPerson;
  readonly apiKey: string;
  readonly kid: string;
  readonly key: KeyObject;
  readonly publicJwk: JWK;
  /** A key whose time is over, still in the database, and its kid. */
  readonly retired: { readonly kid: string; readonly key: KeyObject };
}
type Hostile = readonly [name: string, make: (w: Workshop) => string | Promise<string>];

export const ISSUER = 'http://localhost:3000';
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const now = (): number => Math.floor(Date.now() / 1000);
const b64 = (value: string | Uint8Array | Fields): string =>
  (typeof value === 'string' || value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(JSON.stringify(value))).toString(
    'base64url',
  );
const without = (fields: Fields, name: string): Fields => Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name));
const claims = ({ person }: Pick<Workshop, 'person'>, more: Fields = {}): Fields => {
  const times = { iat: now(), nbf: now(), exp: now() + 600 };
  const ids = { sub: person.id, sid: person.sessionId, jti: uuidv7() };
  return { iss: ISSUER, aud: `${ISSUER}/api`, ...ids, ...times, roles: ['member'], amr: ['pwd'], auth_time: now(), ...more };
};
const header = ({ kid }: Pick<Workshop, 'kid'>, more: Fields = {}): Fields => ({ alg: 'EdDSA', typ: 'at+jwt', kid, ...more });
const over = (input: string, key: KeyObject): string => `${input}.${sign(null, Buffer.from(input), key).toString('base64url')}`;

/** Signed with the server's own key: only what it says is wrong. */
export const ours = (w: Workshop, said: Fields = {}, head: Fields = {}): string =>
  over(`${b64(header(w, head))}.${b64(claims(w, said))}`, w.key);
const lacking = (w: Workshop, claim: string): string => over(`${b64(header(w))}.${b64(without(claims(w), claim))}`, w.key);
const lackingInHead = (w: Workshop, name: string): string => over(`${b64(without(header(w), name))}.${b64(claims(w))}`, w.key);
/** Text instead of JSON of our making, signed all the same. */
const saying = (w: Workshop, payload: string | Uint8Array, head: string | Uint8Array = JSON.stringify(header(w))): string =>
  over(`${b64(head)}.${b64(payload)}`, w.key);
const mac = (w: Workshop, secret: string | Uint8Array, alg = 'HS256'): string => {
  const input = `${b64(header(w, { alg }))}.${b64(claims(w))}`;
  return `${input}.${createHmac(alg === 'HS512' ? 'sha512' : 'sha256', secret)
    .update(input)
    .digest('base64url')}`;
};
const unsigned = (w: Workshop, alg: string): string => `${b64(header(w, { alg }))}.${b64(claims(w))}.`;
const pem = ({ publicJwk }: Workshop): string => createPublicKey({ key: publicJwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
/** Signed by someone else's key, whose public part the header brings along. */
const bringing = (w: Workshop, extra: (jwk: JWK) => Fields): string => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return over(`${b64(header(w, extra(publicKey.export({ format: 'jwk' }))))}.${b64(claims(w))}`, privateKey);
};
const parts = (token: string): [string, string, string] => token.split('.') as [string, string, string];
const resigned = (w: Workshop, change: (signature: Buffer) => Uint8Array): string => {
  const [head, payload, signature] = parts(w.person.token);
  return `${head}.${payload}.${b64(change(Buffer.from(signature, 'base64url')))}`;
};
const littleEndian = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes.toReversed()).toString('hex')}`);
const bytesOf = (n: bigint): Uint8Array => Buffer.from(n.toString(16).padStart(64, '0'), 'hex').toReversed();
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** The same bytes, spelled with other bits in the last character. */
const respelled = (text: string): string => text.slice(0, -1) + ALPHABET[ALPHABET.indexOf(text.at(-1)!) ^ 1];
const tampered = (w: Workshop, more: Fields): string => {
  const [head, payload, signature] = parts(w.person.token);
  return `${head}.${b64({ ...(JSON.parse(Buffer.from(payload, 'base64url').toString()) as Fields), ...more })}.${signature}`;
};
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

const header_: readonly Hostile[] = [
  ...['none', 'None', 'NONE', 'nOnE', 'none ', ''].map((alg): Hostile => [`alg '${alg}', no signature`, (w) => unsigned(w, alg)]),
  ['alg none, with the signature of a good token', (w) => `${unsigned(w, 'none')}${parts(w.person.token)[2]}`],
  ['alg missing', (w) => lackingInHead(w, 'alg')],
  ['alg null', (w) => ours(w, {}, { alg: null })],
  ['alg in an array', (w) => ours(w, {}, { alg: ['EdDSA'] })],
  ['alg eddsa in small letters', (w) => ours(w, {}, { alg: 'eddsa' })],
  ['alg Ed25519, another name of the same', (w) => ours(w, {}, { alg: 'Ed25519' })],
  ['HS256 with the public key as PEM', (w) => mac(w, pem(w))],
  ['HS256 with the public key as PEM, trimmed', (w) => mac(w, pem(w).trim())],
  ['HS256 with the public key, raw', (w) => mac(w, Buffer.from(w.publicJwk.x!, 'base64url'))],
  ['HS256 with the public key as JWK', (w) => mac(w, JSON.stringify(w.publicJwk))],
  ['HS512 with the public key as text', (w) => mac(w, w.publicJwk.x!, 'HS512')],
  ['HS256 with an empty secret', (w) => mac(w, '')],
  ['a MAC that says EdDSA', (w) => mac(w, pem(w), 'EdDSA')],
  [
    'RS256 by another key',
    (w) => over(`${b64(header(w, { alg: 'RS256' }))}.${b64(claims(w))}`, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),
  ],
  [
    'ES256 by another key',
    (w) => over(`${b64(header(w, { alg: 'ES256' }))}.${b64(claims(w))}`, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
  ],
  ['the other curve, Ed448', (w) => over(`${b64(header(w))}.${b64(claims(w))}`, generateKeyPairSync('ed448').privateKey)],
  ['another Ed25519 key under our kid', (w) => bringing(w, () => ({}))],
  ['a key in jwk', (w) => bringing(w, (jwk) => ({ jwk }))],
  ['a key in jwk, kid to match', (w) => bringing(w, (jwk) => ({ jwk: { ...jwk, kid: 'mine' }, kid: 'mine' }))],
  ['a key at jku', (w) => bringing(w, () => ({ jku: 'http://127.0.0.1:9/jwks.json' }))],
  ['a certificate at x5u', (w) => bringing(w, () => ({ x5u: 'http://127.0.0.1:9/x' }))],
  ['a certificate in x5c', (w) => bringing(w, (jwk) => ({ x5c: [jwk.x] }))],
  ['our key, and one in jwk beside it', (w) => ours(w, {}, { jwk: { kty: 'OKP', crv: 'Ed25519', x: 'AAAA' } })],
  ['our key, and an address in jku', (w) => ours(w, {}, { jku: 'http://127.0.0.1:9/jwks.json' })],
  ...[
    'unknown',
    '',
    '../../../../dev/null',
    "' or 1=1 --",
    "x' union select kid from auth.signing_keys --",
    'a\0b',
    '__proto__',
    'constructor',
    'http://127.0.0.1:9/key',
  ].map((kid): Hostile => [`kid ${JSON.stringify(kid)}`, (w) => ours(w, {}, { kid })]),
  ['kid with a blank', (w) => ours(w, {}, { kid: `${w.kid} ` })],
  ['kid with a NUL behind it', (w) => ours(w, {}, { kid: `${w.kid}\0` })],
  ['kid a number', (w) => ours(w, {}, { kid: 1 })],
  ['kid in an array', (w) => ours(w, {}, { kid: [w.kid] })],
  ['kid missing', (w) => lackingInHead(w, 'kid')],
  ...['JWT', 'jwt', 'dpop+jwt', 'rt+jwt', 'id_token', 'at+jwt ', '', 7, null].map((typ): Hostile => [
    `typ ${JSON.stringify(typ)}`,
    (w) => ours(w, {}, { typ }),
  ]),
  ['typ missing', (w) => lackingInHead(w, 'typ')],
  ['crit with something unknown', (w) => ours(w, {}, { crit: ['exp'] })],
  ['crit empty', (w) => ours(w, {}, { crit: [] })],
  ['crit b64, and b64 false', (w) => over(`${b64(header(w, { crit: ['b64'], b64: false }))}.${b64(claims(w))}`, w.key)],
  ['b64 false without crit', (w) => ours(w, {}, { b64: false })],
  ['zip', (w) => ours(w, {}, { zip: 'DEF' })],
  ['cty: a token in the token', (w) => saying(w, ours(w), JSON.stringify(header(w, { cty: 'JWT' })))],
  ['alg twice, none first', (w) => saying(w, JSON.stringify(claims(w)), `{"alg":"none",${JSON.stringify(header(w)).slice(1)}`)],
  ['a header with blanks', (w) => saying(w, JSON.stringify(claims(w)), JSON.stringify(header(w), null, 1))],
  ['a header of invalid UTF-8', (w) => saying(w, JSON.stringify(claims(w)), Buffer.from([0x7b, 0xff, 0xfe, 0x7d]))],
  ['an array for a header', (w) => saying(w, JSON.stringify(claims(w)), '[]')],
];

const claims_: readonly Hostile[] = [
  ...['iss', 'aud', 'sub', 'sid', 'jti', 'iat', 'nbf', 'exp'].map((claim): Hostile => [`${claim} missing`, (w) => lacking(w, claim)]),
  ['iss of another port', (w) => ours(w, { iss: 'http://localhost:3001' })],
  ['iss with a slash', (w) => ours(w, { iss: `${ISSUER}/` })],
  ['iss in an array', (w) => ours(w, { iss: [ISSUER] })],
  ['aud the issuer', (w) => ours(w, { aud: ISSUER })],
  ['aud an array without us', (w) => ours(w, { aud: ['https://client.example'] })],
  ['aud an array that names us too', (w) => ours(w, { aud: ['https://client.example', `${ISSUER}/api`] })],
  ['aud an object', (w) => ours(w, { aud: { [`${ISSUER}/api`]: true } })],
  ['exp a string', (w) => ours(w, { exp: String(now() + 600) })],
  ['exp past', (w) => ours(w, { iat: now() - 600, nbf: now() - 600, exp: now() - 2 })],
  ['exp null, as NaN is written', (w) => ours(w, { exp: Number.NaN })],
  ['exp beyond all numbers', (w) => saying(w, JSON.stringify(claims(w)).replace(/"exp":\d+/, '"exp":1e400'))],
  ['exp huge', (w) => ours(w, { exp: 1e300 })],
  ['exp in a year', (w) => ours(w, { exp: now() + 31_536_000 })],
  ['exp a fraction', (w) => ours(w, { exp: now() + 600.5 })],
  ['exp negative', (w) => ours(w, { exp: -1 })],
  ['nbf in half a minute', (w) => ours(w, { nbf: now() + 30 })],
  ['nbf a string', (w) => ours(w, { nbf: '0' })],
  ['iat in half a minute', (w) => ours(w, { iat: now() + 30 })],
  ['iat a string', (w) => ours(w, { iat: '0' })],
  ['sub no id', (w) => ours(w, { sub: 'admin' })],
  ['sub an object', (w) => ours(w, { sub: { id: w.person.id } })],
  ['sub in an array', (w) => ours(w, { sub: [w.person.id] })],
  ['sub in capitals', (w) => ours(w, { sub: w.person.id.toUpperCase() })],
  ['sub of nobody', (w) => ours(w, { sub: uuidv7() })],
  ["someone else's sub, own sid", (w) => ours(w, { sub: w.other.id })],
  ["own sub, someone else's sid", (w) => ours(w, { sid: w.other.sessionId })],
  ['sid no id', (w) => ours(w, { sid: "' or 1=1 --" })],
  ['sid of an ended session', (w) => ours(w, { sub: w.gone.id, sid: w.gone.sessionId })],
  ['sid of nothing', (w) => ours(w, { sid: uuidv7() })],
  ['sid and sub of someone suspended', (w) => ours(w, { sub: w.suspended.id, sid: w.suspended.sessionId })],
  ['jti an object', (w) => ours(w, { jti: {} })],
  ['sub twice', (w) => saying(w, `{"sub":${JSON.stringify(w.other.id)},${JSON.stringify(claims(w)).slice(1)}`)],
  ['exp twice', (w) => saying(w, `{"exp":1,${JSON.stringify(claims(w)).slice(1)}`)],
  [
    'sub and sid only in __proto__',
    (w) => {
      const { sub, sid, ...rest } = claims(w);
      return saying(w, `{"__proto__":${JSON.stringify({ sub, sid })},${JSON.stringify(rest).slice(1)}`);
    },
  ],
  [
    'claims of invalid UTF-8',
    (w) =>
      saying(
        w,
        Buffer.concat([Buffer.from(JSON.stringify(claims(w)).slice(0, -1)), Buffer.from([0x2c, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])]),
      ),
  ],
  ['claims behind a byte order mark', (w) => saying(w, `\uFEFF${JSON.stringify(claims(w))}`)],
  ['claims with blanks', (w) => saying(w, JSON.stringify(claims(w), null, 1))],
  ['claims that are null', (w) => saying(w, 'null')],
  ['claims in an array', (w) => saying(w, JSON.stringify([claims(w)]))],
  ['claims nested a thousand deep', (w) => saying(w, nested(1000))],
  ['a claim nested a thousand deep, and then sub', (w) => saying(w, `{"x":${nested(1000)},"sub":"x"}`)],
  ['9 kB of claims', (w) => ours(w, { roles: ['x'.repeat(9000)] })],
  ['6 kB of claims', (w) => ours(w, { roles: ['x'.repeat(4500)] })],
  ['act added', (w) => ours(w, { act: { sub: w.other.id } })],
  ['act no object', (w) => ours(w, { act: w.other.id })],
  ['act taken out of an impersonation', (w) => ours(w, { sid: w.impersonated.sessionId })],
  ['act of an impersonation exchanged', (w) => ours(w, { sid: w.impersonated.sessionId, act: { sub: w.other.id } })],
];

const shape: readonly Hostile[] = [
  ['payload changed: roles', (w) => tampered(w, { roles: ['admin'] })],
  ['payload changed: amr', (w) => tampered(w, { amr: ['pwd', 'otp', 'pop'] })],
  ['payload changed: act', (w) => tampered(w, { act: { sub: w.other.id } })],
  ['payload changed: exp', (w) => tampered(w, { exp: now() + 3600 })],
  ['signature respelled: other bits at its end', (w) => respelled(ours(w))],
  ['signature padded', (w) => `${ours(w)}==`],
  ['signature padded by half', (w) => `${ours(w)}=`],
  ['signature in the other base64', (w) => `${parts(ours(w)).slice(0, 2).join('.')}.${'+/'.repeat(43)}`],
  ['header padded', (w) => ours(w).replace('.', '=.')],
  ['a character more', (w) => `${ours(w)}A`],
  ['signature cut by one character', (w) => ours(w).slice(0, -1)],
  ['signature cut in half', (w) => ours(w).slice(0, -43)],
  ['signature empty', (w) => `${parts(ours(w)).slice(0, 2).join('.')}.`],
  ['signature of zeros', (w) => resigned(w, () => Buffer.alloc(64))],
  [
    'signature for a key of small order: R the neutral element, S zero',
    (w) => resigned(w, () => Buffer.concat([Buffer.from([1]), Buffer.alloc(63)])),
  ],
  [
    'S + L: the same signature by another number',
    (w) => resigned(w, (s) => Buffer.concat([s.subarray(0, 32), bytesOf(littleEndian(s.subarray(32)) + L)])),
  ],
  ['R and S exchanged', (w) => resigned(w, (s) => Buffer.concat([s.subarray(32), s.subarray(0, 32)]))],
  ['one bit of the signature turned', (w) => resigned(w, (s) => Buffer.from(s.map((byte, i) => (i === 7 ? byte ^ 1 : byte))))],
  ["signature of another's token", (w) => `${parts(w.person.token).slice(0, 2).join('.')}.${parts(w.other.token)[2]}`],
  ["payload of another's token", (w) => [parts(w.person.token)[0], parts(w.other.token)[1], parts(w.person.token)[2]].join('.')],
  ['signature random', (w) => resigned(w, () => randomBytes(64))],
  ['four parts', (w) => `${ours(w)}.AAAA`],
  ['a dot behind', (w) => `${ours(w)}.`],
  ['a dot before', (w) => `.${ours(w)}`],
  ['two parts', (w) => parts(ours(w)).slice(0, 2).join('.')],
  ['nothing but dots', () => '..'],
  ['empty header', (w) => `.${parts(ours(w)).slice(1).join('.')}`],
  ['empty payload', (w) => `${parts(ours(w))[0]}..${parts(ours(w))[2]}`],
  [
    'five parts: encrypted for us (JWE)',
    (w) =>
      new CompactEncrypt(Buffer.from(ours(w)))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: w.kid, typ: 'at+jwt' })
        .encrypt(Buffer.from(w.publicJwk.x!, 'base64url')),
  ],
  [
    'in JSON serialization, encoded',
    (w) => b64({ protected: parts(ours(w))[0], payload: parts(ours(w))[1], signature: parts(ours(w))[2] }),
  ],
  ['a blank inside', (w) => ours(w).replace('.', '. ')],
  ['a blank inside the signature', (w) => `${ours(w).slice(0, -4)} ${ours(w).slice(-4)}`],
  ['two tokens and a comma', (w) => `${w.person.token},${w.person.token}`],
  ['the word undefined', () => 'undefined'],
  ['one character', () => 'a'],
  ['a refresh token', (w) => w.person.refreshToken],
  ['an API key', (w) => w.apiKey],
  ['an ID token of ours', (w) => ours(w, { aud: 'client', nonce: 'n' }, { typ: 'JWT' })],
  ['the token of an ended session', (w) => w.gone.token],
  ['the token of someone suspended', (w) => w.suspended.token],
  ['of another deployment with our issuer', (w) => w.elsewhere.token],
  ['of another deployment, under our kid', (w) => [parts(w.person.token)[0], ...parts(w.elsewhere.token).slice(1)].join('.')],
  ['of another issuer', (w) => w.foreign.token],
  ['of a key whose time is over', (w) => over(`${b64(header(w.retired))}.${b64(claims(w))}`, w.retired.key)],
];

export const hostileTokens: readonly Hostile[] = [...header_, ...claims_, ...shape];

/** A key pair, as the server keeps them. */
export const keyOf = (jwk: JWK): KeyObject => createPrivateKey({ key: jwk, format: 'jwk' });
/** Retires a key that was never announced. */
export async function retire(app: AuthApp): Promise<Workshop['retired']> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const kid = `retired-${uuidv7()}`;
  await app.owner.query(
    `insert into auth.signing_keys (kid, public_key, private_key, signs_from, verifies_until)
     values ($1, $2, 'x', now() - interval '2 days', now() - interval '1 second')`,
    [kid, JSON.stringify({ ...publicKey.export({ format: 'jwk' }), kid, alg: 'EdDSA', use: 'sig' })],
  );
  return { kid, key: privateKey };
}
