/** `npm run lighthouse --prefix bench`: the first page of the console as a visitor gets it, and the overview of whoever is signed in. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ADMIN, at, environment, PASSWORD, prepare } from '../plinth.ts';
import { freePort } from '../port.ts';
import { openPostgres } from '../postgres.ts';

/** Of a hundred. */
const FLOORS = { performance: 90, accessibility: 95, 'best-practices': 95 } as const;
const RUNS = 3;
const LIGHTHOUSE = 'lighthouse@13.5.0';
const executable = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

const postgres = await openPostgres(process.env['BENCH_DATABASE_URL']);
const database = await postgres.createDatabase('lighthouse');
await prepare(database, []);
const port = await freePort();
const origin = `http://127.0.0.1:${port}`;
const server = spawn(process.execPath, ['--conditions=plinth-source', at('../../store/src/main.ts')], {
  env: { PATH: process.env['PATH'], ...environment(database, port, 'api,worker'), LOG_LEVEL: 'warn' },
  stdio: 'inherit',
});
/** The cookies of a session. */
async function signIn(): Promise<string> {
  const reply = await fetch(`${origin}/api/v1/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: ADMIN, password: PASSWORD, delivery: 'cookie' }),
  });
  if (!reply.ok) throw new Error(`signing in answered ${reply.status}: ${await reply.text()}`);
  return reply.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}
interface Report {
  readonly categories: Readonly<Record<string, { readonly score: number | null }>>;
}
const run = promisify(execFile);
/** Points by category; the median of the runs. Not a dependency: it brings old versions of what the other benches import. */
async function scores(
  path: string,
  headers: Readonly<Record<string, string>>,
  preset: 'desktop' | 'mobile',
): Promise<Record<string, number>> {
  const reports: Report[] = [];
  for (let count = 0; count < RUNS; count++) {
    const parameters = ['--output=json', '--quiet', `--only-categories=${Object.keys(FLOORS).join(',')}`];
    if (preset === 'desktop') parameters.push('--preset=desktop');
    parameters.push(`--extra-headers=${JSON.stringify(headers)}`, '--chrome-flags=--headless=new --no-sandbox --disable-gpu');
    const { stdout } = await run('npx', ['--yes', LIGHTHOUSE, origin + path, ...parameters], {
      env: { ...process.env, CHROME_PATH: executable },
      maxBuffer: 64 * 1024 * 1024,
    });
    reports.push(JSON.parse(stdout) as Report);
  }
  const points = (name: string): number[] => reports.map(({ categories }) => Math.round((categories[name]!.score ?? 0) * 100));
  return Object.fromEntries(Object.keys(FLOORS).map((name) => [name, points(name).toSorted((a, b) => a - b)[RUNS >> 1]!]));
}

let below = false;
try {
  for (
    let tries = 0;
    !(await fetch(`${origin}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    ));
    tries++
  ) {
    if (tries > 120) throw new Error('the server is not ready after a minute');
    await sleep(500);
  }
  // Built when it is first opened; that is measured by nobody.
  for (let tries = 0; !(await (await fetch(`${origin}/console`)).text()).includes('id="root"'); tries++) {
    if (tries > 120) throw new Error('the console is not built after a minute');
    await sleep(500);
  }
  const cookie = await signIn();
  const pages = [
    ['sign-in', '/console/sign-in', {}],
    ['overview', '/console/', { cookie }],
  ] as const;
  for (const preset of ['desktop', 'mobile'] as const)
    for (const [name, path, headers] of pages) {
      const found = await scores(path, headers, preset);
      process.stdout.write(
        `${name}, ${preset}: ${Object.entries(found)
          .map(([category, points]) => `${category} ${points}`)
          .join(', ')}\n`,
      );
      below ||= Object.entries(FLOORS).some(([category, floor]) => found[category]! < floor);
    }
} finally {
  server.kill('SIGTERM');
  await once(server, 'exit');
  await postgres.stop();
}
if (below) {
  process.stderr.write(
    `below the floor: ${Object.entries(FLOORS)
      .map(([category, floor]) => `${category} ${floor}`)
      .join(', ')}\n`,
  );
  process.exitCode = 1;
}
