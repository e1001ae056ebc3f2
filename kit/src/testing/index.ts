export { testApp, request, type CallOptions, type CallReply, type TestApp, type TestAppOptions } from './app.ts';
export { testDatabase } from './database.ts';
export { emptyDatabase, type TestDatabase } from './postgres.ts';
export { TestMailbox } from './mailbox.ts';
export { defineFixtures, type Actor, type Fixture, type FixtureCall, type Fixtures, type World } from './fixtures.ts';
export { describeOperations } from './generic.ts';
export { race, tally } from './race.ts';
