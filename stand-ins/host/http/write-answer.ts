import type { ServerResponse } from 'node:http';
import type { TypedData } from '../worker-protocol.ts';

// The server frames the answer itself: a length that a function got wrong would spoil the connection.
const framing = new Set(['content-length', 'transfer-encoding', 'connection']);

/** Writes what a function returned; one that returned nothing is answered with 204, as the Functions host does. */
export function writeAnswer(response: ServerResponse, returned: TypedData | undefined): void {
  const answer = returned?.http;
  if (!answer) {
    writeStatus(response, 204);
    return;
  }
  const { cookies, headers, statusCode, body } = answer;
  if (cookies?.length) throw new Error('The local host writes no cookies: set the header Set-Cookie.');
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (!framing.has(name.toLowerCase())) response.setHeader(name, value);
  }
  response.statusCode = Number(statusCode ?? 200);
  writeBody(response, body);
}

/** Written before its end, a body is chunked, as the Functions host sends it. */
function writeBody(response: ServerResponse, body: TypedData | null | undefined): void {
  const content = body?.bytes ?? body?.string;
  if (content?.length) response.write(content);
  response.end();
}

/** Answers with a status alone, or not at all where an answer has begun. */
export function writeStatus(response: ServerResponse, status: number): void {
  if (!response.headersSent) {
    for (const name of response.getHeaderNames()) response.removeHeader(name);
    response.statusCode = status;
  }
  response.end();
}
