import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between us and Postgres and can fall silent, as a network does: nothing arrives, nothing is closed. Or be cut. */
export async function silenceable(databaseUrl: string) {
  const url = new URL(databaseUrl);
  const directory = url.searchParams.get('host') ?? (url.hostname.startsWith('%2F') ? decodeURIComponent(url.hostname) : null);
  const port = Number(url.searchParams.get('port') ?? (url.port || 5432));
  const pairs: [Socket, Socket][] = [];
  const server = createServer((near) => {
    const far = directory?.startsWith('/') ? connect(`${directory}/.s.PGSQL.${port}`) : connect(port, url.hostname);
    for (const socket of [near, far]) socket.on('error', () => undefined);
    near.pipe(far).pipe(near);
    pairs.push([near, far]);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const through = new URL(`postgres://${url.username}:${url.password}@127.0.0.1:${(server.address() as AddressInfo).port}${url.pathname}`);
  const cut = (): void => {
    for (const sockets of pairs.splice(0)) for (const socket of sockets) socket.destroy();
  };
  return {
    url: through.href,
    /** What is connected now hears nothing any more; who connects later does. */
    silence() {
      for (const [near, far] of pairs.splice(0)) {
        near.unpipe(far);
        far.unpipe(near);
        for (const socket of [near, far]) socket.on('data', () => undefined);
      }
    },
    cut,
    close() {
      cut();
      server.close();
    },
  };
}
