import { type FormEvent, useEffect, useRef, useState } from 'react';
import { call, client, setProver } from './client.ts';
import { sentence } from './problems.tsx';
import { type Challenge, passkey } from './sign-in.tsx';
import { Button, Dialog, Input } from './ui.tsx';

type Step = { readonly status: string };

/** Asks who is there once more, where the server wants a proof of the last minutes; what was asked for then goes on by itself. */
export function StepUp() {
  const [open, setOpen] = useState(false);
  const [challenge, setChallenge] = useState<Challenge | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const answer = useRef<((proved: boolean) => void) | null>(null);

  useEffect(() => {
    setProver(
      () =>
        new Promise((resolve) => {
          answer.current?.(false); // one dialog: who asked before is told no
          answer.current = resolve;
          setChallenge(null);
          setProblem(null);
          setOpen(true);
        }),
    );
    return () => setProver(null);
  }, []);
  const end = (proved: boolean): void => {
    answer.current?.(proved);
    answer.current = null;
    setOpen(false);
  };
  const attempt = async (run: () => Promise<Step>): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      const step = await run();
      if (client.session.start(step)) end(true);
      else setChallenge(step as Challenge);
    } catch (error) {
      setProblem(sentence(error));
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const secret = new FormData(event.currentTarget).get('secret') as string;
    void attempt(async () => {
      const path = challenge ? '/api/v1/mfa/challenge/totp' : '/api/v1/auth/step-up';
      const body = challenge ? { challenge: challenge.challenge, code: secret.trim() } : { password: secret };
      return (await call<Step>({ method: 'post', path, body })).data;
    });
  };
  return (
    <Dialog open={open} onClose={() => end(false)} title="Confirm who you are" lead="This wants a proof of the last minutes.">
      <form onSubmit={submit} className="flex flex-col gap-3" key={challenge?.challenge ?? 'password'}>
        <label className="text-sm font-medium">
          {challenge ? 'Code of your authenticator app' : 'Password'}
          <Input
            name="secret"
            type={challenge ? 'text' : 'password'}
            inputMode={challenge ? 'numeric' : undefined}
            autoComplete={challenge ? 'one-time-code' : 'current-password'}
            required
            autoFocus
            className="mt-1"
          />
        </label>
        <p role="alert" className="min-h-5 text-sm text-wrong">
          {problem}
        </p>
        <div className="flex flex-wrap justify-end gap-2">
          {challenge?.factors.includes('passkey') && (
            <Button onClick={() => void attempt(() => passkey(challenge.challenge))}>Use a passkey</Button>
          )}
          <Button onClick={() => end(false)}>Cancel</Button>
          <Button type="submit" kind="primary" busy={busy}>
            Confirm
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
