import { setTimeout as sleep } from 'node:timers/promises';
import type { Mail, Message } from '../mail/mail.ts';

/** The outside world's mail, in memory. */
export class TestMailbox implements Mail {
  readonly messages: Message[] = [];
  async send(message: Message): Promise<void> {
    this.messages.push(message);
  }
  async check(): Promise<void> {}
  async close(): Promise<void> {}
  /** The newest mail to this address that `matches`; waits up to 10 s, since mail goes through jobs. */
  async newest(to: string, matches: (message: Message) => boolean = () => true): Promise<Message> {
    const until = Date.now() + 10_000;
    for (;;) {
      const found = this.messages.findLast((message) => message.to === to && matches(message));
      if (found) return found;
      if (Date.now() > until)
        throw new Error(
          `no such mail to ${to} within 10 s; there are: ${this.messages.map((message) => `${message.to}: ${message.subject}`).join('; ') || 'none'}`,
        );
      await sleep(25);
    }
  }
}
