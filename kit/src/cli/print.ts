// The command line speaks here and nowhere else.

export const say = (line: string): void => void process.stdout.write(`${line}\n`);
/** A line with its heading: `  database   PostgreSQL 18.4`. */
export const row = (heading: string, text: string): void => say(`  ${heading.padEnd(10)} ${text}`);
export const fail = (message: string): void => {
  process.stderr.write(`plinth: ${message}\n`);
};
/** What the user of the command line got wrong, in one line that says how to mend it. */
export class UsageError extends Error {}
/** How far long work has come; on standard error, so that what is piped on stays clean. */
export const progress = (line: string): void => void process.stderr.write(`  ${line}\n`);
