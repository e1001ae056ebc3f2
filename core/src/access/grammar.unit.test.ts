import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beyond, grantsOf, wellFormed } from './grammar.ts';

const matches = (grant: string, permission: string): boolean => grantsOf(permission).includes(grant);

/** The grammar read aloud, sharing nothing with the code under test. */
function oracle(grant: string, permission: string): boolean {
  if (grant === '*') return true;
  const given = grant.split(':');
  const asked = permission.split(':');
  if (given.length !== asked.length || given.length < 2) return false;
  for (let i = 0; i < asked.length; i++) if (given[i] !== '*' && given[i] !== asked[i]) return false;
  return true;
}

const word = fc.constantFrom('orders', 'order', 'read', 'write', 'own', 'a', 'a-1');
const permission = fc.array(word, { minLength: 2, maxLength: 4 }).map((words) => words.join(':'));
const grant = fc
  .array(fc.oneof({ weight: 3, arbitrary: word }, { weight: 2, arbitrary: fc.constant('*') }), { minLength: 1, maxLength: 5 })
  .map((words) => words.join(':'));
const anything = fc.oneof(
  grant,
  permission,
  fc.string(),
  fc.constantFrom(
    '',
    ':',
    '*:',
    ':*',
    '**',
    'orders*',
    'orders:**',
    'orders:re*',
    'Orders:read',
    ' orders:read',
    'orders:read ',
    'orders:*:',
  ),
);

describe('what a grant matches', () => {
  it.each([
    ['orders:read', 'orders:read', true],
    ['orders:*', 'orders:read', true],
    ['*:read', 'orders:read', true],
    ['*:*', 'orders:read', true],
    ['*', 'orders:read', true],
    ['*', 'orders:read:own', true],
    ['orders:*', 'orders:read:own', false],
    ['doc:*:read', 'doc:1:read', true],
    ['doc:*:read', 'doc:1:write', false],
    ['doc:*', 'doc:1:read', false],
    ['*:x', 'a:b:x', false],
    ['org:1', 'org:10', false],
    ['org:*', 'organizations:read', false],
    ['orders:read', 'orders:read:own', false],
    ['orders:re*', 'orders:read', false],
    ['orders', 'orders:read', false],
    ['orders:', 'orders:read', false],
    ['', 'orders:read', false],
    ['**', 'orders:read', false],
    ['ORDERS:READ', 'orders:read', false],
    ['rule:*:typo', 'rule:read', false],
  ])('B95: %s on %s is %s', (given, asked, expected) => {
    expect(matches(given, asked)).toBe(expected);
    expect(oracle(given, asked)).toBe(expected);
  });

  it('B95: agrees with a naive reading of the grammar on anything', () => {
    let hits = 0;
    fc.assert(
      fc.property(anything, permission, (given, asked) => {
        const expected = oracle(given, asked);
        if (expected) hits++;
        expect(matches(given, asked)).toBe(expected);
        if (expected) expect(wellFormed(given)).toBe(true);
      }),
      { numRuns: 5000 },
    );
    expect(hits).toBeGreaterThan(100);
  });

  it('B94: what is outside the grammar matches nothing', () => {
    fc.assert(
      fc.property(anything, permission, (given, asked) => {
        if (!wellFormed(given)) expect(matches(given, asked)).toBe(false);
      }),
      { numRuns: 2000 },
    );
    expect(['', '*:', 'orders', 'orders:**', 'Orders:read', 'orders:read ', 'a:b:c:d:e:f:g'].filter(wellFormed)).toEqual([]);
  });

  it('B88: what is covered by own grants gives nothing that they do not give', () => {
    let covered = 0;
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 4 }), anything, permission, (held, given, asked) => {
        if (beyond(held, [given]).length > 0) return;
        covered++;
        if (matches(given, asked)) expect(held.some((own) => matches(own, asked))).toBe(true);
      }),
      { numRuns: 5000 },
    );
    expect(covered).toBeGreaterThan(100);
    expect(beyond(['orders:read', 'orders:write'], ['orders:*'])).toEqual(['orders:*']);
    expect(beyond(['orders:*'], ['orders:read', 'orders:*'])).toEqual([]);
    expect(beyond(['*:*'], ['*'])).toEqual(['*']);
    expect(beyond(['*'], ['*', 'not a grant'])).toEqual([]);
    expect(beyond([], [])).toEqual([]);
  });
});
