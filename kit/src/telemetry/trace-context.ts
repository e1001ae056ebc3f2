/** Where a trace comes from, as W3C Trace Context says it. */
export interface RemoteParent {
  readonly traceId: string;
  readonly spanId: string;
  /** Bit 0: the caller records this trace. */
  readonly flags: number;
}

const SHAPE = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Reads a `traceparent` header (W3C Trace Context §3.2); null for anything malformed, which is never an error (B131). */
export function parseTraceparent(header: string | readonly string[] | undefined): RemoteParent | null {
  if (typeof header !== 'string' || header.length > 512) return null;
  const [, version, traceId, spanId, flags, more] = SHAPE.exec(header) ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return null;
  if (/^0+$/.test(traceId!) || /^0+$/.test(spanId!)) return null;
  return { traceId: traceId!, spanId: spanId!, flags: Number.parseInt(flags!, 16) & 1 };
}
