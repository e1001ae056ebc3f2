// Everything a feature may import.
export * from './caller.ts';
export { type Cause, causing } from './cause.ts';
export * from './clock.ts';
export { running } from './context.ts';
export * from './definitions.ts';
export * from './errors.ts';
export type { AskedAction, AskedThing, NamedResource, NamedSubject, Names, RowPlace } from './naming.ts';
export * from './feature.ts';
export * from './operation.ts';
export type { Kit } from './kit.ts';
export { type Loop, startLoop } from './loop.ts';
export type { Logger } from 'pino';
export { type Config, ConfigError } from './config.ts';
export type { Fact, FactRecord } from './log/fact.ts';
export { appendAnchor } from './log/anchors.ts';
export { folderStore, type ArchiveStore } from './log/archive-store.ts';
export { headKeyCreated } from './log/events.ts';
export type { HeadKey, SignedArchive, SignedHead } from './log/heads.ts';
export type { Proof } from './log/proof.ts';
export type { Verification } from './log/verify.ts';
export type { EventLog, FactQuery, PublishDetail, Refusal } from './log/log.ts';
export type { HandledFact, LinkedFact, LinkQuery } from './log/links.ts';
export type { LinkedJob } from './jobs/links.ts';
export type { EnqueueOptions, JobRun, Jobs } from './jobs/jobs.ts';
export type { JobAdmin, JobQuery, JobRecord, JobState, QueueRecord, RedriveQuery, ScheduleRecord } from './jobs/admin.ts';
export { giveUp, type JobOutput, snooze } from './jobs/outcomes.ts';
export type { Cache, CacheOptions } from './cache/cache.ts';
export type { Mail, Message } from './mail/mail.ts';
export { type Compose, defineMail, type MailReplacement, type MailTemplate, type MailText, replaceMail } from './mail/templates.ts';
export type { Following, Realtime, RealtimeStatistics, Staying } from './realtime/create.ts';
export { Message as RealtimeMessage } from './realtime/protocol.ts';
export type { Seal } from './seal.ts';
export { claims, type Lease } from './http/idempotency.ts';
export type { WebApp } from './http/web-app.ts';
export { formPage, type FormPage } from './http/form-page.ts';
export { staticPage, type StaticPage } from './http/static-page.ts';
export type { OauthSettings, ProviderSettings } from './oauth-settings.ts';
export type { PaymentSettings, ProviderName as PaymentProviderName, SandboxSettings, StripeSettings } from './payment-settings.ts';
export { type OutboundFetch, type OutboundInit, OutboundRefused } from './outbound/fetch.ts';
export { hidesCardNumber } from './http/cards.ts';
export { createRedirectUris, createReturnTo } from './http/redirects.ts';
export { isPublic, networkOf } from './http/address.ts';
export { accessCookie } from './http/security.ts';
export type { Database } from './database/database.ts';
export type { Tx } from './database/transaction.ts';
export { type ListOrder, prepareList, prepareVisibleList } from './database/list.ts';
export {
  prepare,
  prepareVisible,
  queryBuilder,
  shaped,
  type Bind,
  type BoundQuery,
  type Runner,
  type Statement,
  type VisibleStatement,
} from './database/statement.ts';
export { BUCKETS as durationBuckets, type Replies } from './telemetry/metrics.ts';
export { csvLine, digits } from './csv.ts';
export { isUuid, uuidv7 } from './uuid.ts';
