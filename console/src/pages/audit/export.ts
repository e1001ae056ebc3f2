import { toast } from 'sonner';
import { flow, isProblem } from '../../client.ts';
import { fill, type Operation } from '../../contract.ts';
import { download } from '../../csv.ts';
import { toastProblem } from '../../problems.tsx';

const size = (bytes: number): string => (bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`);
const SAID_EVERY_MS = 200;
/** It stands in the page's memory until it is whole. */
const MOST_BYTES = 256_000_000;

/** A file that flows from the server: says how much came, can be stopped, and is saved when it is whole only. */
export async function exportFlow(operation: Operation, query: Readonly<Record<string, string>>, name: string): Promise<void> {
  const stop = new AbortController();
  const id = toast.loading('Reading…', { cancel: { label: 'Stop', onClick: () => stop.abort() } });
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  let said = performance.now();
  try {
    for await (const part of flow({ method: 'get', path: fill(operation.template, {}), query, signal: stop.signal })) {
      parts.push(part);
      bytes += part.byteLength;
      if (bytes > MOST_BYTES) {
        stop.abort();
        toast.error(`This is more than ${size(MOST_BYTES)}: narrow the search by time, or fetch it by command (docs/guides/audit.md).`, {
          id,
          cancel: undefined,
        });
        return;
      }
      if (performance.now() - said < SAID_EVERY_MS) continue;
      said = performance.now();
      toast.loading(`${size(bytes)} read…`, { id });
    }
    download(name, new Blob(parts));
    toast.success(`${name}: ${size(bytes)}`, { id, cancel: undefined });
  } catch (error) {
    toast.dismiss(id);
    if (stop.signal.aborted) return;
    if (isProblem(error)) toastProblem(error);
    else toast.error('The connection was lost before the end: nothing was saved.');
  }
}
