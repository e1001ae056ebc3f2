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

/** One of someone's own sessions, as its list shows it. */
export const Session = z.object({
  id: z.uuid(),
  current: z.boolean().describe('The session that asks'),
  factors: z.array(z.string()),
  level: z.enum(['aal1', 'aal2']).describe('How surely you were recognised (NIST SP 800-63B-4)'),
  delivery: Delivery,
  device: z
    .object({ label: z.string(), browser: z.string().nullable(), os: z.string().nullable() })
    .describe('As the User-Agent has it, which anybody can write')
    .meta({ examples: [{ label: 'Firefox on Windows', browser: 'Firefox', os: 'Windows' }] }),
  place: z
    .object({ city: z.string().nullable(), country: z.string().nullable().describe('ISO 3166-1') })
    .nullable()
    .describe('Of the address, as well as GEOIP_DATABASE knows; null without one'),
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
  impersonatedBy: z.uuid().nullable().describe('Someone who acts as you in it'),
  createdAt: z.string(),
  lastUsedAt: z.string().describe('To the minute'),
  expiresAt: z.string().describe('Unless refreshed before'),
  endsAt: z.string().describe('Whatever happens'),
});
export type Session = z.output<typeof Session>;
