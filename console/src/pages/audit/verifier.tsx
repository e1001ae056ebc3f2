import type { paths } from '@plinth/client';
import { useEffect, useRef, useState } from 'react';
import { isProblem, messages } from '../../client.ts';
import { fill } from '../../contract.ts';
import { Button, Card, Input, PageLink, Progress, useHere } from '../../kit/index.ts';
import { sentence } from '../../problems.tsx';

type Filters = NonNullable<paths['/api/v1/audit/verify']['get']['parameters']['query']>;
interface Verdict {
  readonly ok: boolean;
  readonly from: number;
  readonly position: number | null;
  readonly message: string;
  readonly unsealedSeconds: number;
}
interface Message {
  readonly at: number;
  readonly to: number;
  readonly result: Verdict | null;
}
/** The same minute that the command allows. */
const LATE_SECONDS = 60;

/** Runs the verifier on the server, and shows how far it is and what it says. */
export function Verifier() {
  const operation = useHere().allowed('audit.verify');
  const [from, setFrom] = useState('');
  const [last, setLast] = useState<Message | null>(null);
  const [running, setRunning] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);
  if (!operation) return <Card className="p-4 text-sm text-quiet">Verifying takes the permission audit:verify.</Card>;

  const run = async (): Promise<void> => {
    const mine = (stop.current = new AbortController());
    setRunning(true);
    setLast(null);
    setWrong(null);
    const query: Filters = from === '' ? {} : { from: Number(from) };
    try {
      let result: Verdict | null = null;
      for await (const message of messages<Message>({ method: 'get', path: fill(operation.template, {}), query, signal: mine.signal })) {
        setLast(message);
        result = message.result;
      }
      if (result === null) setWrong('It ended without a verdict: run it again, and look into the log of the server.');
    } catch (error) {
      if (!mine.signal.aborted) setWrong(isProblem(error) ? sentence(error) : 'The connection was lost: there is no verdict.');
    } finally {
      setRunning(false);
    }
  };
  return (
    <Card className="p-4">
      <form
        className="flex flex-wrap items-end gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <label className="flex w-40 flex-col gap-1 text-xs text-quiet">
          From position
          <Input type="number" min={1} step={1} placeholder="the first" value={from} onChange={({ target }) => setFrom(target.value)} />
        </label>
        {running ? (
          <Button onClick={() => stop.current?.abort()}>Stop</Button>
        ) : (
          <Button type="submit" kind="primary">
            Verify
          </Button>
        )}
        <p className="min-w-48 flex-1 text-sm text-quiet">
          Every entry is recomputed from its row, and compared with the chain, the signed heads and the anchors of this server.
        </p>
      </form>
      <div role="status" className="mt-4 min-h-14 text-sm">
        {wrong !== null && <p className="text-wrong">{wrong}</p>}
        {last && last.result === null && (
          <>
            <Progress value={last.at} max={last.to} label="How far it is" />
            <p className="mt-1 text-quiet tabular-nums">
              {last.at.toLocaleString()} of {last.to.toLocaleString()} entries{running ? '' : ': stopped, without a verdict'}
            </p>
          </>
        )}
        {running && last === null && <p className="text-quiet">Beginning…</p>}
        {last?.result && <Said verdict={last.result} />}
      </div>
    </Card>
  );
}

function Said({ verdict: { ok, from, position, message, unsealedSeconds } }: { verdict: Verdict }) {
  return (
    <div className={`rounded-md border p-3 ${ok ? 'border-good/40' : 'border-wrong/40'}`}>
      <p className={`font-medium ${ok ? 'text-good' : 'text-wrong'}`}>{ok ? 'The log is whole' : 'The log does not verify'}</p>
      <p className="mt-1 break-words">{message}</p>
      {position !== null && (
        <p className="mt-1">
          <PageLink to={`/audit/events/${position}`} className="text-accent underline underline-offset-2">
            Entry {position.toLocaleString()}
          </PageLink>
          {position > from && ` is the first that is wrong: from ${from.toLocaleString()} up to it everything is what was written.`}
        </p>
      )}
      {ok && unsealedSeconds > LATE_SECONDS && (
        <p className="mt-1 text-wrong">Entries older than a minute are not signed: no worker runs, or heads were taken away.</p>
      )}
    </div>
  );
}
