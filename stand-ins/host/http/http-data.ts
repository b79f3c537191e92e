import type { IncomingMessage } from 'node:http';
import type { HttpData } from '../worker-protocol.ts';

/** A request as the Functions host hands it to the worker. A header or query key that came more than once is joined. */
export function httpData(
  request: IncomingMessage,
  url: URL,
  parameters: Readonly<Record<string, string>>,
  body: Buffer,
): HttpData {
  const headers: NodeJS.Dict<string[]> = { ...request.headersDistinct, 'x-forwarded-for': forwardedFor(request) };
  return {
    method: request.method ?? 'GET',
    url: url.href,
    nullableHeaders: nullable(Object.entries(headers).map(([name, values]) => [name, (values ?? []).join(',')])),
    nullableQuery: nullable(
      [...new Set(url.searchParams.keys())].map((key) => [key, url.searchParams.getAll(key).join(',')]),
    ),
    nullableParams: nullable(Object.entries(parameters)),
    ...(body.length > 0 && { body: { bytes: body } }),
  };
}

/** Azure's front end appends the address and port that it sees; whatever stands before is the client's own word. */
function forwardedFor({ headersDistinct, socket }: IncomingMessage): string[] {
  const { remoteAddress = '', remotePort = 0 } = socket;
  const host = remoteAddress.includes(':') ? `[${remoteAddress}]` : remoteAddress;
  return [[...(headersDistinct['x-forwarded-for'] ?? []), `${host}:${remotePort}`].join(', ')];
}

function nullable(entries: readonly (readonly [string, string])[]): Record<string, { value: string }> {
  return Object.fromEntries(entries.map(([name, value]) => [name, { value }]));
}
