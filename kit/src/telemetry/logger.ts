import pino, { type Logger } from 'pino';
import type { Config } from '../config.ts';
import { running } from '../context.ts';
import { pretty, printable } from './pretty.ts';
import { messageOf, redactKeys, redactText } from './redact.ts';

/** Where finished lines go: each is complete and ends with a line feed. */
export interface LogSink {
  write(line: string): void;
  /** Writes out what is buffered, now. */
  flush?(): void;
}

const BUFFER_BYTES = 16_000; // sonic-boom writes at most 16,384 at once, and asks for less
const FLUSH_MS = 500;
/** What JSON leaves in place and a terminal would obey: C1 controls, line separators, direction marks. */
const UNSAFE = /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

const open = new Set<LogSink>();
let exiting = false;
/** One listener for all loggers, so that tests which make many do not warn about leaking listeners. */
function flushAtExit(sink: LogSink): void {
  open.add(sink);
  if (exiting) return;
  exiting = true;
  process.on('exit', () => open.forEach((each) => each.flush?.()));
}

/** Standard output: JSON is buffered (16 KB or 500 ms; unbuffered costs a fifth of all throughput, see HOT-PATH), warnings go out at once. */
function standardOutput(buffered: boolean): LogSink {
  const destination = pino.destination({
    dest: 1,
    sync: true,
    minLength: buffered ? BUFFER_BYTES : 0,
    ...(buffered && { periodicFlush: FLUSH_MS }),
  });
  // flush() writes here and now, as the destination is synchronous; flushSync() would wait for the disk besides, at each warning.
  const sink: LogSink = { write: (line) => void destination.write(line), flush: () => destination.flush() };
  if (buffered) flushAtExit(sink);
  return sink;
}

const severe = (line: string): boolean =>
  line.startsWith('{"level":"warn"') || line.startsWith('{"level":"error"') || line.startsWith('{"level":"fatal"');

const finished = new WeakMap<Logger, LogSink>();
/**
 * Where a line of JSON goes that is made of nothing but ids, numbers and codes: the access log's, at every request. Redaction
 * takes longer than all the rest of that line (9 µs of 11), and would find nothing. null: write through the logger.
 */
export const finishedLines = (logger: Logger): ((line: string) => void) | null => {
  const sink = logger.isLevelEnabled('info') ? finished.get(logger) : undefined;
  return sink ? (line) => sink.write(line) : null;
};

/**
 * The server's log: one JSON object a line, or readable lines in a terminal. Every line names the request, operation and
 * user that run; secrets and personal data are cut by key and by shape (ASVS 16.2.5), and nothing in a value can forge a
 * line or reach the terminal (ASVS 16.4.1).
 * @param sink standard output, unless a test says otherwise.
 */
export function createLogger(config: Pick<Config, 'log'>, sink: LogSink = standardOutput(!config.log.pretty)): Logger {
  const { level, pretty: readable } = config.log;
  const colour = readable && process.stdout.isTTY;
  const stream = {
    write(raw: string): void {
      const redacted = redactText(raw);
      const line = UNSAFE.test(redacted) ? printable(redacted.slice(0, -1)) + '\n' : redacted;
      sink.write(readable ? pretty(line, colour) : line);
      if (severe(line)) sink.flush?.();
    },
    flush: (done?: () => void): void => {
      sink.flush?.();
      done?.();
    },
  };
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (object) => redactKeys(object) as Record<string, unknown>,
      },
      serializers: { err: (error: unknown) => error }, // errors are written by redactKeys, at any depth
      hooks: {
        // A line without a message takes that of its error, which for Postgres may hold values of rows.
        logMethod(args: Parameters<Logger['info']>, method) {
          const first: unknown = args[0];
          const error =
            first instanceof Error ? first : typeof first === 'object' && first !== null && 'err' in first ? first.err : undefined;
          if (args.length === 1 && error instanceof Error)
            method.call(this, first instanceof Error ? { err: first } : first, messageOf(error));
          else method.apply(this, args);
        },
      },
      mixin() {
        const run = running.getStore();
        return run ? { requestId: run.requestId, operation: run.operation, ...(run.userId !== null && { userId: run.userId }) } : {};
      },
    },
    stream,
  );
  if (!readable) finished.set(logger, sink);
  // pino resets `formatters.bindings` in children; theirs inherit these methods instead.
  const own = Object.getPrototypeOf(logger) as Pick<Logger, 'child' | 'setBindings'>;
  return Object.assign(logger, {
    child(this: Logger, bindings: Record<string, unknown>, options?: object) {
      return own.child.call(this, redactKeys(bindings) as Record<string, unknown>, options);
    },
    setBindings(this: Logger, bindings: Record<string, unknown>) {
      own.setBindings.call(this, redactKeys(bindings) as Record<string, unknown>);
    },
  } as Pick<Logger, 'child' | 'setBindings'>);
}
