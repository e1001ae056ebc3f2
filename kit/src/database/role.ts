import pg from 'pg';

/** What hangs must not hold a connection, nor a client that is lost its locks (DESIGN §5). */
export const APP_LIMITS = { statement_timeout: '5s', lock_timeout: '2s', idle_in_transaction_session_timeout: '10s' } as const;

const LOCK = 7_303_148; // any constant: two nodes that alter one role at once fail with "tuple concurrently updated"
const STATE = `
select current_database() as database, current_setting('timezone') as timezone, current_setting('datestyle') as datestyle,
  array(
    select split_part(setting, '=', 1) from pg_catalog.pg_db_role_setting s, unnest(s.setconfig) setting
    where s.setrole = (select oid from pg_catalog.pg_roles where rolname = current_user)
      and s.setdatabase in (0, (select oid from pg_catalog.pg_database where datname = current_database()))
  ) as own`;

/**
 * Gives the role that serves its limits on this database, and the forms in which we read times. They are defaults of the role, not
 * of a connection, so that they hold behind a pooler too. Limits that someone gave this role already stay as they are.
 * @returns the names of the settings that were made.
 */
export async function settleRole(client: pg.Client): Promise<string[]> {
  await client.query('begin');
  try {
    await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
    const { rows } = await client.query<{ database: string; timezone: string; datestyle: string; own: string[] }>(STATE);
    const { database, timezone, datestyle, own } = rows[0]!;
    const wanted: [name: string, value: string][] = Object.entries(APP_LIMITS).filter(([name]) => !own.includes(name));
    if (timezone !== 'UTC') wanted.push(['timezone', 'UTC']);
    if (!datestyle.startsWith('ISO')) wanted.push(['datestyle', 'ISO']);
    for (const [name, value] of wanted)
      await client.query(`alter role current_user in database ${pg.escapeIdentifier(database)} set ${name} = ${pg.escapeLiteral(value)}`);
    await client.query('commit');
    return wanted.map(([name]) => name);
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}
