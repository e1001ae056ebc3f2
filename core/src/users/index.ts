import { defineFeature } from '@plinth/kit';
import * as contract from './contract.ts';
import { usersController } from './controller.ts';
import { UsersRepository } from './repository.ts';
import { UsersService } from './service.ts';

export {
  EmailTaken,
  GrantExceedsOwn,
  LastAdministrator,
  manageUsers,
  readUsers,
  User,
  userCreated,
  userDeleted,
  userEmailVerified,
  UserNotFound,
  userProfileChanged,
  userRestored,
  userSuspended,
  type NewUser,
} from './contract.ts';
export { BEFORE, DisplayName, Email, normalizeEmail } from './fields.ts';
export type UsersApi = Pick<UsersService, 'create' | 'find' | 'findByEmail' | 'holdActive' | 'lockActive' | 'markVerified'>;

export const users = defineFeature({
  name: 'users',
  contract,
  migrations: `${import.meta.dirname}/migrations`,
  setup({ db, log }) {
    const service = new UsersService({ db, log, users: new UsersRepository() });
    const api: UsersApi = service;
    return { api, controller: usersController(service) };
  },
});
