const LINE_FEED = '\n';

/**
 * Lines of NDJSON, which end at line feeds and at nothing else: JSON may have U+2028 and U+2029 in its strings as they are,
 * and readline of Node 24 ends a line there.
 */
export async function* linesOfNdjson(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(LINE_FEED);
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
