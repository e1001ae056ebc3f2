import { defineFeature, perform, schedule } from '@plinth/kit';
import * as contract from './contract.ts';
import { usersController } from './controller.ts';
import { UsersListRepository } from './list.repository.ts';
import { UsersRepository } from './repository.ts';
import { UsersService } from './service.ts';

export {
  EmailTaken,
  GrantExceedsOwn,
  LastAdministrator,
  LastOwner,
  manageUsers,
  readUsers,
  User,
  UserQuery,
  userCreated,
  userDeleted,
  userEmailChanged,
  userErased,
  userEmailVerified,
  UserNotFound,
  userProfileChanged,
  userRestored,
  userSuspended,
  UserStatus,
  type NewUser,
} from './contract.ts';
export { BEFORE, DisplayName, Email, normalizeEmail } from './fields.ts';
export type UsersApi = Pick<
  UsersService,
  'changeEmail' | 'create' | 'delete' | 'find' | 'findByEmail' | 'findMany' | 'hold' | 'holdActive' | 'list' | 'lockActive' | 'markVerified'
>;

/** Users erased in one transaction. */
const ERASED_AT_ONCE = 20;

export const users = defineFeature({
  name: 'users',
  contract,
  migrations: `${import.meta.dirname}/migrations`,
  setup({ db, log, config }) {
    const service = new UsersService({ db, log, users: new UsersRepository(), lists: new UsersListRepository() });
    const api: UsersApi = service;
    return {
      api,
      controller: usersController(service),
      personalData: async (userId) => (await service.find(db, userId)) ?? null,
      handlers: [
        perform(contract.eraseDeleted, async (_payload, { caller }) => {
          while ((await service.eraseDeleted(caller, config.eraseAfterDays, ERASED_AT_ONCE)) === ERASED_AT_ONCE);
        }),
        schedule(contract.eraseDeleted, '27 3 * * *', {}),
      ],
    };
  },
});
