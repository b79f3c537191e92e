import type { HttpRequest } from '@azure/functions';
import { Problem } from '../../contract/problem.ts';
import { jsonFault } from './json-fault.ts';

const KIB = 1024;
const MAX_BYTES = 64 * KIB;

const sendUtf8 = "send UTF-8, which PowerShell does with -ContentType 'application/json; charset=utf-8'.";

/** The body as JSON. Throws `UnsupportedMediaType`, `PayloadTooLarge`, `InvalidRequest`. */
export async function readJson(request: HttpRequest, mostBytes = MAX_BYTES): Promise<unknown> {
  refuseOtherTypes(request.headers);
  const bytes = new Uint8Array(await request.arrayBuffer());
  // The Functions host drops a body whose length is not announced: https://github.com/Azure/azure-functions-host/issues/4926
  if (bytes.byteLength === 0 && request.headers.get('content-length') === null)
    throw invalid('The body did not arrive: send it with Content-Length, not chunked.');
  if (bytes.byteLength > mostBytes) throw new Problem('PayloadTooLarge', `Send at most ${mostBytes / KIB} KiB.`);
  const text = decode(bytes);
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw invalid(jsonFault(text, error));
  }
}

function refuseOtherTypes(headers: HttpRequest['headers']): void {
  const [type = '', ...parameters] = (headers.get('content-type') ?? '').split(';').map((part) => part.trim());
  if (type.toLowerCase() !== 'application/json') throw unsupported('Send the body as application/json.');
  const charset = parameters.map((each) => /^charset\s*=\s*["']?(?<name>[^"']*)["']?$/i.exec(each)?.groups?.['name']);
  // ASCII is UTF-8 already.
  const other = charset.find((name) => name !== undefined && !/^(?:utf-?8|us-ascii|ascii)$/i.test(name.trim()));
  if (other !== undefined) throw unsupported(`The body is said to be in another charset than UTF-8: ${sendUtf8}`);
  const encoding = headers.get('content-encoding')?.trim().toLowerCase() ?? '';
  if (!['', 'identity'].includes(encoding)) throw unsupported(compressed);
}

const compressed = 'The body is compressed: send it as it is, without Content-Encoding.';

/** The text of a body. A byte order mark in front is no part of it. */
function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) throw unsupported(compressed);
  // JSON begins with an ASCII character: a zero byte beside it, or a mark of two bytes, is UTF-16 or UTF-32.
  const wide = bytes.subarray(0, 2).includes(0) || [0xfeff, 0xfffe].includes(((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0));
  if (wide) throw invalid(`The body is in UTF-16: ${sendUtf8}`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw invalid(`The body is not UTF-8, but perhaps Latin-1: ${sendUtf8}`);
  }
}

const invalid = (message: string): Problem => new Problem('InvalidRequest', message);
const unsupported = (message: string): Problem => new Problem('UnsupportedMediaType', message);
