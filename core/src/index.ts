// The core services, a feature each.
export { access } from './access/index.ts';
export { account } from './account/index.ts';
export { audit } from './audit/index.ts';
export { auth } from './auth/index.ts';
export { mfa } from './mfa/index.ts';
export { users } from './users/index.ts';
