import { isoCBOR } from '@simplewebauthn/server/helpers';
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest();
const base64url = (data: Uint8Array): string => Buffer.from(data).toString('base64url');

/** What an answer may lie about. */
export interface Lies {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly type?: string;
  readonly counter?: number;
  readonly verified?: boolean;
  readonly signature?: Buffer;
}

/** An authenticator in software, as WebAuthn Level 3 §6 describes one: one ES256 key, a counter, and it can lie where a test wants it to. */
export class SoftAuthenticator {
  readonly credentialId = randomBytes(32);
  readonly #publicKey: KeyObject;
  readonly #privateKey: KeyObject;
  counter = 0;
  readonly #origin: string;
  constructor(origin = 'http://localhost:3000') {
    ({ publicKey: this.#publicKey, privateKey: this.#privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' }));
    this.#origin = origin;
  }
  get id(): string {
    return base64url(this.credentialId);
  }

  create({ challenge }: { readonly challenge: string }, lies: Lies = {}) {
    const { x, y } = this.#publicKey.export({ format: 'jwk' });
    const key = isoCBOR.encode(
      new Map<number, number | Uint8Array<ArrayBuffer>>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, new Uint8Array(Buffer.from(x!, 'base64url'))],
        [-3, new Uint8Array(Buffer.from(y!, 'base64url'))],
      ]),
    );
    const length = Buffer.alloc(2);
    length.writeUInt16BE(this.credentialId.length);
    const authData = Buffer.concat([this.#head(lies, 0x40), Buffer.alloc(16), length, this.credentialId, key]);
    const attestation = isoCBOR.encode(
      new Map<string, unknown>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', new Uint8Array(authData)],
      ]) as never,
    );
    return this.#answer({
      clientDataJSON: this.#client('webauthn.create', challenge, lies),
      attestationObject: base64url(attestation),
      transports: ['internal'],
    });
  }
  get({ challenge }: { readonly challenge: string }, lies: Lies = {}) {
    this.counter++;
    const authenticatorData = this.#head(lies, 0);
    const clientDataJSON = this.#client('webauthn.get', challenge, lies);
    const signed = Buffer.concat([authenticatorData, sha256(Buffer.from(clientDataJSON, 'base64url'))]);
    const signature = lies.signature ?? sign('sha256', signed, this.#privateKey);
    return this.#answer({ clientDataJSON, authenticatorData: base64url(authenticatorData), signature: base64url(signature) });
  }

  #head({ rpId = new URL(this.#origin).hostname, verified = true, counter = this.counter }: Lies, flags: number): Buffer {
    const counted = Buffer.alloc(4);
    counted.writeUInt32BE(counter);
    return Buffer.concat([sha256(rpId), Buffer.from([0x01 | (verified ? 0x04 : 0) | flags]), counted]);
  }
  #client(type: string, challenge: string, lies: Lies): string {
    const data = {
      type: lies.type ?? type,
      challenge: lies.challenge ?? challenge,
      origin: lies.origin ?? this.#origin,
      crossOrigin: false,
    };
    return base64url(Buffer.from(JSON.stringify(data)));
  }
  #answer(response: object) {
    return { id: this.id, rawId: this.id, type: 'public-key' as const, response, clientExtensionResults: {} };
  }
}
