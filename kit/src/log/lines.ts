/** No line of ours comes near it, in characters: a file that has one is not ours, and is not to fill the memory. */
const LONGEST = 64 * 1024 * 1024;

/** The lines of a text, as they come. @throws what reading it throws, and at a line without end. */
export async function* linesOf(content: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const part of content) {
    const lines = (rest + decoder.decode(part, { stream: true })).split('\n');
    rest = lines.pop()!;
    yield* lines;
    if (rest.length > LONGEST) throw new Error('a line has no end');
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}
