import type { HttpRequest } from '@azure/functions';
import { Problem } from '../contract/problem.ts';

const MAX_BYTES = 64 * 1024;

/** The body as JSON. Throws `UnsupportedMediaType`, `PayloadTooLarge`, `InvalidRequest`. */
export async function readJson(request: HttpRequest): Promise<unknown> {
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new Problem('UnsupportedMediaType', 'Send the body as application/json.');
  const bytes = await request.arrayBuffer();
  // The Functions host drops a body whose length is not announced: https://github.com/Azure/azure-functions-host/issues/4926
  if (bytes.byteLength === 0 && request.headers.get('content-length') === null)
    throw new Problem('InvalidRequest', 'The body did not arrive: send it with Content-Length, not chunked.');
  if (bytes.byteLength > MAX_BYTES) throw new Problem('PayloadTooLarge', 'Send at most 64 KiB.');
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    throw new Problem('InvalidRequest', 'The body is not JSON in UTF-8: mend its syntax.');
  }
}
