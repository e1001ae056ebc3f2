import type { Transporter } from 'nodemailer';
import type { Logger } from 'pino';
import { sending } from '../cause.ts';
import type { Config } from '../config.ts';
import type { Mail } from './mail.ts';
import { createMailbox, type Mailbox } from './mailbox.ts';
import { checkMessage, senderOf } from './message.ts';

export type ConfiguredMail = Mail & {
  /** Where mails go without SMTP_URL, for `/dev/mailbox`; null when they are really sent. */
  readonly mailbox: Mailbox | null;
};
type MailConfig = Pick<Config, 'environment' | 'production' | 'mail'>;

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
const CONNECT_MS = 10_000;
const SILENCE_MS = 30_000;

/** nodemailer costs 50 ms to load: at the first mail, not at the start. */
async function connect(smtpUrl: string): Promise<Transporter> {
  const { createTransport } = await import('nodemailer');
  const { hostname, username } = new URL(smtpUrl);
  return createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: 3,
    maxRequeues: 1, // jobs retry; a pool that does too would multiply
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    // A password goes over TLS or not at all: a server in between can hide STARTTLS.
    requireTLS: username !== '' && !LOOPBACK.has(hostname) && smtpUrl.startsWith('smtp://'),
    disableFileAccess: true,
    disableUrlAccess: true,
  } as Parameters<typeof createTransport>[0]);
}

/**
 * Mail through SMTP_URL; in development without one, a mailbox in memory whose links are printed to the terminal.
 * @throws in production without SMTP_URL.
 */
export function createMail(
  config: MailConfig,
  logger: Logger,
  print: (text: string) => void = (text) => void process.stdout.write(text),
): ConfiguredMail {
  const { smtpUrl, from } = config.mail;
  const sender = senderOf(from);
  if (smtpUrl === null) {
    if (config.production) throw new Error('SMTP_URL is required in production');
    return toMailbox(createMailbox(), config.environment === 'development' ? print : () => {});
  }
  const domain = sender.address.slice(sender.address.lastIndexOf('@') + 1);
  let transporter: Promise<Transporter> | undefined;
  const open = (): Promise<Transporter> => {
    if (!transporter) {
      transporter = connect(smtpUrl);
      transporter.catch(() => (transporter = undefined));
    }
    return transporter;
  };
  return {
    mailbox: null,
    async send(message) {
      checkMessage(message);
      const { to, subject, text, html, headers, id } = message;
      const messageId = `<${id}@${domain}>`;
      await (
        await open()
      ).sendMail({
        from: { name: sender.name, address: sender.address },
        to: { name: '', address: to },
        envelope: { from: sender.address, to: [to] },
        subject,
        text,
        ...(html !== undefined && { html }),
        messageId,
        headers: { 'Auto-Submitted': 'auto-generated', ...headers },
      });
      logger.info({ messageId: id }, 'mail handed to the mail server');
    },
    async check() {
      await (await open()).verify();
    },
    async close() {
      (await transporter?.catch(() => undefined))?.close();
    },
  };
}

/** Mails that stay with one job: beside a thousand of them its own output would be too large to be kept. */
const MOST_REMEMBERED = 50;
/** The same, and what it sends stays with the job that sends it: the first fifty. */
export const remembered = (mail: Mail): Mail => ({
  async send(message) {
    await mail.send(message);
    const sent = sending.getStore();
    if (sent && sent.length < MOST_REMEMBERED) sent.push({ template: message.template ?? null, at: new Date().toISOString() });
  },
  check: () => mail.check(),
  close: () => mail.close(),
});

/** The terminal is not the log: what is printed here is for the developer's eyes, and no sink keeps it. */
function toMailbox(mailbox: Mailbox, print: (text: string) => void): ConfiguredMail {
  return {
    mailbox,
    async send(message) {
      checkMessage(message);
      mailbox.add(message);
      const links = message.text.match(/https?:\/\/[^\s<>"]+/g) ?? [];
      // oxlint-disable-next-line no-control-regex
      const line = `mail to ${message.to}: ${message.subject}${links.map((link) => `\n  ${link}`).join('')}`;
      print(`${line.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, '')}\n`);
    },
    check: async () => {},
    close: async () => {},
  };
}
