// What must never reach a log, a span or an error report (ASVS 16.2.5, B132): by name, where a value has one, and by
// shape, wherever it stands. Both sides err towards hiding.

const HIDDEN = '[redacted]';
const SENSITIVE = new Set(
  (
    'pass password passwd pwd passphrase secret token authorization auth cookie cookies setcookie apikey jwt bearer otp totp pin ' +
    'credential credentials assertion code codes verificationcode recoverycode recoverycodes mfacode usercode devicecode codeverifier ' +
    'privatekey signingkey encryptionkey secretkey accesskey connectionstring databaseurl redisurl smtpurl cardnumber pan cvv cvc iban ssn ' +
    'email emailaddress mail phone phonenumber setcookies clientassertion sessionid nonce'
  ).split(' '),
);
const SENSITIVE_ENDING = /(password|passwd|passphrase|secret|token|apikey|cookie|privatekey|credentials?)$/;
/** Error codes are no secrets: FORBIDDEN_THING, ECONNREFUSED, SQLSTATE, exit codes and HTTP statuses. */
const PLAIN_CODE = /^([A-Z][A-Z0-9]*(_[A-Z0-9]+)+|E[A-Z]{3,}|FORBIDDEN|[0-5FHPX][0-9A-Z]{4})$/;

const known = new Map<string, 'plain' | 'sensitive' | 'code'>(); // keys repeat; normalising each time is the cost
function kindOf(key: string): 'plain' | 'sensitive' | 'code' {
  let kind = known.get(key);
  if (kind === undefined) {
    const name = key.toLowerCase().replace(/[^a-z0-9]/g, '');
    kind =
      name === 'code'
        ? 'code'
        : SENSITIVE.has(name) || SENSITIVE.has(name.replace(/^x/, '')) || SENSITIVE_ENDING.test(name)
          ? 'sensitive'
          : 'plain';
    if (known.size > 5000) known.clear();
    known.set(key, kind);
  }
  return kind;
}
const hidesCode = (value: unknown): boolean =>
  !(typeof value === 'number' ? value < 1000 : typeof value === 'string' && PLAIN_CODE.test(value));
const hides = (key: string, value: unknown): boolean => {
  if (value === null || value === undefined || typeof value === 'boolean') return false;
  const kind = kindOf(key);
  return kind === 'sensitive' || (kind === 'code' && hidesCode(value));
};

const DEPTH = 8;
const ITEMS = 100;
const LENGTH = 16_384;

/** The value without what its keys call secret, bounded in depth and size; the same object when there is nothing to change. Never throws. */
export function redactKeys(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.length > LENGTH ? `${value.slice(0, LENGTH)}… [${value.length} characters]` : value;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth >= DEPTH) return '[deep]';
  try {
    if (value instanceof Error) return errorFields(value, depth);
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    if (value instanceof Map) return redactKeys(Object.fromEntries(value), depth);
    if (value instanceof Set) return redactKeys([...value], depth);
    if (Array.isArray(value)) {
      const items = value.length > ITEMS ? [...value.slice(0, ITEMS), `… [${value.length} items]`] : value;
      const next = items.map((item: unknown) => redactKeys(item, depth + 1));
      return next.some((item, i) => item !== value[i]) || items !== value ? next : value;
    }
    if ('toJSON' in value && typeof value.toJSON === 'function') return redactKeys((value.toJSON as () => unknown)(), depth + 1);
    return redactObject(value as Record<string, unknown>, depth);
  } catch {
    return '[unreadable]';
  }
}

function redactObject(object: Record<string, unknown>, depth: number): Record<string, unknown> {
  let copy: Record<string, unknown> | null = null;
  for (const key in object) {
    const value = object[key];
    const next = hides(key, value)
      ? HIDDEN
      : typeof value === 'object' || typeof value === 'string' || typeof value === 'bigint'
        ? redactKeys(value, depth + 1)
        : value;
    if (next !== value) (copy ??= { ...object })[key] = next;
  }
  return copy ?? object;
}

const FIELDS = [
  'code',
  'status',
  'statusCode',
  'errno',
  'syscall',
  'address',
  'port',
  'path',
  'severity',
  'constraint',
  'table',
  'column',
  'schema',
  'routine',
  'responseCode',
  'command',
  'fields',
  'details',
  'issues',
] as const;

/** Postgres puts values of rows into messages: "invalid input syntax for type uuid: "…"", "Key (email)=(…) already exists". */
const withoutValues = (error: Error, text: string): string =>
  'severity' in error && 'routine' in error ? text.replace(/: ".*"/gs, ': "…"').replace(/=\(.*?\)(?= |$)/gs, '=(…)') : text;

/** The message of an error, without the values that Postgres puts there. */
export const messageOf = (error: Error): string => withoutValues(error, error.message);

/** An error for the log: kind, message, stack, cause, the details of ours; no statement, values or foreign objects. */
export function errorFields(error: Error, depth = 0): Record<string, unknown> {
  const out: Record<string, unknown> = {
    type: error.name,
    message: withoutValues(error, error.message),
    stack: withoutValues(error, error.stack ?? ''),
  };
  for (const field of FIELDS) {
    const value = (error as unknown as Record<string, unknown>)[field];
    // The code of an error is its name, unlike a field `code` anywhere else.
    if (value !== undefined)
      out[field] =
        field === 'code' ? (typeof value === 'string' || typeof value === 'number' ? value : '[code]') : redactKeys(value, depth + 1);
  }
  if (error.cause !== undefined) out['cause'] = redactKeys(error.cause, depth + 1);
  if (error instanceof AggregateError) out['errors'] = redactKeys(error.errors, depth + 1);
  return out;
}

const SCHEME = /(?:bearer|basic|digest)\s/i;
const PREFIX = /(?:[psr]k|pat|whsec|plk|plr|plinth|gh[pos]|xox[abprs])[_-]/;
const PARAMETER = /[?&;#][\w-]*(?:token|secret|password|passwd|key|signature|code|otp|sig|state|nonce|email)=/i;
const CARD = /[2-6]\d(?:[ -]?\d){11}/;
const TOKENS = /\beyJ[\w-]{6,}\.[\w-]{4,}(?:\.[\w-]*){0,3}/g;
const SCHEMES = /\b(bearer|basic|digest)\s+[\w.~+/=-]{6,}/gi;
const PREFIXED = /\b(?:sk|pk|rk|pat|whsec|plk|plr|plinth|ghp|gho|ghs|github_pat|xox[abprs])[_-][\w-]{12,}/g;
const USER_INFO = /(:\/\/)[^/\s"'@?#]+@/g;
const PARAMETERS = /([?&;#](?:[\w-]*(?:token|secret|password|passwd|key|signature)|code|otp|sig|state|nonce|email)=)[^&#\s"\\]+/gi;
const EMAILS = /[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/gi;
const CARDS = /(?<![\w.-])[2-6]\d(?:[ -]?\d){11,17}(?![\w-])/g;
const PEM = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;
function luhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    sum += i % 2 === 0 ? digit : digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}

const cutCard = (found: string): string => (luhn(found.replace(/\D/g, '')) ? '[card]' : found);

/** The text without tokens, credentials, e-mail addresses and card numbers, wherever in it they stand. Each search first asks for what it cannot do without: nearly every line has none, and then this costs a microsecond. */
export function redactText(text: string): string {
  let out = text;
  if (out.includes('PRIVATE KEY')) out = out.replace(PEM, HIDDEN);
  if (out.includes('eyJ')) out = out.replace(TOKENS, HIDDEN);
  if (SCHEME.test(out)) out = out.replace(SCHEMES, `$1 ${HIDDEN}`);
  if (PREFIX.test(out)) out = out.replace(PREFIXED, HIDDEN);
  if (PARAMETER.test(out)) out = out.replace(PARAMETERS, `$1${HIDDEN}`);
  if (out.includes('@')) out = out.replace(USER_INFO, `$1${HIDDEN}@`).replace(EMAILS, '[email]');
  return CARD.test(out) ? out.replace(CARDS, cutCard) : out;
}
