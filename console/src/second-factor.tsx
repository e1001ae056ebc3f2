import { type FormEvent, type ReactNode, useState } from 'react';
import { call } from './client.ts';
import { Button, Input } from './ui.tsx';

export interface Challenge {
  readonly status: string;
  readonly challenge: string;
  readonly factors: readonly string[];
}
/** What ended in a session, or wants one more factor. */
export interface Step {
  readonly status: string;
}

/** The browser's ceremony: it asks whoever sits there. @throws DOMException where they do not go on */
async function ceremony(path: string, of: object | undefined): Promise<unknown> {
  const options = await call<PublicKeyCredentialRequestOptionsJSON>({ method: 'post', path: `${path}/options`, ...(of && { body: of }) });
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options.data);
  const credential = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential | null;
  if (!credential) throw new Error('No passkey was chosen.');
  return credential.toJSON();
}
/** Without a challenge: alone; with it: the second factor. */
export async function passkey(challenge?: string): Promise<Step> {
  const of = challenge === undefined ? {} : { challenge };
  const credential = await ceremony('/api/v1/auth/passkey', of);
  // A challenge remembers how its tokens travel; a passkey by itself says it.
  const body = { credential, ...(challenge === undefined ? { delivery: 'cookie' } : of) };
  return (await call<Step>({ method: 'post', path: '/api/v1/auth/passkey', body })).data;
}
/** Proves again who is signed in, without the password. */
export async function passkeyAgain(): Promise<Step> {
  const path = '/api/v1/auth/passkey/step-up';
  return (await call<Step>({ method: 'post', path, body: { credential: await ceremony(path, undefined) } })).data;
}

const CODES = {
  totp: {
    label: 'Code of your authenticator app',
    choose: 'Use the authenticator app',
    path: '/api/v1/mfa/challenge/totp',
    inputMode: 'numeric',
  },
  'recovery-code': {
    label: 'Recovery code',
    choose: 'Use a recovery code',
    path: '/api/v1/mfa/challenge/recovery-code',
    inputMode: 'text',
  },
} as const;
type Code = keyof typeof CODES;
const isCode = (factor: string): factor is Code => factor in CODES;

/** One more factor, by any of the ways that are set up: a code, a passkey, a recovery code where the others are lost. */
export function SecondFactor({
  challenge: { challenge, factors },
  busy,
  problem,
  onAttempt,
  children,
}: {
  challenge: Challenge;
  busy: boolean;
  problem: string | null;
  onAttempt: (run: () => Promise<Step>) => Promise<void>;
  /** Beside its buttons. */
  children?: ReactNode;
}) {
  const hasPasskey = factors.includes('passkey');
  // A recovery code is the last way: it is not asked for where another one is there.
  const [way, setWay] = useState<Code | null>(factors.includes('totp') ? 'totp' : hasPasskey ? null : 'recovery-code');
  const others = factors.filter(isCode).filter((code) => code !== way);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const code = (new FormData(event.currentTarget).get('code') as string).trim();
    if (way !== null)
      void onAttempt(async () => (await call<Step>({ method: 'post', path: CODES[way].path, body: { challenge, code } })).data);
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3" key={way}>
      {way !== null && (
        <label className="text-sm font-medium">
          {CODES[way].label}
          <Input name="code" autoComplete="one-time-code" inputMode={CODES[way].inputMode} required autoFocus className="mt-1" />
        </label>
      )}
      <p role="alert" className="min-h-5 text-sm text-wrong">
        {problem}
      </p>
      {way !== null && (
        <Button type="submit" kind="primary" busy={busy}>
          Continue
        </Button>
      )}
      {hasPasskey && (
        <Button kind={way === null ? 'primary' : 'plain'} disabled={busy} onClick={() => void onAttempt(() => passkey(challenge))}>
          Use a passkey
        </Button>
      )}
      {others.map((code) => (
        <Button key={code} kind="quiet" onClick={() => setWay(code)}>
          {CODES[code].choose}
        </Button>
      ))}
      {children}
    </form>
  );
}
