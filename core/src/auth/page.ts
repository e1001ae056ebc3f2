import { respond, type FileContent, type Response } from '@plinth/kit';

// The page behind a mailed link. Opening it does nothing, since mail scanners open links too (B25): the button sends the token,
// which stands in the fragment and so never reached a server or a log.

const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};
const HTML = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>Confirm your address</title></head>
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
