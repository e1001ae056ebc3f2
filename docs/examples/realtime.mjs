// A client of realtime, for browsers and for Node 22 or newer, in one file without dependencies. docs/realtime-protocol.md says what is said.
//
//   node docs/examples/realtime.mjs http://localhost:3000 ada@example.com 'her password' [channel …]
//
// It signs in, follows the channels (her own when none is named), and prints what it is told.

const MOST_MS = 30_000;

/**
 * Follows channels until `stop()`. It comes back by itself, each time after another pause, with the token of that moment, and hears
 * what it missed.
 * @param url of the server: `http://localhost:3000`.
 * @param getToken gives the current access token, a fresh one when asked for that; null: nobody is signed in any more.
 * @param onEvent is told facts and messages. @param onReload a channel whose past is lost: read its state again.
 */
export function follow(url, { channels, getToken, onEvent, onReload = () => {}, onEnd = () => {} }) {
  const offsets = new Map();
  let socket;
  let attempt = 0;
  let refresh;
  let stopped = false;

  const open = async (fresh) => {
    const token = await getToken(fresh).catch(() => undefined); // undefined: the server cannot be reached
    if (stopped) return;
    if (token === null) return onEnd('signed out');
    if (token === undefined) return again();
    const mine = (socket = new WebSocket(`${url.replace(/^http/, 'ws')}/realtime`, 'plinth.v1'));
    const send = (message) => mine.readyState === WebSocket.OPEN && mine.send(JSON.stringify(message));
    mine.addEventListener('open', () => send({ type: 'authenticate', token }));
    mine.addEventListener('message', ({ data }) => {
      const said = JSON.parse(data);
      if (said.offset && said.channel) offsets.set(said.channel, said.offset);
      switch (said.type) {
        case 'authenticated':
          attempt = 0;
          if (refresh === undefined) for (const channel of channels) send({ type: 'subscribe', channel, since: offsets.get(channel) });
          clearTimeout(refresh);
          // A fresh token on the same connection, before the old one is over.
          refresh = setTimeout(
            async () => send({ type: 'authenticate', token: await getToken(true) }),
            Math.max(1, (said.expiresIn ?? 600) - 30) * 1000,
          );
          return;
        case 'subscribed':
          if (said.recovered === false) onReload(said.channel);
          return;
        case 'checkpoint':
          for (const channel of offsets.keys()) offsets.set(channel, said.offset);
          return;
        default:
          onEvent(said);
      }
    });
    mine.addEventListener('close', ({ code, reason }) => {
      if (mine !== socket || stopped) return; // an old one has no say
      clearTimeout(refresh);
      refresh = undefined;
      if (code >= 3500 && code < 4000) return onEnd(reason); // the session is over, or may not: coming back would change nothing
      again(code === 3005);
    });
  };
  // Full jitter: of a thousand clients that lost one server, no two come back at the same moment.
  const again = (fresh = false) => setTimeout(() => open(fresh), Math.random() * Math.min(MOST_MS, 500 * 2 ** attempt++));

  void open(false);
  return {
    publish: (channel, data) => socket?.send(JSON.stringify({ type: 'publish', channel, data })),
    stop() {
      stopped = true;
      clearTimeout(refresh);
      socket?.close(1000);
    },
  };
}

/** Signs in, and keeps the tokens: several who need a fresh one at the same moment ask once. */
export async function signIn(url, email, password) {
  const post = async (path, body) => {
    const reply = await fetch(`${url}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (reply.status === 401) return null;
    if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${await reply.text()}`);
    return (await reply.json()).data;
  };
  let tokens = await post('/auth/sign-in', { email, password });
  if (tokens === null) throw new Error('wrong e-mail or password');
  let asking;
  const renew = () => (asking ??= post('/auth/refresh', { refreshToken: tokens.refreshToken }).finally(() => (asking = undefined)));
  return {
    userId: JSON.parse(atob(tokens.accessToken.split('.')[1].replace(/-/g, '+').replace(/_/g, '/'))).sub,
    getToken: async (fresh) => {
      if (fresh) tokens = await renew();
      return tokens?.accessToken ?? null;
    },
  };
}

if (globalThis.process?.argv[1]?.endsWith('realtime.mjs')) {
  const [url, email, password, ...named] = process.argv.slice(2);
  const print = (line) => process.stdout.write(`${line}\n`);
  const { userId, getToken } = await signIn(url, email, password);
  const channels = named.length > 0 ? named : [`user:${userId}`];
  print(`following ${channels.join(', ')}`);
  follow(url, {
    channels,
    getToken,
    onEvent: (said) => print(JSON.stringify(said)),
    onReload: (channel) => print(`read the state of ${channel} again`),
    onEnd: (why) => print(`over: ${why}`),
  });
}
