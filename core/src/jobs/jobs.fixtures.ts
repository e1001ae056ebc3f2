import { defineFixtures, type World } from '@plinth/kit/testing';
import { operations } from './contract.ts';

/** One of the app's own jobs that carries nothing, due in an hour. */
export async function makeJob({ app }: World, after = 3600): Promise<{ id: string; job: string }> {
  const job = [...app.kit.catalog.jobs.values()].find(({ payload }) => payload.safeParse({}).success)!;
  const id = await app.kit.db.transaction((tx) => app.kit.jobs.enqueue(tx, job, {}, { after }));
  return { id, job: job.name };
}
const some = async (world: World) => ({ params: { jobId: (await makeJob(world)).id } });
const queue = ({ app }: World) => ({ params: { job: [...app.kit.catalog.jobs.keys()].at(-1)! } });

export const fixtures = defineFixtures(operations, {
  list: () => ({ query: { state: 'waiting', limit: '5' } }),
  get: some,
  retry: some,
  cancel: some,
  redrive: () => ({ body: { all: true } }),
  pause: queue,
  resume: async (world) => {
    const call = queue(world);
    await world.app.kit.db.transaction((tx) => world.app.kit.jobs.admin.pause(tx, call.params.job, true));
    return call;
  },
});
