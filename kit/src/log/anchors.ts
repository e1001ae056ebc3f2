import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { headText, signatureProblem, type SignedHead, type TrustedKeys } from './heads.ts';
import { linesOf } from './lines.ts';

// Heads kept outside the database: one line of JSON each. Who rewrites the database does not reach them.

/** What the anchors say, without their signatures: some 100 bytes a line. */
export interface Anchors {
  /** Ascending. */
  readonly positions: readonly number[];
  /** Hex; undefined where nothing was anchored. */
  chainAt(position: number): string | undefined;
  /** The first that cannot be ours. */
  readonly forged: { readonly position: number; readonly problem: string } | null;
  /** Lines that are no head at all: what a crash cut off. They prove nothing. */
  readonly unreadable: number;
}

const isHead = (value: unknown): value is SignedHead => {
  const { position, count, chain, at, key, signature } = (value ?? {}) as Partial<Record<keyof SignedHead, unknown>>;
  const texts = [chain, at, key, signature].every((text) => typeof text === 'string');
  return texts && Number.isSafeInteger(position) && Number.isSafeInteger(count);
};
function parsed(line: string): SignedHead | null {
  try {
    const value: unknown = JSON.parse(line);
    return isHead(value) ? value : null;
  } catch {
    return null;
  }
}

/** Reads anchor files and checks every signature. @throws when a file cannot be read. */
export async function readAnchors(paths: readonly string[], keys: TrustedKeys): Promise<Anchors> {
  const chains = new Map<number, string>();
  let forged: Anchors['forged'] = null;
  let unreadable = 0;
  for (const path of paths) {
    let number = 0;
    for await (const line of linesOf(createReadStream(path))) {
      number++;
      if (line.trim() === '') continue;
      const head = parsed(line);
      if (!head) {
        unreadable++;
        continue;
      }
      const problem = signatureProblem(headText(head), head, keys);
      const other = chains.get(head.position);
      if (problem !== null) forged ??= { position: head.position, problem: `its anchor (${path}, line ${number}) ${problem}` };
      else if (other !== undefined && other !== head.chain)
        forged ??= { position: head.position, problem: `two anchors disagree (${path}, line ${number}): the log was forked` };
      else chains.set(head.position, head.chain);
    }
  }
  const positions = [...chains.keys()].sort((a, b) => a - b);
  return { positions, chainAt: (position) => chains.get(position), forged, unreadable };
}

const TAIL_BYTES = 4096;
/**
 * Appends one head to a file and waits until it is on the disk. The same head twice in a row is written once.
 * @returns false when it was there already.
 */
export async function appendAnchor(path: string, head: SignedHead): Promise<boolean> {
  const file = await open(path, 'a+', 0o640);
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - TAIL_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    const tail = buffer.subarray(0, bytesRead).toString();
    const last = parsed(tail.trimEnd().split('\n').at(-1) ?? '');
    if (last?.position === head.position && last.chain === head.chain) return false;
    // What a crash cut off must not swallow this line.
    await file.write(`${size > 0 && !tail.endsWith('\n') ? '\n' : ''}${JSON.stringify(head)}\n`);
    await file.sync();
    return true;
  } finally {
    await file.close();
  }
}
