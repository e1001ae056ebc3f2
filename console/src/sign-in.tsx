import { type FormEvent, useState } from 'react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { call, client, queries } from './client.ts';
import { sentence } from './problems.tsx';
import { Button, Input } from './ui.tsx';

export interface Challenge {
  readonly status: string;
  readonly challenge: string;
  readonly factors: readonly string[];
}
/** What ended in a session, or wants one more factor. */
type Step = { readonly status: string };

/** The browser's ceremony. Without a challenge: alone; with it: the second factor. */
export async function passkey(challenge?: string): Promise<Step> {
  const of = challenge === undefined ? {} : { challenge };
  const options = await call<PublicKeyCredentialRequestOptionsJSON>({ method: 'post', path: '/api/v1/auth/passkey/options', body: of });
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options.data);
  const credential = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential | null;
  if (!credential) throw new Error('No passkey was chosen.');
  // A challenge remembers how its tokens travel; a passkey by itself says it.
  const delivery = challenge === undefined ? { delivery: 'cookie' } : of;
  const body = { credential: credential.toJSON() as unknown, ...delivery };
  return (await call<Step>({ method: 'post', path: '/api/v1/auth/passkey', body })).data;
}

export function SignIn() {
  const [challenge, setChallenge] = useState<Challenge | null>(null);
  const [recovery, setRecovery] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const { redirect } = useSearch({ strict: false });
  const navigate = useNavigate();

  const attempt = async (run: () => Promise<Step>): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      const step = await run();
      if (client.session.start(step)) {
        queries.removeQueries({ queryKey: ['mine'] });
        await navigate({ to: typeof redirect === 'string' && redirect.startsWith('/') && !redirect.startsWith('//') ? redirect : '/' });
      } else if (step.status === 'second-factor-required') setChallenge(step as Challenge);
      else setProblem('A second factor must be set up first: sign in to your own account, and add one there.');
    } catch (error) {
      setProblem(error instanceof DOMException ? 'No passkey was used.' : sentence(error));
    } finally {
      setBusy(false);
    }
  };
  const submitPassword = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const { email, password } = Object.fromEntries(new FormData(event.currentTarget)) as { email: string; password: string };
    void attempt(
      async () => (await call<Step>({ method: 'post', path: '/api/v1/auth/sign-in', body: { email, password, delivery: 'cookie' } })).data,
    );
  };
  const submitCode = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const code = (new FormData(event.currentTarget).get('code') as string).trim();
    const path = `/api/v1/mfa/challenge/${recovery ? 'recovery-code' : 'totp'}`;
    void attempt(async () => (await call<Step>({ method: 'post', path, body: { challenge: challenge!.challenge, code } })).data);
  };
  const factors = challenge?.factors ?? [];

  return (
    <main className="grid min-h-screen place-items-center p-4">
      <div className="w-full max-w-sm rounded-lg border border-line bg-card p-6">
        <h1 className="text-xl font-semibold">Plinth console</h1>
        <p className="mt-1 text-sm text-quiet">{challenge ? 'One more factor.' : 'Sign in as somebody who administers this server.'}</p>
        {challenge === null ? (
          <form onSubmit={submitPassword} className="mt-5 flex flex-col gap-3">
            <label className="text-sm font-medium">
              E-mail
              <Input name="email" type="email" autoComplete="username webauthn" required autoFocus className="mt-1" />
            </label>
            <label className="text-sm font-medium">
              Password
              <Input name="password" type="password" autoComplete="current-password" required className="mt-1" />
            </label>
            <Button type="submit" kind="primary" busy={busy}>
              Sign in
            </Button>
          </form>
        ) : (
          (factors.includes('totp') || factors.includes('recovery-code')) && (
            <form onSubmit={submitCode} className="mt-5 flex flex-col gap-3" key={String(recovery)}>
              <label className="text-sm font-medium">
                {recovery ? 'Recovery code' : 'Code of your authenticator app'}
                <Input
                  name="code"
                  autoComplete="one-time-code"
                  inputMode={recovery ? 'text' : 'numeric'}
                  required
                  autoFocus
                  className="mt-1"
                />
              </label>
              <Button type="submit" kind="primary" busy={busy}>
                Continue
              </Button>
              {factors.includes('recovery-code') && (
                <Button kind="quiet" onClick={() => setRecovery(!recovery)}>
                  {recovery ? 'Use the authenticator app' : 'Use a recovery code'}
                </Button>
              )}
            </form>
          )
        )}
        {(challenge === null || factors.includes('passkey')) && (
          <Button className="mt-3 w-full" disabled={busy} onClick={() => void attempt(() => passkey(challenge?.challenge))}>
            Use a passkey
          </Button>
        )}
        <p role="alert" className="mt-3 min-h-5 text-sm text-wrong">
          {problem}
        </p>
      </div>
    </main>
  );
}
