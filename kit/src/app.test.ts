import { expect, test } from 'vitest';
import { defineFeature } from './feature.ts';
import { testApp } from './testing/app.ts';

test('what fails to stop keeps nothing else from being stopped', async () => {
  const stopped: string[] = [];
  const feature = (name: string, fails: boolean) =>
    defineFeature({
      name,
      setup: () => ({
        api: {},
        ...(name === 'first' && {
          door: {
            authenticate: () => null,
            decide: () => ({ id: 'd', allowed: true, reason: 'test' }),
            visible: () => {
              throw new Error('not here');
            },
          },
        }),
        stop: async () => {
          if (fails) throw new Error(`${name} fails`);
          stopped.push(name);
        },
      }),
    });
  const app = await testApp([feature('first', false), feature('second', true), feature('third', false)]);
  await expect(app.stop()).rejects.toThrow('second fails');
  expect(stopped).toEqual(['third', 'first']);
  await expect(app.kit.db.run({ text: 'select 1', values: [] })).rejects.toThrow('after calling end');
  await app.owner.end();
  await app.database.drop();
});
