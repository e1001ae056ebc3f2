import { readdir, readFile } from 'node:fs/promises';
import { emptyDatabase } from '@plinth/kit/testing';
import pg from 'pg';
import { expect, test } from 'vitest';

const DIRECTORY = `${import.meta.dirname}/migrations`;

test('users can be searched, only slower, where trigrams cannot be installed', async () => {
  const database = await emptyDatabase();
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  try {
    await owner.connect();
    // As hardened servers are: there is no place for the extension.
    await owner.query('drop schema public cascade');
    for (const file of (await readdir(DIRECTORY)).toSorted()) await owner.query(await readFile(`${DIRECTORY}/${file}`, 'utf8'));
    const { rows } = await owner.query(`select to_regclass('users.users_name') as listed, to_regclass('users.users_search') as searched`);
    expect(rows).toEqual([{ listed: 'users.users_name', searched: null }]);
  } finally {
    await owner.end();
    await database.drop();
  }
});

test('users are read while the indexes of their lists are built: what shuts readers out comes last', async () => {
  const sql = await readFile(`${DIRECTORY}/0004_lists.sql`, 'utf8');
  expect(sql.indexOf('drop index')).toBeGreaterThan(sql.lastIndexOf('create index'));
});
