import { isUtf8 } from 'node:buffer';
import { parse as parseForm } from 'node:querystring';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { CardNumberRefused, MalformedRequest, PayloadTooLarge, UnsupportedMediaType } from '../errors.ts';
import type { BodyKind, Operation, UploadPart } from '../operation.ts';
import { holdsCardNumber, refuseCardNumbers, refuseCardNumbersIn } from './cards.ts';

export type BodyForm = 'json' | 'form' | 'lenient' | 'raw' | 'upload';
export const bodyForm = (body: BodyKind | undefined): BodyForm => (body !== undefined && 'kind' in body ? body.kind : 'json');

const PARTS_OVERHEAD = 65_536;
/** Bytes of a whole request body at most. */
export const bodyLimit = ({ body, bodyLimit: own }: Operation, standard: number): number => {
  if (body !== undefined && 'kind' in body && body.kind === 'raw') return body.limit;
  if (body !== undefined && 'kind' in body && body.kind === 'upload') return own ?? body.limit * body.files + PARTS_OVERHEAD;
  return own ?? standard;
};

/** JSON is UTF-8 (RFC 8259); another charset in the header is a trick or a mistake. */
const FOREIGN_CHARSET = /;\s*charset\s*=\s*"?(?!utf-?8"?\s*(?:;|$))/i;

const JSON_TYPE = /^application\/json\s*(;|$)/i;

function parseJson(request: FastifyRequest, body: Buffer): unknown {
  if (FOREIGN_CHARSET.test(request.headers['content-type'] ?? '')) throw new UnsupportedMediaType();
  if (body.length === 0) return undefined;
  if (!isUtf8(body)) throw new MalformedRequest({ reason: 'not UTF-8' });
  const text = body.toString();
  // Before anything is made of it: what says why it is no JSON quotes it.
  refuseCardNumbers(text);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MalformedRequest({ reason: 'not JSON' }, { cause });
  }
}
type Parsed = (request: FastifyRequest, body: Buffer, done: (error: Error | null, value?: unknown) => void) => void;
const parsing =
  (parse: (request: FastifyRequest, body: Buffer) => unknown): Parsed =>
  (request, body, done) => {
    let value: unknown;
    try {
      value = parse(request, body);
    } catch (error) {
      return done(error as Error);
    }
    done(null, value);
  };

/** Only JSON, by its media type and not by how the header is written (B118): everything else is 415. */
export function acceptJson(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  const parser = parsing(parseJson);
  scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, parser);
  scope.addContentTypeParser(/^application\/[\w.-]+\+json(?:;|$)/, { parseAs: 'buffer' }, parser);
}

/** The parser of one operation with another body, in a scope of its own. */
export async function acceptBody(scope: FastifyInstance, body: Exclude<BodyKind, { _zod: unknown }>): Promise<void> {
  scope.removeAllContentTypeParsers();
  if (body.kind === 'form') {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'buffer' },
      parsing((_request, bytes) => {
        if (!isUtf8(bytes)) throw new MalformedRequest({ reason: 'not UTF-8' });
        const fields = { ...parseForm(bytes.toString()) };
        refuseCardNumbersIn(fields);
        return fields;
      }),
    );
  } else if (body.kind === 'lenient') {
    const parse = parsing((request, bytes) => {
      if (!JSON_TYPE.test(request.headers['content-type'] ?? '') || bytes.length === 0) throw new MalformedRequest({ reason: 'no JSON' });
      return parseJson(request, bytes);
    });
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, parse);
  } else if (body.kind === 'raw') {
    for (const type of body.types)
      scope.addContentTypeParser(
        type,
        { parseAs: 'buffer', bodyLimit: body.limit },
        parsing((_request, bytes) => bytes),
      );
  } else if (body.kind === 'upload') {
    const { default: multipart } = await import('@fastify/multipart');
    await scope.register(multipart, {
      limits: { fileSize: body.limit, files: body.files, parts: body.files + 20, fieldSize: 16_384, headerPairs: 50 },
      throwFileSizeLimit: false,
    });
  }
}

/** The files of a multipart body, one after the other; each must be read before the next comes. @throws CardNumberRefused for names and fields; what is in files is not looked at */
export async function* uploadParts(request: FastifyRequest, types: readonly string[] | undefined): AsyncGenerator<UploadPart> {
  for await (const part of request.parts()) {
    const { fieldname, mimetype } = part;
    if (part.type === 'field') {
      refuseCardNumbersIn({ [fieldname]: part.value });
      continue;
    }
    const { filename, file } = part;
    // `4242….pdf`: what it is called before the dot.
    if (holdsCardNumber(fieldname) || holdsCardNumber(filename.replaceAll('.', ' '))) {
      file.resume();
      throw new CardNumberRefused();
    }
    if (types && !types.includes(mimetype)) {
      file.resume();
      throw new UnsupportedMediaType({ mimetype });
    }
    const whole = async function* (): AsyncGenerator<Buffer> {
      for await (const chunk of file) yield chunk as Buffer;
      if (file.truncated) throw new PayloadTooLarge(); // told only at the end: what came before is not the file
    };
    yield { field: fieldname, filename, type: mimetype, content: Readable.from(whole()) };
  }
}
