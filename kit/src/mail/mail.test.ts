import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, expect, test } from 'vitest';
import { sending, type SentMail } from '../cause.ts';
import { createLogger } from '../telemetry/logger.ts';
import { createMail, remembered } from './create.ts';
import type { Message } from './mail.ts';
import { registerMailbox } from './mailbox.ts';
import { InvalidMessage, senderOf } from './message.ts';

const logger = createLogger({ log: { level: 'silent', pretty: false } }, { write: () => {} });
const config = (smtpUrl: string | null, environment: 'development' | 'test' | 'production' = 'development') => ({
  environment,
  production: environment === 'production',
  mail: { smtpUrl, from: 'Plinth <no-reply@plinth.test>' },
});
const message: Message = {
  to: 'ada@example.com',
  subject: 'Grüße',
  text: 'Confirm: https://app.test/verify?token=abc-1.',
  html: '<p>Hi</p>',
  id: '01977f2e-8a1c-7d3b',
  headers: { 'List-Unsubscribe': '<https://app.test/u>' },
};

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});
interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
}
async function smtp(options: SMTPServerOptions = {}): Promise<{ url: string; port: number; received: Received[] }> {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          raw: Buffer.concat(chunks).toString(),
        });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise<void>((resolve) => server.close(resolve)));
  const { port } = server.server.address() as AddressInfo;
  return { url: `smtp://127.0.0.1:${port}`, port, received };
}
function mailOf(...args: Parameters<typeof createMail>): ReturnType<typeof createMail> {
  const mail = createMail(...args);
  closers.push(() => mail.close());
  return mail;
}

test('a mail arrives: envelope, headers, both parts, the same Message-ID at every attempt', async () => {
  const { url, received } = await smtp();
  const mail = mailOf(config(url), logger);
  expect(mail.mailbox).toBeNull();
  await mail.check();
  await mail.send(message);
  await mail.send(message);
  expect(received.map(({ from, to }) => [from, to])).toEqual([
    ['no-reply@plinth.test', ['ada@example.com']],
    ['no-reply@plinth.test', ['ada@example.com']],
  ]);
  for (const { raw } of received) {
    expect(raw).toMatch(/^From: Plinth <no-reply@plinth\.test>\r$/m);
    expect(raw).toMatch(/^To: ada@example\.com\r$/m);
    expect(raw).toMatch(/^Message-ID: <01977f2e-8a1c-7d3b@plinth\.test>\r$/m);
    expect(raw).toMatch(/^Subject: =\?UTF-8\?/m);
    expect(raw).toMatch(/^List-Unsubscribe: <https:\/\/app\.test\/u>\r$/m);
    expect(raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(raw).toContain('text/plain');
    expect(raw).toContain('text/html');
  }
});

const ATTACKS: Readonly<Record<string, Partial<Message>>> = {
  'CR/LF in the address': { to: 'ada@example.com\r\nBcc: eve@evil.test' },
  'LF alone in the address': { to: 'ada@example.com\nRCPT TO:<eve@evil.test>' },
  'a second address': { to: 'ada@example.com, eve@evil.test' },
  'a group': { to: 'all: ada@example.com, eve@evil.test;' },
  'a quoted local part that parsers read differently': { to: '"eve@evil.test x"@example.com' },
  'a name before the address': { to: 'Ada <ada@example.com>' },
  'a comment': { to: 'ada@example.com(eve@evil.test)' },
  'NUL in the address': { to: 'ada@example.com\u0000' },
  'no address': { to: '' },
  'CR/LF in the subject': { subject: 'Hello\r\nBcc: eve@evil.test' },
  'CR alone in the subject': { subject: 'Hello\rBcc: eve@evil.test' },
  'CR/LF in a header value': { headers: { 'X-Tag': 'a\r\nBcc: eve@evil.test' } },
  'CR/LF in a header name': { headers: { 'X-Tag: a\r\nBcc': 'eve@evil.test' } },
  'a colon in a header name': { headers: { 'Bcc: eve@evil.test\nX': 'y' } },
  'a reserved header': { headers: { bcc: 'eve@evil.test' } },
  'a content header': { headers: { 'Content-Type': 'text/html' } },
  'CR/LF in the list header': { headers: { 'List-Unsubscribe': '<https://x.test>\r\n\r\nbody' } },
  'CR/LF in the id': { id: 'a>\r\nBcc: eve@evil.test' },
};
test('S79: control characters, lists and foreign headers are refused, and nothing is sent', async () => {
  const { url, received } = await smtp();
  const sends = [mailOf(config(url), logger), mailOf(config(null, 'test'), logger)];
  for (const mail of sends) {
    for (const [name, change] of Object.entries(ATTACKS)) {
      const error: unknown = await mail.send({ ...message, ...change }).then(
        () => null,
        (reason: unknown) => reason,
      );
      expect(error, name).toBeInstanceOf(InvalidMessage);
      expect(String(error), name).not.toContain('evil.test');
    }
  }
  expect(received).toEqual([]);
  expect(sends[1]!.mailbox!.list()).toEqual([]);
  await sends[0]!.send(message); // the target was reachable
  expect(received.length).toBe(1);
  expect(() => createMail({ ...config(url), mail: { smtpUrl: url, from: 'x\r\nBcc: eve@evil.test' } }, logger)).toThrow('MAIL_FROM');
});

test('a body line of a dot, or with headers in it, stays body', async () => {
  const { url, received } = await smtp();
  await mailOf(config(url), logger).send({
    to: 'ada@example.com',
    subject: 's',
    id: 'dot',
    text: 'one\r\n.\r\nMAIL FROM:<eve@evil.test>\r\nRCPT TO:<eve@evil.test>\r\n',
  });
  expect(received.length).toBe(1);
  expect(received[0]!.to).toEqual(['ada@example.com']);
  expect(received[0]!.raw.split('\r\n\r\n').slice(1).join('\r\n\r\n')).toContain('MAIL FROM:<eve@evil.test>');
});

test('what the server says is told to the job: refused for good, refused for now, not there', async () => {
  let code = 550;
  const { url } = await smtp({ onRcptTo: (_address, _session, done) => done(Object.assign(new Error('no'), { responseCode: code })) });
  const mail = mailOf(config(url), logger);
  await expect(mail.send(message)).rejects.toMatchObject({ responseCode: 550 });
  code = 451;
  await expect(mail.send(message)).rejects.toMatchObject({ responseCode: 451 });
  const gone = mailOf(config('smtp://127.0.0.1:1'), logger);
  await expect(gone.send(message)).rejects.toMatchObject({ code: 'ESOCKET' });
  await expect(gone.check()).rejects.toMatchObject({ code: 'ESOCKET' });
});

test('a password is not sent without TLS to another machine', async () => {
  const logins: unknown[] = [];
  const { port } = await smtp({
    allowInsecureAuth: true,
    authMethods: ['PLAIN'],
    onAuth: (auth, _session, done) => (logins.push(auth.password), done(null, { user: 'x' })),
  });
  await mailOf(config(`smtp://user:canary@127.0.0.1:${port}`), logger).send(message);
  expect(logins).toEqual(['canary']);
  await expect(mailOf(config(`smtp://user:canary@127.0.0.2:${port}`), logger).send(message)).rejects.toThrow();
  expect(logins.length).toBe(1);
});

test('production needs a mail server and has no mailbox', () => {
  expect(() => createMail(config(null, 'production'), logger)).toThrow('SMTP_URL');
});

test('in development the link is printed to the terminal; in tests nothing is', async () => {
  const printed: string[] = [];
  await createMail(config(null), logger, (text) => void printed.push(text)).send({
    ...message,
    text: 'Go: https://app.test/v?token=a\u001b[31m and http://b.test/x',
  });
  expect(printed.join('')).toBe('mail to ada@example.com: Grüße\n  https://app.test/v?token=a[31m\n  http://b.test/x\n');
  await createMail(config(null, 'test'), logger, (text) => void printed.push(text)).send(message);
  expect(printed.length).toBe(1);
});

async function mailboxServer(...messages: Message[]) {
  const mail = createMail(config(null, 'test'), logger);
  for (const each of messages) await mail.send(each);
  const fastify = Fastify();
  registerMailbox(fastify, mail.mailbox!);
  await fastify.ready();
  return { mail, get: (url: string) => fastify.inject(url) };
}

test('the mailbox lists the newest mails with links that work, and keeps 200', async () => {
  const { mail, get } = await mailboxServer(message);
  for (let i = 0; i < 250; i++) await mail.send({ ...message, id: `n-${i}`, subject: `Mail ${i}` });
  const list = (await get('/dev/mailbox.json')).json<{ subject: string; at: string }[]>();
  expect(list.length).toBe(200);
  expect(list[0]).toMatchObject({ subject: 'Mail 249', to: 'ada@example.com', text: message.text, at: expect.stringMatching(/Z$/) });
  const page = await get('/dev/mailbox');
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(page.body).toContain('<a href="https://app.test/verify?token=abc-1" target="_blank" rel="noopener noreferrer">');
});

test('a mail cannot run anything in the mailbox', async () => {
  const evil = `<script>alert(1)</script>"'><img src=x onerror=alert(1)> javascript:alert(1) https://x.test/"onmouseover="alert(1)`;
  const { get } = await mailboxServer({ ...message, subject: evil, text: evil, html: `${evil}</iframe><script>alert(2)</script>` });
  const { body, headers } = await get('/dev/mailbox');
  expect(String(headers['content-security-policy'])).toContain("default-src 'none'");
  expect(String(headers['content-security-policy'])).not.toContain('script-src');
  expect(headers['cache-control']).toBe('no-store');
  const tags = body
    .replace(/="[^"]*"/g, '')
    .match(/<[^>]*>/g)!
    .join('');
  expect(tags).not.toMatch(/<script|<img|\son\w+/i);
  expect(body).not.toMatch(/href="javascript/i);
  expect(body.match(/<iframe[^>]*>/)![0]).toMatch(/sandbox="allow-popups allow-popups-to-escape-sandbox"/);
});

test('the HTML part of a mail stands alone, sandboxed by its own policy, in frames of ours only', async () => {
  const { get } = await mailboxServer({ ...message, id: 'm-1', html: '<p style="color: red">Hello</p>' }, {
    ...message,
    id: 'm-2',
    html: undefined,
  } as never);
  const { body, headers, statusCode } = await get('/dev/mailbox/m-1');
  expect([statusCode, body]).toEqual([200, '<!doctype html><base target="_blank"><p style="color: red">Hello</p>']);
  const policy = String(headers['content-security-policy']).split('; ');
  expect(policy).toEqual(
    expect.arrayContaining(["default-src 'none'", "frame-ancestors 'self'", 'sandbox allow-popups allow-popups-to-escape-sandbox']),
  );
  expect(policy.join()).not.toMatch(/script-src|allow-scripts|allow-same-origin/);
  expect(headers['x-frame-options']).toBe('SAMEORIGIN');
  for (const none of ['m-2', 'm-3']) expect((await get(`/dev/mailbox/${none}`)).statusCode).toBe(404);
});

test('a job that sends thousands of mails remembers the first of them only', async () => {
  const sent: SentMail[] = [];
  let count = 0;
  const mail = remembered({ send: async () => void count++, check: async () => undefined, close: async () => undefined });
  await sending.run(sent, async () => {
    for (let i = 0; i < 2000; i++) await mail.send({ ...message, template: 'news.letter' });
  });
  expect([count, sent.length, sent[0]!.template]).toEqual([2000, 50, 'news.letter']);
});

test('MAIL_FROM is an address, with or without a name', () => {
  expect(senderOf('Plinth <no-reply@localhost>')).toEqual({ name: 'Plinth', address: 'no-reply@localhost' });
  expect(senderOf('"Plinth, Inc." <a@b.test>')).toEqual({ name: 'Plinth, Inc.', address: 'a@b.test' });
  expect(senderOf('a@b.test')).toEqual({ name: '', address: 'a@b.test' });
  for (const wrong of ['', 'nobody', 'a@b.test, c@d.test', 'x <a@b.test> <c@d.test>']) expect(() => senderOf(wrong)).toThrow('MAIL_FROM');
});
