import { AsyncLocalStorage } from 'node:async_hooks';

/** What led to something: a fact that was reacted to, the run of a job, the delivery of a webhook. */
export interface Cause {
  readonly type: 'fact' | 'job' | 'delivery';
  readonly id: string;
}
/** What the facts and jobs that are made now follow from, where that is no request: those are known by its id already. */
export const causing = new AsyncLocalStorage<Cause>();

/** A mail that the run of a job handed over. */
export interface SentMail {
  /** Its template, by name; null where its text was made otherwise. */
  readonly template: string | null;
  /** ISO-8601 UTC. */
  readonly at: string;
}
/** The mails of the run of a job, as they are sent: they stay with the job. */
export const sending = new AsyncLocalStorage<SentMail[]>();
