import { uuidv7 } from '@plinth/kit';
import { compactVerify, CompactSign, flattenedVerify, generalVerify, importJWK, type JWK, type JWTPayload, UnsecuredJWT } from 'jose';
import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { headOf, imported, kidOf } from './keys.ts';
import { AccessTokens } from './tokens.ts';

// RFC 8037, appendix A.
const D = 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A';
const X = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
const PUBLIC: JWK = { kty: 'OKP', crv: 'Ed25519', x: X };
const PRIVATE: JWK = { ...PUBLIC, d: D };
const KID = 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k';
const A4 = {
  input: 'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc',
  signature: 'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg',
};

// RFC 7515, appendix A: valid signatures, none of them one of ours.
const JOE = 'eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ';
const RS256 =
  'cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw';
const ES256 = 'DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q';
const ES512 =
  'AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn';
const SYMMETRIC: JWK = { kty: 'oct', k: 'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow' };
const RSA: JWK = {
  kty: 'RSA',
  n: 'ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ',
  e: 'AQAB',
};
const P256: JWK = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
};
const P256_PRIVATE: JWK = { ...P256, d: 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI' };
const P521: JWK = {
  kty: 'EC',
  crv: 'P-521',
  x: 'AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk',
  y: 'ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2',
};
const GENERAL = {
  payload: JOE,
  signatures: [
    { protected: 'eyJhbGciOiJSUzI1NiJ9', header: { kid: '2010-12-29' }, signature: RS256 },
    { protected: 'eyJhbGciOiJFUzI1NiJ9', header: { kid: 'e9bc097a-ce51-4036-9562-d2ade882db0d' }, signature: ES256 },
  ],
};
const FLATTENED = { payload: JOE, ...GENERAL.signatures[1]! };

const ISSUER = 'https://issuer.example';
const encode = (text: string | object): string => Buffer.from(typeof text === 'string' ? text : JSON.stringify(text)).toString('base64url');
const seconds = (): number => Math.floor(Date.now() / 1000);
const said = { userId: uuidv7(), sessionId: uuidv7(), roles: ['member'], factors: ['password'], provedAt: seconds(), impersonatorId: null };

/** As keys that sign are read. */
const signer = (jwk: JWK): KeyObject => createPrivateKey({ key: jwk, format: 'jwk' });
/** Our tokens with one key, whatever kid is asked for: what is refused then is refused for what it is. */
async function tokensOf(signing: JWK, verifying?: Awaited<ReturnType<typeof importJWK>>): Promise<AccessTokens> {
  const key = signer(signing);
  const { kty, crv, x } = signing;
  const verifier = (verifying ?? (await imported({ kty, crv, x } as JWK))) as Awaited<ReturnType<typeof imported>>;
  const keys = { current: () => ({ head: headOf(KID), key, from: 0 }), verifier: async () => verifier, verifies: () => true };
  return new AccessTokens({ keys, issuer: ISSUER, clock: { now: () => new Date(), monotonic: () => performance.now() } });
}

describe('RFC 8037, appendix A', () => {
  it('A.1, A.4: a key that we read signs as the RFC does', () => {
    expect(sign(null, Buffer.from(A4.input), signer(PRIVATE)).toString('base64url')).toBe(A4.signature);
  });
  it('A.2, A.5: a public key that we read verifies what the RFC signed, and nothing else', async () => {
    const key = await imported(PUBLIC);
    const verify = (input: string) => crypto.subtle.verify('Ed25519', key, Buffer.from(A4.signature, 'base64url'), Buffer.from(input));
    expect([await verify(A4.input), await verify(`${A4.input}A`)]).toEqual([true, false]);
  });
  it('A.3: a kid is the thumbprint, whatever else the key says', async () => {
    expect([await kidOf(PUBLIC), await kidOf({ ...PRIVATE, kid: 'x', use: 'sig' })]).toEqual([KID, KID]);
  });
  it('A.4: what we issue is what the RFC key signs, byte for byte, and we accept it', async () => {
    const tokens = await tokensOf(PRIVATE);
    const token = tokens.sign(said, seconds(), 900);
    const at = token.lastIndexOf('.');
    const key = createPrivateKey({ key: { ...PRIVATE }, format: 'jwk' });
    expect(token.slice(at + 1)).toBe(sign(null, Buffer.from(token.slice(0, at)), key).toString('base64url'));
    expect(token.slice(0, token.indexOf('.'))).toBe(encode({ alg: 'EdDSA', typ: 'at+jwt', kid: KID }));
    expect(await tokens.verify(token)).toMatchObject({ userId: said.userId, sessionId: said.sessionId, impersonatorId: null, kid: KID });
  });
  it('A.4: the RFC example itself is signed text, no access token', async () => {
    const tokens = await tokensOf(PRIVATE);
    expect(await tokens.verify(`${A4.input}.${A4.signature}`)).toBeNull();
  });
});

describe('RFC 7515, appendix A: valid, and refused', () => {
  const examples: readonly (readonly [string, JWK, string])[] = [
    ['A.1: HS256', SYMMETRIC, `eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.${JOE}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk`],
    ['A.2: RS256', RSA, `eyJhbGciOiJSUzI1NiJ9.${JOE}.${RS256}`],
    ['A.3: ES256', P256, `eyJhbGciOiJFUzI1NiJ9.${JOE}.${ES256}`],
    ['A.4: ES512', P521, `eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.${ES512}`],
  ];
  const ours = (): JWTPayload => {
    const now = seconds();
    const { userId, sessionId } = said;
    return { iss: ISSUER, aud: `${ISSUER}/api`, sub: userId, sid: sessionId, jti: uuidv7(), iat: now, nbf: now, exp: now + 900 };
  };
  let tokens: AccessTokens;
  beforeAll(async () => {
    tokens = await tokensOf(PRIVATE);
  });

  it.each(examples)('%s', async (_name, jwk, jws) => {
    const { alg } = JSON.parse(Buffer.from(jws.split('.')[0]!, 'base64url').toString()) as { alg: string };
    const key = await importJWK(jwk, alg);
    expect((await compactVerify(jws, key)).protectedHeader.alg).toBe(alg); // typed off correctly: the signature is good
    for (const known of [tokens, await tokensOf(PRIVATE, key)]) expect(await known.verify(jws)).toBeNull();
  });
  it.each([
    ['HS256', SYMMETRIC],
    ['ES256', P256_PRIVATE],
    ['Ed25519', PRIVATE], // RFC 9864: the same signature by another name
  ] as const)('%s over claims of ours, and a key set that has the very key', async (alg, jwk) => {
    const key = await importJWK(jwk, alg);
    const token = await new CompactSign(Buffer.from(JSON.stringify(ours()))).setProtectedHeader({ alg, typ: 'at+jwt', kid: KID }).sign(key);
    const { d: _private, ...open }: JWK = jwk;
    const verifier = await importJWK(open, alg);
    expect((await compactVerify(token, verifier)).protectedHeader.alg).toBe(alg);
    expect(await (await tokensOf(PRIVATE, verifier)).verify(token)).toBeNull();
  });
  it('A.5: unsecured', async () => {
    expect(UnsecuredJWT.decode(`eyJhbGciOiJub25lIn0.${encode(ours())}.`).payload.iss).toBe(ISSUER);
    for (const payload of [JOE, encode(ours())]) expect(await tokens.verify(`eyJhbGciOiJub25lIn0.${payload}.`)).toBeNull();
  });
  it('A.6, A.7: JSON serializations, those of the RFC and one of ours', async () => {
    expect((await generalVerify(GENERAL, await importJWK(RSA, 'RS256'))).protectedHeader).toEqual({ alg: 'RS256' });
    expect((await flattenedVerify(FLATTENED, await importJWK(P256, 'ES256'))).protectedHeader).toEqual({ alg: 'ES256' });
    const [header, payload, signature] = tokens.sign(said, seconds(), 900).split('.');
    const flattened = { payload, protected: header, signature };
    for (const jws of [GENERAL, FLATTENED, flattened, { payload, signatures: [flattened] }]) {
      for (const text of [JSON.stringify(jws), encode(jws)]) expect(await tokens.verify(text)).toBeNull();
    }
  });
});
