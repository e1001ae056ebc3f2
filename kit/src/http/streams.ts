import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { CatalogOperation } from '../feature.ts';
import { Response, type FileContent, type SseMessage } from '../operation.ts';
import { compilePick, type Pick } from './writer.ts';

/** Sends bytes that flow; nothing of them is ever stored for a replay. */
export type SendFlow = (reply: FastifyReply, result: unknown) => void;

const HEARTBEAT_MS = 15_000;
const oneLine = (text: string): string => text.replace(/[\r\n\0]/g, ' ');

/** RFC 6266 with RFC 5987: an ASCII name for old clients, the real one beside it. */
export function contentDisposition(filename: string): string {
  const plain = filename.replace(/[^\x20-\x7e]|["\\%/]/g, '_');
  const encoded = encodeURIComponent(filename.toWellFormed()).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

function formatMessage({ id, event, data }: SseMessage<unknown>, pick: Pick): string {
  return `${id === undefined ? '' : `id: ${oneLine(id)}\n`}${event === undefined ? '' : `event: ${oneLine(event)}\n`}data: ${JSON.stringify(pick(data))}\n\n`;
}

/** Pulls the next message only when the client took the last; a comment now and then shows proxies that it lives. */
export function eventStream(source: AsyncIterable<SseMessage<unknown>>, pick: Pick): Readable {
  const iterator = source[Symbol.asyncIterator]();
  let pulling = false;
  const stream = new Readable({
    read() {
      if (pulling) return;
      pulling = true;
      iterator.next().then(
        ({ done, value }) => {
          pulling = false;
          stream.push(done ? null : formatMessage(value, pick));
        },
        (error: unknown) => stream.destroy(error instanceof Error ? error : new Error('the event source failed', { cause: error })),
      );
    },
    destroy(error, callback) {
      clearInterval(heartbeat);
      iterator.return?.().catch(() => {});
      callback(error);
    },
  });
  const heartbeat = setInterval(() => {
    if (stream.readableLength === 0) stream.push(':\n\n');
  }, HEARTBEAT_MS);
  stream.once('end', () => clearInterval(heartbeat));
  return stream;
}

export function compileFlow({ id, operation }: CatalogOperation): SendFlow {
  const { reply: kind, status = 200 } = operation;
  if (kind === undefined || !('kind' in kind)) throw new Error(`${id} does not stream`);
  const open = (reply: FastifyReply, result: unknown): unknown => {
    const special = result instanceof Response ? result : null;
    reply.code(special?.options.status ?? status);
    if (special?.options.headers) reply.headers(special.options.headers);
    return special ? special.data : result;
  };
  switch (kind.kind) {
    case 'file':
      return (reply, result) => {
        const { content, length, filename, type } = open(reply, result) as FileContent;
        reply.type(type ?? kind.type);
        if (length !== undefined) reply.header('content-length', String(length));
        if (filename !== undefined) reply.header('content-disposition', contentDisposition(filename));
        void reply.send(content);
      };
    case 'stream':
      return (reply, result) => {
        const source = open(reply, result) as AsyncIterable<Uint8Array | string>;
        void reply.type(kind.type).send(Readable.from(source, { objectMode: false }));
      };
    case 'sse': {
      const pick = compilePick(kind.schema, id);
      return (reply, result) => {
        const source = open(reply, result) as Readable | AsyncIterable<SseMessage<unknown>>;
        reply.header('cache-control', 'no-store, no-transform').header('x-accel-buffering', 'no');
        // Bytes that are made already, for many at once, go as they are.
        const stream = source instanceof Readable ? source : eventStream(source, pick);
        void reply.type('text/event-stream; charset=utf-8').send(stream);
      };
    }
    default:
      throw new Error(`${id}: a reply of kind '${kind.kind}' does not flow`);
  }
}
