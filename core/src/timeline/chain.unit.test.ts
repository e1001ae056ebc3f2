import { expect, it } from 'vitest';
import { chainOf, MOST_STEPS } from './chain.ts';
import type { Graph, Node } from './node.ts';

const node = (id: string, over: Partial<Node> = {}): Node => ({
  id,
  kind: 'fact',
  at: '2026-01-01T00:00:00.000000Z',
  title: id,
  name: null,
  state: null,
  detail: null,
  durationMs: null,
  cause: null,
  reference: null,
  subject: null,
  visible: true,
  base: false,
  many: false,
  ...over,
});
const graphOf = (...nodes: Node[]): Graph => new Map(nodes.map((each) => [each.id, each]));
const at = (n: number): string => `2026-01-01T00:00:00.${String(n).padStart(6, '0')}Z`;

it('is bounded, says so, and keeps the newest and what was asked for', () => {
  const many = Array.from({ length: 1000 }, (_, i) => node(`fact:${i}`, { at: at(i), base: true, cause: i === 0 ? null : 'fact:0' }));
  const { steps, cut } = chainOf(graphOf(...many), new Set(['fact:7']));
  expect(cut).toBe(true);
  expect(steps).toHaveLength(MOST_STEPS);
  expect([steps[0]!.id, steps[1]!.id, steps.at(-1)!.id]).toEqual(['fact:7', `fact:${1000 - MOST_STEPS + 1}`, 'fact:999']);
  expect(steps.every(({ cause }) => cause === null)).toBe(true); // their cause is not among them
  const all = chainOf(graphOf(...many.slice(0, MOST_STEPS)), new Set(['fact:7']));
  expect([all.steps.length, all.cut]).toEqual([MOST_STEPS, false]);
});

it('has no step before its cause, whatever the clocks say', () => {
  const graph = graphOf(
    node('fact:effect', { at: at(1), base: true, cause: 'job:late' }),
    node('job:late', { at: at(5), cause: 'request:r' }),
    node('request:r', { at: at(3) }),
    node('fact:between', { at: at(4), base: true, cause: 'request:r' }),
  );
  expect(chainOf(graph, new Set()).steps.map(({ id }) => id)).toEqual(['request:r', 'fact:between', 'job:late', 'fact:effect']);
});

it('goes past what is not shown to the step before, and shows nothing else of it', () => {
  const graph = graphOf(
    node('request:r'),
    node('fact:hidden', { cause: 'request:r', visible: false }),
    node('job:j', { cause: 'fact:hidden', base: true }),
  );
  const { steps } = chainOf(graph, new Set());
  expect(steps.map(({ id, cause }) => [id, cause])).toEqual([
    ['request:r', null],
    ['job:j', 'request:r'],
  ]);
});

it('leaves out what else the run of a schedule did, unless that run was asked for', () => {
  const graph = graphOf(
    node('job:poll', { many: true }),
    node('attempt:poll', { kind: 'attempt', cause: 'job:poll' }),
    node('job:mine', { cause: 'attempt:poll' }),
    node('fact:mine', { cause: 'job:mine', base: true }),
    node('job:other', { cause: 'attempt:poll' }),
  );
  const ids = (origins: string[]) => chainOf(graph, new Set(origins)).steps.map(({ id }) => id);
  expect(ids([])).toEqual(['job:poll', 'attempt:poll', 'job:mine', 'fact:mine']);
  expect(ids(['job:poll'])).toContain('job:other');
});

it('ends where causes go in a circle', () => {
  const graph = graphOf(node('job:a', { cause: 'job:b', base: true }), node('job:b', { cause: 'job:a' }));
  expect(chainOf(graph, new Set()).steps).toHaveLength(2);
});
