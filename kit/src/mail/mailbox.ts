import type { FastifyInstance } from 'fastify';
import { NotFound } from '../errors.ts';
import { page } from '../http/security.ts';
import type { Message } from './mail.ts';

/** A mail that would have been sent. */
export interface KeptMessage extends Message {
  /** ISO-8601 UTC. */
  readonly at: string;
}
export interface Mailbox {
  add(message: Message): void;
  /** Newest first. */
  list(): readonly KeptMessage[];
}

const KEPT = 200;

/** The newest mails, in memory: for development, where nothing is sent. */
export function createMailbox(kept = KEPT): Mailbox {
  let messages: readonly KeptMessage[] = [];
  return {
    add: (message) => void (messages = [{ ...message, at: new Date().toISOString() }, ...messages].slice(0, kept)),
    list: () => messages,
  };
}

const escapeHtml = (text: string): string => text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
const LINK = /https?:\/\/[^\s<>"'`]+/g;
/** Escaped text whose http links can be followed; a full stop or bracket after one is not part of it. */
function linked(text: string): string {
  let out = '';
  let at = 0;
  for (const { 0: found, index } of text.matchAll(LINK)) {
    const link = found.replace(/[.,;:!?)\]}]+$/, '');
    out += `${escapeHtml(text.slice(at, index))}<a href="${escapeHtml(link)}" target="_blank" rel="noopener noreferrer">${escapeHtml(link)}</a>`;
    at = index + link.length;
  }
  return out + escapeHtml(text.slice(at));
}

/** No script at all, and nothing from elsewhere: mails hold what strangers typed. The frame of an HTML part inherits it. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const STYLE = `:root { color-scheme: light dark; --line: #d4d4d8; --quiet: #71717a; --card: #fff; --page: #f4f4f5; --link: #1d4ed8; }
@media (prefers-color-scheme: dark) { :root { --line: #3f3f46; --quiet: #a1a1aa; --card: #18181b; --page: #09090b; --link: #93c5fd; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); font: 16px/1.5 ui-sans-serif, system-ui, sans-serif; }
main { max-width: 50rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1rem; margin-bottom: 1rem; }
h1 { font-size: 1.25rem; margin: 0; }
header p, .quiet { color: var(--quiet); font-size: .875rem; margin: 0; }
a { color: var(--link); overflow-wrap: anywhere; }
details { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; margin-bottom: .75rem; overflow: hidden; }
summary { padding: .75rem 1rem; cursor: pointer; overflow-wrap: anywhere; }
summary strong { font-weight: 600; }
summary span { display: block; }
.body { border-top: 1px solid var(--line); padding: 1rem; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; margin: 0; }
iframe { width: 100%; height: 24rem; border: 1px solid var(--line); border-radius: .25rem; background: #fff; margin-top: 1rem; }
.none { padding: 3rem 1rem; text-align: center; color: var(--quiet); background: var(--card); border: 1px dashed var(--line); border-radius: .5rem; }`;

function entry({ to, subject, text, html, at }: KeptMessage, first: boolean): string {
  const frame =
    html === undefined
      ? ''
      : `<iframe title="HTML part" sandbox="allow-popups allow-popups-to-escape-sandbox" srcdoc="${escapeHtml(`<base target="_blank">${html}`)}"></iframe>`;
  return `<details${first ? ' open' : ''}><summary><strong>${escapeHtml(subject)}</strong><span class="quiet">to ${escapeHtml(to)} · <time datetime="${at}">${at.slice(0, 19).replace('T', ' ')} UTC</time></span></summary><div class="body"><pre>${linked(text)}</pre>${frame}</div></details>`;
}

function html(messages: readonly KeptMessage[]): string {
  const list =
    messages.length === 0
      ? '<p class="none">No mail yet. What the server would send appears here.</p>'
      : messages.map((message, i) => entry(message, i === 0)).join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Development mailbox</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<main>
<header><h1>Development mailbox</h1><p>${messages.length} mail${messages.length === 1 ? '' : 's'}, newest first. Nothing was sent: SMTP_URL is not set. <a href="/dev/mailbox">Reload</a> · <a href="/dev/mailbox.json">JSON</a></p></header>
${list}
</main>
</body>
</html>
`;
}

/** As above, for the frame that a page of ours shows one mail's HTML part in. */
const ALONE = `${POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")}; sandbox allow-popups allow-popups-to-escape-sandbox`;

/** `GET /dev/mailbox`, `/dev/mailbox.json` and the HTML part of one. Only development has a mailbox to give: it holds everybody's links. */
export function registerMailbox(fastify: FastifyInstance, mailbox: Mailbox): void {
  fastify.get('/dev/mailbox.json', (_request, reply) => reply.header('cache-control', 'no-store').send(mailbox.list()));
  void fastify.register(async (scope) => {
    page(scope, POLICY);
    scope.get('/dev/mailbox', (_request, reply) =>
      reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(html(mailbox.list())),
    );
  });
  void fastify.register(async (scope) => {
    page(scope, ALONE);
    scope.get('/dev/mailbox/:id', (request, reply) => {
      const { id } = request.params as { id: string };
      const found = mailbox.list().find((message) => message.id === id)?.html;
      if (found === undefined) throw new NotFound();
      return reply
        .header('cache-control', 'no-store')
        .header('x-frame-options', 'SAMEORIGIN')
        .type('text/html; charset=utf-8')
        .send(`<!doctype html><base target="_blank">${found}`);
    });
  });
}
