import { staticPage } from '@plinth/kit';

// Where providers send the browser. The answer stands in the query string; the script takes it out of the address bar, hands it to
// the API, and goes where the server says. The cookie of the flow comes along, since the request is this site's own.
const SCRIPT = `const params = new URLSearchParams(location.search);
history.replaceState(null, '', location.pathname);
const say = (text) => {
  document.querySelector('h1').textContent = document.title = 'Not signed in';
  document.getElementById('state').textContent = text;
  document.getElementById('back').hidden = false;
};
const answer = Object.fromEntries(['state', 'code', 'iss', 'error', 'user'].flatMap((name) => (params.get(name) ? [[name, params.get(name)]] : [])));
const provider = location.pathname.split('/').at(-2);
if (!answer.state) say('There is nothing to finish here: begin again where you came from.');
else {
  try {
    const reply = await fetch('../../../api/v1/auth/oauth/' + provider + '/callback', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ...answer, delivery: 'cookie' }) });
    const { data, error } = await reply.json();
    if (!reply.ok) say(error.message);
    else {
      const { returnTo, status, challenge, factors, expiresIn } = data;
      const more = challenge ? { status, challenge, factors, expiresIn } : { status };
      location.replace(status === 'signed-in' ? returnTo : returnTo + '#' + new URLSearchParams(more));
    }
  } catch {
    say('The server could not be reached: begin again where you came from.');
  }
}
`;
const reply = staticPage({
  title: 'Signing in',
  lead: 'One moment.',
  content: '<p id="back" hidden><a href="../../../">Back</a></p>\n',
  script: SCRIPT,
});
export const callbackPage = () => reply;
