import { expect, it } from 'vitest';
import { type Step, treeOf } from './tree.ts';

const step = (id: string, cause: string | null, kind: Step['kind'] = 'fact'): Step => ({
  id,
  kind,
  at: '2026-01-01T00:00:00.000000Z',
  title: id,
  name: null,
  state: null,
  detail: null,
  durationMs: null,
  cause,
  reference: null,
  subject: null,
  origin: false,
});
const drawn = (...steps: Step[]): string[] => treeOf(steps).map(({ step: { id }, depth }) => `${'  '.repeat(depth)}${id}`);

it('puts what was led to below what led to it, in the order of time', () => {
  expect(drawn(step('place', null), step('placed', 'place'), step('pay', null), step('reserved', 'place'), step('paid', 'pay'))).toEqual([
    'place',
    '  placed',
    '  reserved',
    'pay',
    '  paid',
  ]);
});
it('tells the only run of a job on its line; of several each on its own', () => {
  const job = [step('job', null, 'job'), step('run', 'job', 'attempt'), step('mail', 'run', 'mail')];
  expect(drawn(...job)).toEqual(['job', '  mail']);
  expect(treeOf(job)[0]?.run?.id).toBe('run');
  expect(drawn(step('webhook', null, 'webhook'), step('try 1', 'webhook', 'attempt'), step('try 2', 'webhook', 'attempt'))).toEqual([
    'webhook',
    '  try 1',
    '  try 2',
  ]);
});
