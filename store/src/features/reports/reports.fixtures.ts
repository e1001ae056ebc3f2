import { setTimeout as sleep } from 'node:timers/promises';
import { defineFixtures, type Actor, type World } from '@plinth/kit/testing';
import { type NewReport, operations, type Report } from './contract.ts';

type App = Pick<World, 'app'>;

/** A report that must be taken. */
export async function askFor({ app }: App, actor: Pick<Actor, 'token'>, body: Partial<NewReport> = {}): Promise<Report> {
  const { status, text, json } = await app.call('POST', '/api/v1/reports', { token: actor.token, body: { kind: 'inventory', ...body } });
  if (status !== 202) throw new Error(`a report was not taken: ${status} ${text}`);
  return (json as { data: Report }).data;
}
/** Waits until it has ended. */
export async function ended({ app }: App, actor: Pick<Actor, 'token'>, id: string): Promise<Report> {
  for (let tries = 0; tries < 1200; tries++) {
    const { json } = await app.call('GET', `/api/v1/reports/${id}`, { token: actor.token });
    const report = (json as { data: Report }).data;
    if (report.state !== 'waiting' && report.state !== 'running') return report;
    await sleep(25);
  }
  throw new Error('a report did not end');
}
const mine = async (world: World, actor: Actor) => ({ params: { reportId: (await askFor(world, actor)).id } });
/** Without its job: however slow the call is, nobody begins it before. */
const waiting = async (world: World, actor: Actor) => {
  const call = await mine(world, actor);
  const { owner } = world.app;
  const values = [call.params.reportId];
  await owner.query('delete from pgboss.job_common where id = (select job_id from reports.reports where id = $1)', values);
  await owner.query('alter table reports.reports disable trigger reports_move');
  await owner.query(`update reports.reports set state = 'waiting', finished_at = null, expires_at = null where id = $1`, values);
  await owner.query('alter table reports.reports enable trigger reports_move');
  return call;
};

export const fixtures = defineFixtures(operations, {
  request: () => ({ body: { kind: 'inventory' } }),
  get: mine,
  download: async (world, actor) => {
    const call = await mine(world, actor);
    const report = await ended(world, actor, call.params.reportId);
    if (report.state !== 'done') throw new Error(`the report is ${report.state}`);
    return call;
  },
  cancel: waiting,
  delete: mine,
});
