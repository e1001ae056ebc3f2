import pg from 'pg';
import { type EmbeddedOptions, startEmbedded } from './index.ts';

/** A server of its own process, for the tests that kill one: starts, says where Postgres is, drains on SIGINT. */
const options = JSON.parse(process.argv[2] ?? '') as EmbeddedOptions;
const say = (message: object): boolean => process.stdout.write(`${JSON.stringify(message)}\n`);

process.once('SIGINT', () => void drain());
const server = await startEmbedded(options);
say({ appUrl: server.appUrl, superuserUrl: server.superuserUrl, pid: server.pid });
const holding = setInterval(() => undefined, 1_000);

async function drain(): Promise<void> {
  const client = new pg.Client(server.appUrl);
  await client.connect();
  // Long enough for a signal to the whole group to have stopped Postgres.
  const { rows } = await client.query<{ drained: boolean }>('select true as drained from pg_sleep(0.5)');
  await client.end();
  await server.stop();
  say({ drained: rows[0]?.drained });
  clearInterval(holding);
}
