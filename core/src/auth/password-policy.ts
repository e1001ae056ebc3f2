import { PasswordRefused } from './contract.ts';

// NIST SP 800-63B-4 §3.1.1.2: no composition rules; refuse what is commonly used or expected, and what the context gives away.

const COMMON = [
  'password',
  'passwort',
  'passphrase',
  'passcode',
  'qwertyuiop',
  'qwerty',
  'qwertz',
  'azerty',
  'asdfghjkl',
  'asdfgh',
  'zxcvbnm',
  'letmein',
  'welcome',
  'iloveyou',
  'administrator',
  'admin',
  'login',
  'secret',
  'changeme',
  'default',
  'monkey',
  'dragon',
  'football',
  'baseball',
  'superman',
  'batman',
  'sunshine',
  'princess',
  'trustno',
  'master',
  'shadow',
  'correcthorsebatterystaple',
  'test',
  'user',
  'guest',
  'plinth',
];
const DISTINCT = 5;
const LEFT = 6;

/** Removes runs of three and more that count up, down or nowhere: `1234`, `zyx`, `aaa`. */
function withoutRuns(text: string): string {
  const chars = Array.from(text);
  const step = (i: number): number => chars[i]!.codePointAt(0)! - chars[i - 1]!.codePointAt(0)!;
  let rest = '';
  for (let at = 0; at < chars.length;) {
    let end = at + 1;
    while (end < chars.length && Math.abs(step(end)) <= 1 && (end === at + 1 || step(end) === step(end - 1))) end++;
    if (end - at < 3) rest += chars.slice(at, (end = at + 1)).join('');
    at = end;
  }
  return rest;
}

/** What is left of a password once everything that guessers try first is taken out of it. */
function remainder(password: string, known: readonly string[]): string {
  let rest = password.toLowerCase().replace(/[\p{P}\p{S}\p{Z}]/gu, '');
  for (const word of known.toSorted((a, b) => b.length - a.length)) rest = rest.replaceAll(word, '');
  return withoutRuns(rest.replace(/(19|20)\d\d/g, ''));
}

/**
 * What can be told without asking anybody.
 * @param context what is known of the user and so of no worth in a password: address, name.
 * @param field whose value it is, for the message.
 * @throws PasswordRefused
 */
export function assertHardToGuess(password: string, context: readonly string[], field = 'password'): void {
  const refuse = (message: string): never => {
    throw new PasswordRefused({}, { fields: { [field]: message } });
  };
  if (new Set(password.toLowerCase()).size < DISTINCT) refuse('It repeats too few characters');
  const words = context.flatMap((text) => {
    const lower = text.normalize('NFKC').toLowerCase();
    return [...lower.split(/[^\p{L}\p{N}]+/u), lower.replace(/[\p{P}\p{S}\p{Z}]/gu, '')].filter((word) => word.length >= 3);
  });
  if (Array.from(remainder(password, [...COMMON, ...words])).length < LEFT)
    refuse('It is made of what is guessed first: common passwords, sequences, your name or your address');
}
