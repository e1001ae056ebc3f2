import { expect, it } from 'vitest';
import { levelOf } from './levels.ts';

it.each([
  [['password'], 'aal1'],
  [['magic-link'], 'aal1'],
  [['email-code'], 'aal1'],
  [['oauth'], 'aal1'],
  [['impersonation'], 'aal1'],
  [['totp'], 'aal1'],
  [['password', 'totp'], 'aal2'],
  [['recovery-code', 'password'], 'aal2'],
  [['passkey'], 'aal2'],
  [['magic-link', 'passkey'], 'aal2'],
  // Two that a stolen mailbox or one stolen thing would give.
  [['magic-link', 'totp'], 'aal1'],
  [['password', 'email-code'], 'aal1'],
  [['totp', 'recovery-code'], 'aal1'],
  [[], 'aal1'],
])('%j is %s', (factors, level) => expect(levelOf(factors)).toBe(level));
