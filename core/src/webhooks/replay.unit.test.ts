import type { Tx } from '@plinth/kit';
import { expect, it } from 'vitest';
import { readRange } from './replay.ts';

const tx = undefined as unknown as Tx;
const START = Date.parse('2026-01-01T00:00:00Z');
const at = (seconds: number): string => new Date(START + seconds * 1000).toISOString();
/** A fact a second, its commit up to a minute late; positions begin behind those that were archived. */
const BEHIND = 5000;
const facts = Array.from({ length: 400_000 }, (_, i) => ({
  position: BEHIND + i + 1,
  occurredAt: at(i - (i % 60)),
  wanted: i % 300 === 0,
}));
let widest = 0;
const log = {
  head: async () => BEHIND + facts.length,
  async read(
    _on: unknown,
    { after, upTo = Infinity, limit }: { after: number; upTo?: number; limit: number },
    query?: { from?: string; to?: string },
  ) {
    const begin = Math.max(0, after - BEHIND);
    const end = Math.min(facts.length, upTo - BEHIND);
    if (query) widest = Math.max(widest, end - begin);
    const found = [];
    for (let i = begin; i < end && found.length < limit; i++) {
      const fact = facts[i]!;
      if (!query || (fact.wanted && fact.occurredAt >= query.from! && fact.occurredAt < query.to!)) found.push(fact);
    }
    return found;
  },
} as never;

it.each([
  ['all', 0, 400_000],
  ['nothing before', -9999, 0],
  ['nothing after', 400_000, 500_000],
  ['the middle', 200_000, 200_600],
  ['one moment', 300_000, 300_001],
  ['from late on', 399_000, 1e9],
  ['the wrong way round', 2000, 1000],
])('a range holds each of its facts once, in order, whatever its pages: %s', async (_what, from, to) => {
  const expected = facts
    .filter(({ wanted, occurredAt }) => wanted && occurredAt >= at(from) && occurredAt < at(to))
    .map(({ position }) => position);
  const found: number[] = [];
  let calls = 0;
  for (let after: number | null = null; ; calls++) {
    const page: { facts: readonly { position: number }[]; next: number | null } = await readRange(
      log,
      tx,
      { from: at(from), to: at(to), after },
      {},
    );
    found.push(...page.facts.map(({ position }) => position));
    expect(page.facts.length).toBeLessThanOrEqual(1000);
    if (page.next === null) break;
    after = page.next;
  }
  expect(found).toEqual(expected);
  expect(calls).toBeLessThan(5);
  expect(widest).toBeLessThanOrEqual(25_000);
});
