import { type Database, system, uuidv7 } from '@plinth/kit';
import { randomBytes } from 'node:crypto';
import type { AccessApi } from '../access/index.ts';
import type { UsersApi } from '../users/index.ts';
import type { Hashing } from './hashing.ts';
import type { AuthRepository } from './repository.ts';

interface Deps {
  readonly db: Database;
  readonly users: UsersApi;
  readonly access: AccessApi;
  readonly hashing: Hashing;
  readonly repository: AuthRepository;
  readonly adminEmail: string;
}

/** The first administrator. @returns the line that tells the password, the only time it is ever shown. */
export async function seedAdministrator({ db, users, access, hashing, repository, adminEmail }: Deps): Promise<string[]> {
  if (await users.findByEmail(db, adminEmail)) return [];
  const password = randomBytes(18).toString('base64url');
  const passwordHash = await hashing.hash(password);
  const caller = system('auth.seed', null, uuidv7());
  await db.transaction(async (tx) => {
    const { id } = await users.create(caller, tx, { email: adminEmail, displayName: 'Administrator', verified: true });
    repository.insertCredential(tx, id, passwordHash);
    await access.assign(caller, tx, { userId: id, role: 'admin' });
  });
  return [`administrator ${adminEmail}, password ${password} (shown this once)`];
}
