/**
 * Chosen for a laptop or a small server: little memory while idle, a fast start, and nothing that gives up durability.
 * They are passed on the command line at every start, so a new release of Plinth changes them without touching the data.
 */
const defaults = {
  cluster_name: 'plinth',
  shared_buffers: '64MB',
  max_connections: '60',
  synchronous_commit: 'on',
  // Compiling a plan costs more than the short statements of a backend ever win back.
  jit: 'off',
  // Version 18 otherwise keeps three I/O workers, which reads that hit the cache never use.
  io_method: 'sync',
  max_logical_replication_workers: '0',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // The application reports failed statements with their request id; here they would only repeat personal data.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
  logging_collector: 'off',
  log_destination: 'stderr',
  password_encryption: 'scram-sha-256',
} satisfies Record<string, string>;

/** What a start passes beside the settings: where the server listens and who may enter. */
export interface Listening {
  readonly socketDirectory: string;
  readonly hbaFile: string;
  /** Loopback TCP port; without it there is only the Unix socket. */
  readonly port: number | undefined;
}

/** The port names the socket file too, so it always has a value. */
export const socketPort = (port: number | undefined): number => port ?? 5432;

/** The command line of `postgres`, without the binary itself. */
export function serverArguments(data: string, listening: Listening, settings: Readonly<Record<string, string>>): string[] {
  const all: Record<string, string> = {
    ...defaults,
    ...settings,
    hba_file: listening.hbaFile,
    unix_socket_directories: `"${listening.socketDirectory.replaceAll('"', '""')}"`,
    listen_addresses: listening.port === undefined ? '' : '127.0.0.1',
    port: String(socketPort(listening.port)),
  };
  return ['-D', data, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

/** Everybody shows a password, on the socket too: the application's role must not become another by asking for it. */
export const hbaRules = `# written by Plinth at every start
local all all scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
`;
