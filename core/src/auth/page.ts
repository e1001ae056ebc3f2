import { createHash } from 'node:crypto';
import { respond, type FileContent, type Response } from '@plinth/kit';

// The page behind a mailed link. Opening it does nothing, since mail scanners open links too (B25): the button sends the token,
// which stands in the fragment and so never reached a server or a log.

const STYLE = `:root { color-scheme: light dark; --line: #d4d4d8; --quiet: #52525b; --card: #fff; --page: #f4f4f5; --strong: #18181b; --on: #fff; }
@media (prefers-color-scheme: dark) { :root { --line: #3f3f46; --quiet: #a1a1aa; --card: #18181b; --page: #09090b; --strong: #fafafa; --on: #18181b; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--page); font: 16px/1.5 ui-sans-serif, system-ui, sans-serif; }
main { width: 100%; max-width: 26rem; padding: 2rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; }
h1 { margin: 0 0 .5rem; font-size: 1.375rem; }
p { margin: 0; color: var(--quiet); }
button { width: 100%; margin-top: 1.5rem; padding: .75rem; font: inherit; font-weight: 600; color: var(--on); background: var(--strong); border: 0; border-radius: .5rem; cursor: pointer; }
button:disabled { opacity: .6; cursor: progress; }
button:focus-visible { outline: 3px solid #3b82f6; outline-offset: 2px; }`;
const styleHash = createHash('sha256').update(STYLE).digest('base64');
const HEADERS = {
  'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'sha256-${styleHash}'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
};
const HTML = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>Confirm your address</title><link rel="icon" href="data:,"><style>${STYLE}</style></head>
<body>
<main>
<h1>Confirm your address</h1>
<p id="state" role="status">One press, and your account is there.</p>
<button id="confirm" type="button">Confirm</button>
<noscript><p>This page needs JavaScript.</p></noscript>
</main>
<script src="confirm.js"></script>
</body>
</html>
`;
const SCRIPT = `const token = new URLSearchParams(location.hash.slice(1)).get('token');
history.replaceState(null, '', location.pathname);
const state = document.getElementById('state');
const button = document.getElementById('confirm');
const finish = (text) => { state.textContent = text; button.remove(); };
if (!token) finish('This link is not complete: open it as it stands in the mail.');
button.addEventListener('click', async () => {
  button.disabled = true;
  try {
    const reply = await fetch('../api/v1/auth/register/confirm', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ token }) });
    if (reply.ok) return finish('Done. You can sign in now.');
    const { error } = await reply.json();
    finish(error.message);
  } catch {
    state.textContent = 'The server could not be reached. Try again.';
    button.disabled = false;
  }
});
`;
export const confirmPage = (): Response<FileContent> => respond<FileContent>({ content: HTML }, { headers: HEADERS });
export const confirmScript = (): Response<FileContent> =>
  respond<FileContent>({ content: SCRIPT }, { headers: { 'cache-control': 'public, max-age=3600' } });
