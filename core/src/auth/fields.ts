import { z } from 'zod';
import { BEFORE } from '../users/index.ts';

/** In code points after NFKC. NIST SP 800-63B-4 §3.1.1: at least 15 where the password is the only factor; no rules of composition. */
export const PASSWORD_LENGTH = { min: 15, max: 128 } as const;
const codePoints = (text: string): number => Array.from(text).length;
/** A password as it is set. The bound of 1,024 comes first, so that nobody makes us normalise megabytes. */
export const NewPassword = z
  .string()
  .max(1024, { ...BEFORE, error: `A password has at most ${PASSWORD_LENGTH.max} characters` })
  .normalize('NFKC')
  .refine(
    (text) => codePoints(text) >= PASSWORD_LENGTH.min,
    `A password has at least ${PASSWORD_LENGTH.min} characters; a sentence is a good one`,
  )
  .refine((text) => codePoints(text) <= PASSWORD_LENGTH.max, `A password has at most ${PASSWORD_LENGTH.max} characters`)
  .meta({ description: 'At least 15 characters of any kind', examples: ['quiet harbour under a tin moon'] });
/** A password as it is proved, as typed: our own hashes are of its NFKC form, those of other systems are not. */
export const GivenPassword = z.string().min(1).max(1024);

export const Delivery = z.enum(['body', 'cookie']).describe('`cookie`: HttpOnly cookies, and no token in the body');
export type Delivery = z.output<typeof Delivery>;
