import { type FormEvent, useState } from 'react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { call, client, queries } from './client.ts';
import { sentence } from './problems.tsx';
import { type Challenge, passkey, SecondFactor, type Step } from './second-factor.tsx';
import { Button, Input } from './ui.tsx';

export function SignIn() {
  const [challenge, setChallenge] = useState<Challenge | null>(null);
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

  return (
    <main className="grid min-h-screen place-items-center p-4">
      <div className="w-full max-w-sm rounded-lg border border-line bg-card p-6">
        <h1 className="text-xl font-semibold">Plinth console</h1>
        <p className="mt-1 mb-5 text-sm text-quiet">
          {challenge ? 'One more factor.' : 'Sign in as somebody who administers this server.'}
        </p>
        {challenge === null ? (
          <form onSubmit={submitPassword} className="flex flex-col gap-3">
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
            <Button disabled={busy} onClick={() => void attempt(() => passkey())}>
              Use a passkey
            </Button>
            <p role="alert" className="min-h-5 text-sm text-wrong">
              {problem}
            </p>
          </form>
        ) : (
          <SecondFactor challenge={challenge} busy={busy} problem={problem} onAttempt={attempt}>
            <Button kind="quiet" onClick={() => setChallenge(null)}>
              Sign in as somebody else
            </Button>
          </SecondFactor>
        )}
      </div>
    </main>
  );
}
