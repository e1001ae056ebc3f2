export { testApp, request, type CallOptions, type CallReply, type TestApp, type TestAppOptions } from './app.ts';
export { emptyDatabase, testDatabase, type TestDatabase } from './database.ts';
export { TestMailbox } from './mailbox.ts';
export { race, tally } from './race.ts';
