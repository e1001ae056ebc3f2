import { expect, test } from 'vitest';
import { groupsOf, heldBy } from './checklist.ts';

const permissions = [
  { name: 'users:read', title: 'See every user' },
  { name: 'orders:read', title: 'See orders' },
  { name: 'users:manage', title: 'Suspend users' },
];

test('permissions stand by feature, and are found by name and title', () => {
  expect(groupsOf(permissions).map(({ feature, pattern, permissions: of }) => [feature, pattern, of.length])).toEqual([
    ['orders', 'orders:*', 1],
    ['users', 'users:*', 2],
  ]);
  expect(groupsOf(permissions, ' SUSPEND').flatMap(({ permissions: of }) => of.map(({ name }) => name))).toEqual(['users:manage']);
});
test('a pattern holds what is below it, and nothing else', () => {
  expect(heldBy(new Set(['users:*']), 'users:read')).toBe('users:*');
  expect(heldBy(new Set(['*']), 'users:*')).toBe('*');
  expect(heldBy(new Set(['users:*']), 'users:*')).toBeUndefined();
  expect(heldBy(new Set(['user:*', 'users:read']), 'users:read')).toBeUndefined();
});
