import { createHash } from 'node:crypto';
import { respond, type FileContent, type Response } from '../operation.ts';

const STYLE = `:root { color-scheme: light dark; --line: #d4d4d8; --quiet: #52525b; --card: #fff; --page: #f4f4f5; --strong: #18181b; --on: #fff; --wrong: #b91c1c; }
@media (prefers-color-scheme: dark) { :root { --line: #3f3f46; --quiet: #a1a1aa; --card: #18181b; --page: #09090b; --strong: #fafafa; --on: #18181b; --wrong: #fca5a5; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--page); font: 16px/1.5 ui-sans-serif, system-ui, sans-serif; }
main { width: 100%; max-width: 26rem; padding: 2rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; }
h1 { margin: 0 0 .5rem; font-size: 1.375rem; }
p { margin: 0; color: var(--quiet); }
label { display: block; margin-top: 1.5rem; font-weight: 600; }
input[type=password], input[type=text] { display: block; width: 100%; margin: .25rem 0; padding: .75rem; font: inherit; color: inherit; background: var(--page); border: 1px solid var(--line); border-radius: .5rem; }
[aria-invalid=true] { border-color: var(--wrong); }
#rule, label.show { margin-top: .25rem; font-size: .875rem; font-weight: 400; }
#problem { color: var(--wrong); }
button { width: 100%; margin-top: 1.5rem; padding: .75rem; font: inherit; font-weight: 600; color: var(--on); background: var(--strong); border: 0; border-radius: .5rem; cursor: pointer; }
button:disabled { opacity: .6; cursor: progress; }
a { display: inline-block; margin-top: 1rem; color: inherit; }
button:focus-visible, input:focus-visible, a:focus-visible { outline: 3px solid #3b82f6; outline-offset: 2px; }`;

const hashOf = (code: string): string => `'sha256-${createHash('sha256').update(code).digest('base64')}'`;
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
/** Text in HTML. */
export const escaped = (value: string): string => value.replace(/[&<>"']/g, (character) => ESCAPES[character]!);

/** Texts are written by features, never by users; they are escaped all the same. */
export interface StaticPage {
  readonly title: string;
  /** Stands below the title; the script finds it as `#state`. */
  readonly lead: string;
  /** HTML below that. */
  readonly content?: string;
  /** The one script that runs here, as a module. */
  readonly script: string;
}

/**
 * A page that talks to the API of its own server: made once, served as it is. Nothing else loads, and no address of it is told to
 * anyone. Its operation has `at: 'root'` and `reply: file('text/html; charset=utf-8')`.
 */
export function staticPage({ title, lead, content = '', script }: StaticPage): Response<FileContent> {
  const html = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${escaped(title)}</title><link rel="icon" href="data:,"><style>${STYLE}</style></head>
<body>
<main>
<h1>${escaped(title)}</h1>
<p id="state" role="status">${escaped(lead)}</p>
${content}<noscript><p>This page needs JavaScript.</p></noscript>
</main>
<script type="module">${script}</script>
</body>
</html>
`;
  const policy = `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(STYLE)}; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  return respond<FileContent>({ content: html }, { headers: { 'content-security-policy': policy, 'referrer-policy': 'no-referrer' } });
}
