import type { IncomingMessage } from 'node:http';

const MAX_REQUEST_LINE_BYTES = 8192;
const MAX_HEADERS = 100;
const MAX_HEADER_BYTES = 32 * 1024;

/** The status with which Kestrel, the server in front of functions in Azure, refuses a request for its first lines. */
export function refuseHead({ method = '', url = '', rawHeaders }: IncomingMessage): 400 | 414 | 431 | undefined {
  if (`${method} ${url} HTTP/1.1\r\n`.length > MAX_REQUEST_LINE_BYTES) return 414;
  // Names and values in turn; between them and after them stand ': ' and a line break.
  const bytes = rawHeaders.reduce((sum, text) => sum + text.length + 2, 0);
  if (rawHeaders.length > 2 * MAX_HEADERS || bytes > MAX_HEADER_BYTES) return 431;
  return rawHeaders.some((text) => /[^\t\x20-\x7e]/.test(text)) ? 400 : undefined;
}
