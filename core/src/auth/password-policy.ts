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
/** Characters that a password of two common ones must have besides. */
const BESIDE = 3;
const SHORTEST = 4;
const LONGEST = 24;

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

/** Spelt without what people put between words. */
const bare = (text: string): string => text.toLowerCase().replace(/[\p{P}\p{S}\p{Z}]/gu, '');

/** The 49,000 commonest passwords, those of any length (ASVS 5.0 6.2.4). Memory only of a server that someone chose a password on. */
let common: Promise<ReadonlySet<string>> | undefined;
const commonPasswords = (): Promise<ReadonlySet<string>> =>
  (common ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set(dictionary['passwords-common'].map(bare).filter((text) => text.length >= SHORTEST)),
  ));

/** The least number of characters of `text` that lie outside of two, or less, common passwords. */
function besideCommon(text: string, common: ReadonlySet<string>): number {
  // [0], [1], [2]: the least for the characters so far with so many common passwords in them.
  const least: [number, number, number][] = [[0, 0, 0]];
  for (let end = 1; end <= text.length; end++) {
    const [none, one, two] = least[end - 1]!;
    const here: [number, number, number] = [none + 1, one + 1, two + 1];
    for (let start = Math.max(0, end - LONGEST); start <= end - SHORTEST; start++) {
      if (!common.has(text.slice(start, end))) continue;
      here[1] = Math.min(here[1], least[start]![0]);
      here[2] = Math.min(here[2], least[start]![1]);
    }
    least.push(here);
  }
  return least[text.length]![2];
}

/** What is left of a password once everything that guessers try first is taken out of it. */
function remainder(password: string, known: readonly string[]): string {
  let rest = bare(password);
  for (const word of known.toSorted((a, b) => b.length - a.length)) rest = rest.replaceAll(word, '');
  return withoutRuns(rest.replace(/(19|20)\d\d/g, ''));
}

/**
 * What can be told without asking anybody.
 * @param context what is known of the user and of the product, and so of no worth in a password: address, name, words.
 * @param field whose value it is, for the message.
 * @throws PasswordRefused
 */
export async function assertHardToGuess(password: string, context: readonly string[], field = 'password'): Promise<void> {
  const refuse = (message: string): never => {
    throw new PasswordRefused({}, { fields: { [field]: message } });
  };
  if (new Set(password.toLowerCase()).size < DISTINCT) refuse('It repeats too few characters');
  const words = context.flatMap((text) => {
    const lower = text.normalize('NFKC').toLowerCase();
    return [...lower.split(/[^\p{L}\p{N}]+/u), bare(lower)].filter((word) => word.length >= 3);
  });
  if (Array.from(remainder(password, [...COMMON, ...words])).length < LEFT)
    refuse('It is made of what is guessed first: common passwords, sequences, your name or your address');
  if (besideCommon(bare(password), await commonPasswords()) < BESIDE) refuse('It is made of one or two of the commonest passwords');
}
