import * as http from 'node:http';
import * as https from 'node:https';
import { buffer } from 'node:stream/consumers';

/**
 * What the client needs of `fetch`, over Node's own HTTP: `fetch` takes a tenth of a second of a processor to be ready,
 * which would be most of what a command takes. Redirects are answered, and never followed.
 */
export const httpFetch: typeof fetch = async (input, init = {}) => {
  const { method = 'GET', headers, body, signal } = init;
  const text = typeof body === 'string' ? body : '';
  signal?.throwIfAborted();
  const answer = await send(new URL(input instanceof Request ? input.url : input), text, {
    method,
    headers: {
      ...Object.fromEntries(new Headers(headers)),
      ...(text !== '' && { 'content-length': Buffer.byteLength(text) }),
    },
    ...(signal && { signal }),
  });
  const { statusCode: status = 0, rawHeaders } = answer;
  const come = await buffer(answer);
  return new Response([204, 205, 304].includes(status) ? null : come, { status, headers: pairsOf(rawHeaders) });
};

// One command makes several calls.
const agents = { http: new http.Agent({ keepAlive: true }), https: new https.Agent({ keepAlive: true }) };

const send = (url: URL, body: string, options: http.RequestOptions): Promise<http.IncomingMessage> =>
  new Promise((resolve, reject) => {
    const sent =
      url.protocol === 'https:'
        ? https.request(url, { ...options, agent: agents.https }, resolve)
        : http.request(url, { ...options, agent: agents.http }, resolve);
    sent.on('error', reject).end(body);
  });

const pairsOf = (raw: readonly string[]): [string, string][] =>
  raw.flatMap((name, index): [string, string][] => (index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : []));
