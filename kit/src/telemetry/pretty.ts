const COLOURS: Readonly<Record<string, string>> = { fatal: '41', error: '31', warn: '33', info: '32', debug: '36', trace: '90' };
const paint = (code: string, text: string): string => `\u001b[${code}m${text}\u001b[0m`;

/** Text that a terminal shows and does not obey: control characters, escapes and direction marks are spelled out (B146). */
export const printable = (text: string): string =>
  text.replace(
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const shown = (value: unknown): string => printable(typeof value === 'string' ? value : JSON.stringify(value));

interface LoggedError {
  readonly message?: string;
  readonly stack?: string;
  readonly cause?: unknown;
  readonly [field: string]: unknown;
}
function errorLines({ stack, message, cause, type: _type, ...rest }: LoggedError, indent: string): string {
  const text = (stack || message || 'error')
    .split('\n')
    .map((line) => `${indent}${printable(line)}`)
    .join('\n');
  const fields = Object.entries(rest)
    .map(([key, value]) => ` ${printable(key)}=${shown(value)}`)
    .join('');
  const below =
    typeof cause === 'object' && cause !== null ? `\n${indent}caused by:\n${errorLines(cause as LoggedError, `${indent}  `)}` : '';
  return `${text}${fields && `\n${indent}${fields.trimStart()}`}${below}`;
}

/** One JSON line of the log as people read it. @param colour ANSI colours, for terminals. */
export function pretty(line: string, colour: boolean): string {
  const { level, time, msg, err, ...rest } = JSON.parse(line) as { level: string; time: string; msg?: unknown; err?: LoggedError };
  const tint = colour ? paint : (_code: string, text: string): string => text;
  const fields = Object.entries(rest)
    .map(([key, value]) => ` ${tint('90', `${printable(key)}=`)}${shown(value)}`)
    .join('');
  const trace = err && typeof err === 'object' ? `\n${errorLines(err, '    ')}` : '';
  return `${tint('90', time.slice(11, 23))} ${tint(COLOURS[level] ?? '0', level.toUpperCase().padEnd(5))} ${shown(msg ?? '')}${fields}${trace}\n`;
}
