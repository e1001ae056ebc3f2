import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { toast } from 'sonner';
import { call } from '../../client.ts';
import { fill, type Operation } from '../../contract.ts';
import { Button, Dialog, Input, toastProblem, useHere } from '../../kit/index.ts';
import { fromLocal, toLocal } from '../../resource/moment.ts';
import type { Place } from './place.ts';

interface Props {
  readonly place: Place;
  readonly params: Readonly<Record<string, string>>;
  readonly enabled: boolean;
}
export function ReplayRange({ place, params, enabled }: Props) {
  const operation = useHere().allowed(place.id('replayRange'));
  const [open, setOpen] = useState(false);
  if (!operation) return null;
  return (
    <>
      <Button disabled={!enabled} title={enabled ? operation.summary : 'The endpoint is disabled'} onClick={() => setOpen(true)}>
        Replay a range
      </Button>
      {open && <RangeDialog operation={operation} params={params} onClose={() => setOpen(false)} />}
    </>
  );
}

const HOURS = 24;
/** The server takes a thousand at a time: this goes on until all are queued, says how many, and can be stopped. */
function RangeDialog({ operation, params, onClose }: { operation: Operation; params: Props['params']; onClose: () => void }) {
  const [from, setFrom] = useState(() => new Date(Date.now() - HOURS * 3_600_000).toISOString());
  const [to, setTo] = useState(() => new Date(Date.now() + 60_000).toISOString());
  const [all, setAll] = useState(false);
  const [count, setCount] = useState<number | null>(null);
  const cache = useQueryClient();
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);

  const replay = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const mine = (stop.current = new AbortController());
    let queued = 0;
    setCount(0);
    try {
      for (let after: string | null | undefined = undefined; after !== null && !mine.signal.aborted;) {
        const page: { data: { deliveries: number; next: string | null } } = await call({
          method: 'post',
          path: fill(operation.template, params),
          body: { from, to, all, ...(after !== undefined && { after }) },
          signal: mine.signal,
        });
        setCount((queued += page.data.deliveries));
        after = page.data.next;
      }
      toast.success(`${queued.toLocaleString()} ${queued === 1 ? 'delivery is' : 'deliveries are'} queued`);
      onClose();
    } catch (error) {
      setCount(null);
      if (!mine.signal.aborted) toastProblem(error);
    }
    await cache.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'contract' });
  };
  const busy = count !== null;
  return (
    <Dialog
      open
      onClose={onClose}
      title="Replay a range"
      lead="What was published then and this endpoint wants, and was not delivered: also what came while it was disabled."
    >
      <form className="flex flex-col gap-4" onSubmit={(event) => void replay(event)}>
        <div className="grid gap-4 sm:grid-cols-2">
          <label className="flex flex-col gap-1 text-sm font-medium">
            From
            <Input type="datetime-local" required value={toLocal(from)} onChange={({ target }) => setFrom(fromLocal(target.value))} />
          </label>
          <label className="flex flex-col gap-1 text-sm font-medium">
            To
            <Input type="datetime-local" required value={toLocal(to)} onChange={({ target }) => setTo(fromLocal(target.value))} />
          </label>
        </div>
        <label className="flex items-center gap-2 text-sm">
          <input type="checkbox" className="accent-accent" checked={all} onChange={({ target }) => setAll(target.checked)} />
          Also what was delivered already
        </label>
        <div className="flex items-center justify-end gap-2">
          {busy && (
            <p role="status" className="mr-auto text-sm text-quiet tabular-nums">
              {count.toLocaleString()} queued so far…
            </p>
          )}
          <Button onClick={() => (busy ? stop.current?.abort() : onClose())}>{busy ? 'Stop' : 'Cancel'}</Button>
          <Button type="submit" kind="primary" busy={busy}>
            Replay
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
