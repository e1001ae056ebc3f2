import { z } from 'zod';

// Identifiers are normalised before they are validated, looked up or compared (B66): what looks the same is the same.

const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/u;
/** In a name, joiners are part of words and emoji; what turns the direction of the text around it is not. */
const DISRUPTIVE = /[\p{Cc}\p{Cn}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/**
 * For the bound that stands before `normalize`: nothing after it runs on a text beyond it. Normalising a long row of combining
 * marks takes the square of its length: minutes for a megabyte, in which the server answers nobody.
 */
export const BEFORE = { abort: true } as const;

/** An address as typed, NFKC-normalised and trimmed; control and format characters are refused. */
export const Email = z
  .string()
  .max(1000, BEFORE)
  .normalize('NFKC')
  .trim()
  .max(254, 'An e-mail address has at most 254 characters')
  .refine((text) => !INVISIBLE.test(text), 'The address holds invisible characters')
  .regex(z.regexes.email, 'This is not an e-mail address')
  .meta({ description: 'E-mail address', examples: ['ada@example.com'] });

/** What uniqueness and lookup are decided by. */
export const normalizeEmail = (email: string): string => email.normalize('NFKC').trim().toLowerCase();

export const DisplayName = z
  .string()
  .max(1000, BEFORE)
  .normalize('NFKC')
  .trim()
  .min(1, 'A name is needed')
  .max(100, 'A name has at most 100 characters')
  .refine((text) => !DISRUPTIVE.test(text), 'The name holds control characters')
  .meta({ description: 'Name that others see', examples: ['Ada Lovelace'] });

const isLocale = (text: string): boolean => {
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
};
const isTimeZone = (text: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};
export const Locale = z
  .string()
  .max(35)
  .refine(isLocale, 'This is not a language tag such as en or de-CH')
  .meta({ description: 'BCP 47 language tag', examples: ['en'] });
export const TimeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, 'This is not an IANA time zone such as Europe/Berlin')
  .meta({ description: 'IANA time zone', examples: ['Europe/Berlin'] });
