import { expect, test } from 'vitest';
import { fromLocal, toLocal } from './moment.ts';

test('a moment of the API and the field of the page’s own zone say the same, to the minute', () => {
  const local = toLocal('2026-07-01T12:34:56.789Z');
  expect(local).toMatch(/^2026-0\d-\d\dT\d\d:\d\d$/);
  expect(fromLocal(local)).toBe('2026-07-01T12:34:00.000Z');
});
test('what is no moment is an empty field, and an empty field no moment', () => {
  for (const wrong of ['', 'soon', '2026-13-01T00:00:00Z']) expect(toLocal(wrong)).toBe('');
  expect(fromLocal('')).toBe('');
});
