/** A start that cannot go on. The message is one line and ends with what mends it. */
export class EmbeddedError extends Error {
  override readonly name = 'EmbeddedError';
}
