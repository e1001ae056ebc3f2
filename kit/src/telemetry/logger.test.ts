import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { defineError } from '../definitions.ts';
import { running } from '../context.ts';
import { createLogger } from './logger.ts';
import { pretty } from './pretty.ts';

function logged(write: (logger: ReturnType<typeof createLogger>) => void, readable = false): string {
  const lines: string[] = [];
  write(createLogger({ log: { level: 'trace', pretty: readable } }, { write: (line) => void lines.push(line) }));
  return lines.join('');
}
const one = (write: (logger: ReturnType<typeof createLogger>) => void): Record<string, unknown> =>
  JSON.parse(logged(write)) as Record<string, unknown>;

test('every line names the request, operation and user that run', () => {
  const line = running.run({ requestId: 'r-1', operation: 'products.list', userId: 'u-1', inTransaction: false }, () =>
    one((log) => log.info({ n: 1 }, 'hello')),
  );
  expect(line).toMatchObject({ level: 'info', msg: 'hello', requestId: 'r-1', operation: 'products.list', userId: 'u-1', n: 1 });
  expect(line['time']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(one((log) => log.info('outside'))).not.toHaveProperty('requestId');
});

const CANARY = 'canary-7f3a9c51e2';
const JWT = `eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxMjM0In0.${CANARY}signature`;
const PLACES: Readonly<Record<string, (log: ReturnType<typeof createLogger>) => void>> = {
  'by key': (log) =>
    log.info(
      {
        password: CANARY,
        newPassword: CANARY,
        token: CANARY,
        refreshToken: CANARY,
        refresh_token: CANARY,
        'x-api-key': CANARY,
        apiKey: CANARY,
        clientSecret: CANARY,
        code: CANARY,
        otp: CANARY,
        recoveryCodes: [CANARY],
      },
      'x',
    ),
  'deep in objects and arrays': (log) =>
    log.info({ a: { b: [{ c: { authorization: CANARY, 'set-cookie': [CANARY], Cookie: CANARY } }] } }, 'x'),
  'in Map, toJSON and child bindings': (log) =>
    log
      .child({ secret: CANARY, req: { headers: { cookie: CANARY } } })
      .info({ map: new Map([['token', CANARY]]), url: { toJSON: () => ({ token: CANARY }) } }, 'x'),
  'JWT in a message': (log) => log.info(`token ${JWT} was refused`),
  'bearer value in a message': (log) => log.warn({ header: `Bearer ${CANARY}` }, `authorization: Bearer ${CANARY}`),
  'basic value': (log) => log.warn(`Basic ${CANARY}==`),
  'API key by its prefix': (log) => log.warn({ note: `plk_live_${CANARY}`, other: `sk_test_${CANARY}` }),
  'query string': (log) =>
    log.info({ url: `/reset?a=1&token=${CANARY}&code=${CANARY}#x` }, `GET /x?access_token=${CANARY} then /auth/confirm#token=${CANARY}`),
  'connection string': (log) => log.info(`postgres://plinth:${CANARY}@db:5432/plinth`),
  'private key': (log) => log.info({ note: `-----BEGIN PRIVATE KEY-----\n${CANARY}\n-----END PRIVATE KEY-----` }),
  'error details': (log) =>
    log.error({ err: new (defineError('SOME_ERROR', 400, 'x'))({ password: CANARY, nested: { token: CANARY } }) }, 'x'),
  'error cause and aggregate': (log) =>
    log.error(
      new AggregateError([new Error(`Bearer ${CANARY}`)], 'many', {
        cause: Object.assign(new Error('x'), { details: { secret: CANARY }, config: { headers: CANARY } }),
      }),
    ),
  'OTP as a number': (log) => log.info({ code: Number('739264'), note: CANARY.slice(0, 3) }),
};
for (const [place, write] of Object.entries(PLACES)) {
  test(`B132: no secret reaches the log: ${place}`, () => {
    const text = logged(write);
    expect(text.length).toBeGreaterThan(20);
    expect(text).not.toContain(CANARY);
    expect(text).not.toContain('739264');
    expect(logged(write, true)).not.toContain(CANARY);
  });
}

test('B132: e-mail addresses and card numbers are cut wherever they stand', () => {
  const text = logged((log) =>
    log.info(
      { to: 'ada.lovelace+x@example.co.uk', nested: { who: 'Ada <ada@example.com>' } },
      'card 4242 4242 4242 4242 and 4000056655665556',
    ),
  );
  expect(text).not.toMatch(/ada|4242|400005665566/);
  expect(text).toContain('[email]');
  expect(text).toContain('[card]');
});

test('what is no secret stays readable: ids, error codes, versions, counts, times', () => {
  const line = one((log) =>
    log.info(
      {
        code: '40001',
        id: '01971234-5678-7123-9123-123456789012',
        tokens: 3,
        at: '2026-11-21T00:00:00.123456Z',
        count: 1795219280000,
        url: '/a?page=2&limit=20',
        path: '/x/node_modules/@fastify/cookie@11.1.5',
      },
      'transaction retried',
    ),
  );
  expect(line).toMatchObject({
    code: '40001',
    id: '01971234-5678-7123-9123-123456789012',
    tokens: 3,
    at: '2026-11-21T00:00:00.123456Z',
    count: 1795219280000,
    url: '/a?page=2&limit=20',
    path: '/x/node_modules/@fastify/cookie@11.1.5',
  });
  expect(one((log) => log.info({ code: 'INVALID_TOKEN' }))).toMatchObject({ code: 'INVALID_TOKEN' });
});

test('an error keeps its stack, code and details; values from SQL are cut', () => {
  const Taken = defineError('NAME_TAKEN', 409, 'Taken');
  const line = one((log) => log.warn({ err: new Taken({ name: 'x' }, { cause: new Error('below') }) }, 'refused'));
  expect(line['err']).toMatchObject({
    type: 'NAME_TAKEN',
    code: 'NAME_TAKEN',
    status: 409,
    details: { name: 'x' },
    cause: { message: 'below' },
  });
  expect((line['err'] as { stack: string }).stack).toContain('logger.test.ts');
  const database = Object.assign(new Error('invalid input syntax for type uuid: "hunter2"'), {
    severity: 'ERROR',
    code: '22P02',
    routine: 'string_to_uuid',
    detail: 'Key (name)=(hunter2) already exists.',
    where: 'hunter2',
    parameters: ['hunter2'],
  });
  const text = logged((log) => log.error(database));
  expect(text).toContain('22P02');
  expect(text).not.toContain('hunter2');
});

test('B146: no value forges a line or reaches the terminal', () => {
  const evil = 'x\n{"level":"fatal","msg":"forged"}\r\n\u001b[31mred\u009b2J\u2028y\u202e';
  for (const readable of [false, true]) {
    const text = logged(
      (log) => log.info({ [evil]: evil, err: Object.assign(new Error('e'), { details: { [evil]: evil } }) }, evil),
      readable,
    );
    // eslint-disable-next-line no-control-regex
    expect(text.replace(/\n {4}.*/g, '').slice(0, -1)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u202e]/);
    expect(text).not.toMatch(/^\{"level":"fatal"/m);
  }
});

test('a value that cannot be read does not take the line, or the caller, down', () => {
  const cycle: Record<string, unknown> = { name: 'loop' };
  cycle['self'] = cycle;
  const line = one((log) =>
    log.info(
      {
        cycle,
        thrower: {
          get x(): never {
            throw new Error('no');
          },
        },
        big: 10n,
        bytes: Buffer.from('secret'),
        long: 'a'.repeat(50_000),
      },
      'x',
    ),
  );
  expect(line['msg']).toBe('x');
  expect(line).toMatchObject({ thrower: '[unreadable]', big: '10', bytes: '[6 bytes]' });
  expect(JSON.stringify(line).length).toBeLessThan(20_000);
});

test('pretty lines are one line each, with the stack below', () => {
  const text = pretty(
    logged((log) => log.error({ err: new Error('boom'), n: 1 }, 'failed')),
    false,
  );
  expect(text).toMatch(/^\d\d:\d\d:\d\d\.\d{3} ERROR failed n=1\n {4}Error: boom\n/);
});

test('lines are buffered, go out at exit, and warnings at once', () => {
  const file = `${import.meta.dirname}/logger.ts`;
  const program = (body: string): string =>
    `import { createLogger } from ${JSON.stringify(file)}; const log = createLogger({ log: { level: 'info', pretty: false } }); ${body}`;
  const run = (body: string): string => execFileSync(process.execPath, ['--input-type=module', '-e', program(body)], { encoding: 'utf8' });
  expect(run(`log.info('at exit'); process.exit(0)`)).toContain('at exit');
  expect(
    run(`log.info('first'); log.warn('second'); process.kill(process.pid, 'SIGKILL')`.replace(/process\.kill.*/, `process.reallyExit(0)`)),
  ).toMatch(/first[\s\S]*second/);
  expect(run(`log.info('lost'); process.reallyExit(0)`)).toBe('');
});
