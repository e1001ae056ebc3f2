import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { fixture, keysIn, signHead, until } from './log.testing.ts';
import { verifyChain } from './verify.ts';

const PROCESSES = 4;

/**
 * Sixteen writers in four processes that are killed and started again, while the connections of the others are cut. Then every change
 * must have its fact and every fact its change, at positions without gap or fork.
 * @returns what happened.
 */
export async function storm(seconds: number): Promise<{ facts: number; processesKilled: number; connectionsCut: number }> {
  const here = await fixture();
  const superuser = await here.asSuperuser();
  await superuser.query('create table public.changes (name text primary key); grant insert on public.changes to plinth_app');
  const children = new Set<ChildProcess>();
  let started = 0;
  const start = async (): Promise<ChildProcess> => {
    const parameters = [
      '--conditions=plinth-source',
      join(import.meta.dirname, 'writer.fixtures.ts'),
      here.database.appUrl,
      `p${started++}`,
    ];
    const child = spawn(process.execPath, parameters, { stdio: ['ignore', 'pipe', 'inherit'] });
    children.add(child);
    await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    if (child.exitCode !== 7) return child;
    children.delete(child);
    return start();
  };
  const kill = async (child: ChildProcess): Promise<void> => {
    children.delete(child);
    // Nothing else may end it: what cuts its connections least of all.
    expect([child.exitCode, child.signalCode]).toEqual([null, null]);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  let processesKilled = 0;
  let connectionsCut = 0;
  let end = Number.POSITIVE_INFINITY;
  const over = (): boolean => performance.now() > end;
  const host = async (first: ChildProcess): Promise<void> => {
    for (let child = first; ; child = await start()) {
      await sleep(300 + Math.random() * 1500);
      await kill(child);
      processesKilled++;
      if (over()) return;
    }
  };
  const cut = async (): Promise<void> => {
    while (!over()) {
      await sleep(30 + Math.random() * 100);
      const { rows } = await superuser.query<{ cut: boolean }>(
        `select pg_terminate_backend(pid) as cut from (select pid from pg_stat_activity
          where datname = current_database() and usename = 'plinth_app' order by random() limit 1) one`,
      );
      connectionsCut += rows.length;
    }
  };
  try {
    const first = await Promise.all(Array.from({ length: PROCESSES }, start));
    end = performance.now() + seconds * 1000; // from when all write, however long a busy machine took to start them
    await Promise.all([...first.map(host), cut()]);
    const node = here.node();
    await node.start([], 'api');
    await until(async () => (await node.log.statistics()).waiting === 0, 20_000);
    await signHead(node);
    const { rows } = await superuser.query<{ text: string }>(
      `select payload->>'text' as text from log.events where name = 'demo.happened'`,
    );
    const facts = rows.map(({ text }) => text).sort();
    const changes = await superuser.query<{ name: string }>('select name from public.changes');
    expect(facts).toEqual(changes.rows.map(({ name }) => name).sort()); // none without the other, and none twice
    const [places] = (
      await superuser.query<{ first: string; last: string; n: string }>(
        'select min(position) as first, max(position) as last, count(*) as n from log.events',
      )
    ).rows;
    expect([places!.first, places!.last]).toEqual(['1', places!.n]);
    const { ok, to, unsealed, message } = await verifyChain(here.database.ownerUrl, { keys: await keysIn(superuser) });
    expect([ok, to, unsealed], message).toEqual([true, Number(places!.n), 0]);
    return { facts: facts.length, processesKilled, connectionsCut };
  } finally {
    for (const child of children) await kill(child);
    await here.end();
  }
}
