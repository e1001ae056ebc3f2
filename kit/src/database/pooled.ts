import type pg from 'pg';

/**
 * Whether a pooler stands between: it invents the process id that a client is told at its start. What a session says there (LISTEN,
 * SET, a lock of the session) would stay with a connection that others get next, so it must not be said (S66).
 */
export async function isPooled(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]!.pid !== (client as unknown as { readonly processID: number }).processID;
}
