import { createHash } from 'node:crypto';
import { respond, type FileContent, type Response } from '../operation.ts';

// The page behind a mailed link. Opening it does nothing, since mail scanners open links too (B25): the button sends the token,
// which stands in the fragment and so never reached a server or a log, with what is typed here.

/** Texts are written by features, never by users; they are escaped all the same. */
export interface FormPage {
  readonly title: string;
  readonly lead: string;
  /** The operation that the button asks, below `/api/v1/`; the page itself lies one level below the root. */
  readonly api: string;
  /** Sent beside the token. */
  readonly with?: Readonly<Record<string, string>>;
  readonly button: string;
  /** What stands there when it is done. */
  readonly done: string;
  /** What stands there instead when the answer has this `status`. */
  readonly otherwise?: Readonly<Record<string, string>>;
  /** Asks for a new password of at least so many characters. */
  readonly password?: { readonly min: number; readonly rule: string };
}

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
button:focus-visible, input:focus-visible { outline: 3px solid #3b82f6; outline-offset: 2px; }`;

const SCRIPT = `const token = new URLSearchParams(location.hash.slice(1)).get('token');
history.replaceState(null, '', location.pathname);
const [state, form, password, show, problem, button] = ['state', 'form', 'password', 'show', 'problem', 'confirm'].map((id) => document.getElementById(id));
const { api, extra, done, otherwise } = JSON.parse(form.dataset.page);
const finish = (text) => { state.textContent = text; form.remove(); };
const again = (text, invalid = false) => {
  problem.textContent = text;
  button.disabled = false;
  if (!password) return;
  password.setAttribute('aria-invalid', invalid);
  password.focus();
};
if (token) form.hidden = false;
else finish('This link is not complete: open it as it stands in the mail.');
show?.addEventListener('change', () => { password.type = show.checked ? 'text' : 'password'; });
password?.addEventListener('input', () => { problem.textContent = ''; password.removeAttribute('aria-invalid'); });
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  button.disabled = true;
  problem.textContent = '';
  try {
    const reply = await fetch('../api/v1/' + api, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ...extra, token, ...(password && { password: password.value }) }) });
    const body = reply.status === 204 ? {} : await reply.json();
    if (reply.ok) return finish(otherwise[body.data?.status] ?? done);
    const { error } = body;
    // The link still stands after a refused password and while the server is busy.
    if (error.fields?.password) again(error.fields.password, true);
    else if (reply.status === 429 || reply.status >= 500) again(error.message);
    else finish(error.message);
  } catch {
    again('The server could not be reached. Try again.');
  }
});
`;

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const HEADERS = {
  'content-security-policy': `default-src 'none'; script-src ${hashOf(SCRIPT)}; style-src ${hashOf(STYLE)}; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
};
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const text = (value: string): string => value.replace(/[&<>"']/g, (character) => ESCAPES[character]!);

/** The handler of a page: an operation with `at: 'root'` and `reply: file('text/html; charset=utf-8')`. Made once, served as it is. */
export function formPage(page: FormPage): () => Response<FileContent> {
  const { title, lead, api, with: extra = {}, button, done, otherwise = {}, password } = page;
  const fields = password
    ? `<label for="password">Password</label>
<input id="password" type="password" autocomplete="new-password" minlength="${password.min}" required aria-describedby="rule problem">
<p id="rule">${text(password.rule)}</p>
<label class="show"><input id="show" type="checkbox"> Show the password</label>
`
    : '';
  const content = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${text(title)}</title><link rel="icon" href="data:,"><style>${STYLE}</style></head>
<body>
<main>
<h1>${text(title)}</h1>
<p id="state" role="status">${text(lead)}</p>
<form id="form" method="post" hidden data-page="${text(JSON.stringify({ api, extra, done, otherwise }))}">
${fields}<p id="problem" role="alert"></p>
<button id="confirm">${text(button)}</button>
</form>
<noscript><p>This page needs JavaScript.</p></noscript>
</main>
<script type="module">${SCRIPT}</script>
</body>
</html>
`;
  const reply = respond<FileContent>({ content }, { headers: HEADERS });
  return () => reply;
}
