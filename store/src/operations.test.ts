import { globSync } from 'node:fs';
import { coreFixtures, coreWorld } from '@plinth/core/testing';
import { describeOperations, type Fixture } from '@plinth/kit/testing';
import { features } from './features.ts';

// Every operation of this server, tried as its contract says. A feature's fixtures are found beside it.
const own: Record<string, Record<string, Fixture | undefined>> = {};
for (const path of globSync('features/*/*.fixtures.ts', { cwd: import.meta.dirname })) {
  const { fixtures } = (await import(/* @vite-ignore */ `./${path}`)) as { fixtures: Record<string, Fixture | undefined> };
  own[path.split('/')[1]!] = fixtures;
}

describeOperations(features, { ...coreFixtures, ...own }, () => coreWorld(features));
