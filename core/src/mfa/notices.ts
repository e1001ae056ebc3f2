const FACTORS: Readonly<Record<string, string>> = {
  totp: 'An authenticator app',
  passkey: 'A passkey',
  oauth: 'A sign-in with another provider',
};

/** The mail that tells of a changed factor: whoever did not do it learns of it. */
export function noticeOf(what: string): { subject: string; text: string } {
  const [verb, kind = ''] = what.split('-', 2);
  const done =
    what === 'recovery-code-used'
      ? 'One of your recovery codes was used to sign in'
      : `${FACTORS[kind] ?? 'A factor'} was ${verb === 'added' ? 'added to' : 'removed from'} your account`;
  return {
    subject: done,
    text: `${done}.\n\nIf it was you, there is nothing to do. If not, change your password now and look through your sessions.\n`,
  };
}
