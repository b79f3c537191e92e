import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';

const hostPattern = /^(?:[\w.-]+|\[[\d:a-f.]+\])(?::\d{1,5})?$/i;

/** The request's URL; `undefined` where its target or its Host header is none. */
export function readUrl({ url = '', headers, socket }: IncomingMessage): URL | undefined {
  const { host = 'localhost' } = headers;
  if (!url.startsWith('/') || !hostPattern.test(host)) return undefined;
  const absolute = `${socket instanceof TLSSocket ? 'https' : 'http'}://${host}${url}`;
  return URL.canParse(absolute) ? new URL(absolute) : undefined;
}
