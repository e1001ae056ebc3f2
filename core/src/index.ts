// The core services, a feature each.
export {
  access,
  type AccessApi,
  type AssignmentFact,
  type GrantFact,
  permissionGranted,
  permissionRevoked,
  roleAssigned,
  roleExpired,
  roleUnassigned,
} from './access/index.ts';
export { account, addressTakenMail, newAddressMail, oldAddressMail, passwordChangedMail, resetMail, verifyMail } from './account/index.ts';
export { apiKeys } from './api-keys/index.ts';
export { audit } from './audit/index.ts';
export { impersonation, impersonationMail } from './impersonation/index.ts';
export { jobs } from './jobs/index.ts';
export { monitoring } from './monitoring/index.ts';
export { accountExists as accountExistsMail, auth, confirmAddress as confirmAddressMail } from './auth/index.ts';
export { factorNotice as factorNoticeMail, mfa } from './mfa/index.ts';
export { oauth } from './oauth/index.ts';
export {
  invitationMail,
  memberJoined,
  memberLeft,
  ORGANIZATION,
  ORGANIZATION_ADMIN,
  ORGANIZATION_MEMBER,
  ORGANIZATION_OWNER,
  organizationCreated,
  organizationDeleted,
  organizationRenamed,
  organizations,
} from './organizations/index.ts';
export { organizationAudit } from './organization-audit/index.ts';
export { organizationWebhooks } from './organization-webhooks/index.ts';
export {
  ActionUnderWay,
  Amount,
  CaptureTooMuch,
  Currency,
  disputeClosed,
  exponentOf,
  fromDecimal,
  managePayments,
  MethodNotTaken,
  type Money,
  NotThatNow,
  type Payment,
  paymentAuthorized,
  paymentCanceled,
  paymentCaptured,
  paymentCreated,
  paymentDisputed,
  paymentFailed,
  PaymentNotFound,
  type PaymentOrder,
  paymentProcessing,
  paymentRefunded,
  paymentRequiresAction,
  payments,
  ProviderMissing,
  refundFailed,
  RefundTooMuch,
  split,
  startSandbox,
  toDecimal,
} from './payments/index.ts';
export { passkeys } from './passkeys/index.ts';
export { codeMail, magicLinkMail, passwordless } from './passwordless/index.ts';
export { connectRealtime, realtime, userChannel } from './realtime/index.ts';
export { serviceAccounts } from './service-accounts/index.ts';
export { timeline } from './timeline/index.ts';
export { tokens } from './tokens/index.ts';
export { BEFORE, DisplayName, Email, GrantExceedsOwn, LastOwner, type User, userDeleted, users, type UsersApi } from './users/index.ts';
export {
  type IncomingEvent,
  SignatureRefused,
  type Source as WebhookSource,
  standardWebhooks,
  webhooks,
  WebhookUnreadable,
} from './webhooks/index.ts';
