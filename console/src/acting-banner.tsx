import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { type Acting, actNoMore } from './acting.ts';
import { call, isProblem, queries } from './client.ts';
import { toastProblem } from './problems.tsx';
import { pageOf } from './resource/address.ts';

/** As long as one acts as somebody else it says so on every page, and is the way back. */
export function ActingBanner({ acting: { userId, name, ended } }: { acting: Acting }) {
  const [busy, setBusy] = useState(false);
  const navigate = useNavigate();
  const stop = async (): Promise<void> => {
    setBusy(true);
    try {
      if (!ended) await call({ method: 'delete', path: '/api/v1/impersonation' });
    } catch (error) {
      // It had ended already: what is left is to go back.
      if (!isProblem(error) || error.code !== 'IMPERSONATION_ENDED') {
        setBusy(false);
        return toastProblem(error);
      }
    }
    actNoMore();
    await queries.resetQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'contract' });
    await navigate(pageOf(`/users/${userId}`));
  };
  return (
    <div
      role="status"
      className="fixed inset-x-0 bottom-0 z-30 flex flex-wrap items-center justify-center gap-x-4 gap-y-2 bg-accent px-4 py-3 text-sm text-on-accent"
    >
      <p>
        {ended ? (
          <>You act as {name} no more: it ended.</>
        ) : (
          <>
            You act as <strong>{name}</strong>. Every fact names both of you.
          </>
        )}
      </p>
      <button
        type="button"
        disabled={busy}
        aria-busy={busy}
        onClick={() => void stop()}
        className="h-8 rounded-md border border-current px-3 font-medium disabled:opacity-50"
      >
        {ended ? 'Go on as yourself' : 'Stop, and be yourself'}
      </button>
    </div>
  );
}
