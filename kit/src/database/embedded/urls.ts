import { type Passwords, readPasswords } from './cluster.ts';
import { EmbeddedError } from './errors.ts';
import { existingHome, socketDirectoryOf } from './home.ts';
import { readLockFile } from './previous.ts';
import { socketPort } from './settings.ts';

export type Role = keyof Passwords;

/** An address over the Unix socket that `pg` and psql read alike. */
export const socketUrl = (role: Role, passwords: Passwords, socketDirectory: string, port: number | string): string =>
  `postgres://${role}:${passwords[role]}@localhost:${port}/plinth?host=${encodeURIComponent(socketDirectory)}`;

/** Addresses of one role, to show to a person. */
export interface EmbeddedUrls {
  readonly socket: string;
  /** Over loopback TCP, where that is open. */
  readonly port: string | null;
}

/**
 * The addresses of the server that is running on this directory, or else of the one that would start. Starts and changes nothing.
 * @param port what a start would be given; a running server knows its own.
 * @throws EmbeddedError where no server has ever started here.
 */
export async function embeddedUrls(directory: string, port: number | null, role: Role = 'plinth_owner'): Promise<EmbeddedUrls> {
  const home = await existingHome(directory);
  if (home === undefined) throw new EmbeddedError(`There is no database in ${directory} yet: start the server once (npm start).`);
  const passwords = await readPasswords(home);
  const running = await readLockFile(home.data);
  const number = running?.port ?? String(socketPort(port ?? undefined));
  const open = running === undefined ? port !== null : running.address !== '';
  return {
    socket: socketUrl(role, passwords, running?.socketDirectory || socketDirectoryOf(home, port ?? undefined), number),
    port: open ? `postgres://${role}:${passwords[role]}@127.0.0.1:${number}/plinth` : null,
  };
}
