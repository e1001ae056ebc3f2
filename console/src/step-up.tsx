import { type FormEvent, useEffect, useRef, useState } from 'react';
import { call, client, setProver } from './client.ts';
import { sentence } from './problems.tsx';
import { type Challenge, passkeyAgain, SecondFactor, type Step } from './second-factor.tsx';
import { Button, Dialog, Input } from './ui.tsx';

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
      setProblem(error instanceof DOMException ? 'No passkey was used.' : sentence(error));
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const password = new FormData(event.currentTarget).get('secret') as string;
    void attempt(async () => (await call<Step>({ method: 'post', path: '/api/v1/auth/step-up', body: { password } })).data);
  };
  return (
    <Dialog open={open} onClose={() => end(false)} title="Confirm who you are" lead="This wants a proof of the last minutes.">
      {challenge ? (
        <SecondFactor key={challenge.challenge} challenge={challenge} busy={busy} problem={problem} onAttempt={attempt}>
          <Button kind="quiet" onClick={() => end(false)}>
            Cancel
          </Button>
        </SecondFactor>
      ) : (
        <form onSubmit={submit} className="flex flex-col gap-3">
          <label className="text-sm font-medium">
            Password
            <Input name="secret" type="password" autoComplete="current-password" required autoFocus className="mt-1" />
          </label>
          <p role="alert" className="min-h-5 text-sm text-wrong">
            {problem}
          </p>
          <div className="flex flex-wrap justify-end gap-2">
            <Button onClick={() => end(false)}>Cancel</Button>
            <Button disabled={busy} onClick={() => void attempt(passkeyAgain)}>
              Use a passkey
            </Button>
            <Button type="submit" kind="primary" busy={busy}>
              Confirm
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
