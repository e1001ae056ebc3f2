import type { FileContent, Response } from '../operation.ts';
import { escaped, staticPage } from './static-page.ts';

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
    // The link still stands after a refused password, before signing in and while the server is busy.
    if (error.fields?.password) again(error.fields.password, true);
    else if (reply.status === 401 || reply.status === 429 || reply.status >= 500) again(error.message);
    else finish(error.message);
  } catch {
    again('The server could not be reached. Try again.');
  }
});
`;

/** The handler of a page: an operation with `at: 'root'` and `reply: file('text/html; charset=utf-8')`. Made once, served as it is. */
export function formPage(page: FormPage): () => Response<FileContent> {
  const { title, lead, api, with: extra = {}, button, done, otherwise = {}, password } = page;
  const fields = password
    ? `<label for="password">Password</label>
<input id="password" type="password" autocomplete="new-password" minlength="${password.min}" required aria-describedby="rule problem">
<p id="rule">${escaped(password.rule)}</p>
<label class="show"><input id="show" type="checkbox"> Show the password</label>
`
    : '';
  const content = `<form id="form" method="post" hidden data-page="${escaped(JSON.stringify({ api, extra, done, otherwise }))}">
${fields}<p id="problem" role="alert"></p>
<button id="confirm">${escaped(button)}</button>
</form>
`;
  const reply = staticPage({ title, lead, content, script: SCRIPT });
  return () => reply;
}
