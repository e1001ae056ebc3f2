/** pg-boss by itself, in one of two ways: its own workers, tuned, or a loop by hand around its fetch and complete. Nothing else is on. */
import { PgBoss, serve, type Side } from './side.ts';

const [url, way] = process.argv.slice(2) as [string, 'work' | 'loop'];
const queue = 'bare';
const boss = new PgBoss({
  connectionString: url,
  max: 10,
  supervise: false,
  schedule: false,
  registerInstance: false,
  openTelemetry: { enabled: false },
});
boss.on('error', (error) => console.error(error));
await boss.start();
await boss.createQueue(queue);

const LOOPS = 4;
const BATCH = 500;
let stopping = false;
let loops: Promise<unknown> = Promise.resolve();
const loop = async (onRun: (count: number) => void): Promise<void> => {
  while (!stopping) {
    const jobs = await boss.fetch(queue, { batchSize: BATCH });
    if (jobs.length > 0) onRun(jobs.length);
    if (jobs.length > 0)
      await boss.complete(queue, jobs.map(({ id }) => id)); // prettier-ignore
    else await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

await serve(url, {
  queue,
  async enqueue(count) {
    for (let n = 0; n < count; n += 1000)
      await boss.insert(queue, Array.from({ length: Math.min(1000, count - n) }, (_, i) => ({ data: { payload: { n: n + i } } }))); // prettier-ignore
  },
  async begin(onRun) {
    if (way === 'work') {
      const tuned = { batchSize: 400, burstWhenBatchFull: true, localConcurrency: 4, pollingIntervalSeconds: 0.5 };
      await boss.work(queue, tuned, async (jobs) => onRun(jobs.length));
      return;
    }
    stopping = false;
    loops = Promise.all(Array.from({ length: LOOPS }, () => loop(onRun)));
  },
  async end() {
    if (way === 'work') await boss.offWork(queue);
    stopping = true;
    await loops;
  },
} satisfies Side);
