import { expect, test } from 'vitest';
import { namesOf } from './naming.ts';

test('what others call our things and users is found by type, and each type is named once', async () => {
  const subjects = { robot: async () => 'r-1' };
  const names = namesOf([{ name: 'orders', resources: { order: {} } }, { name: 'robots', subjects }, { name: 'plain' }]);
  expect(names.resource('order')).toEqual({});
  expect(names.resource('robot')).toBeUndefined();
  expect(await names.subject('robot')?.({ id: 'x', properties: {} })).toBe('r-1');
  expect(() =>
    namesOf([
      { name: 'orders', resources: { order: {} } },
      { name: 'shop', resources: { order: {} } },
    ]),
  ).toThrow("feature 'shop' names resources of type 'order', which another one names too");
});
