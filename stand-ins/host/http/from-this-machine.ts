import type { IncomingMessage } from 'node:http';
import { isLoopbackHost } from '../../server/is-loopback-host.ts';

/**
 * Whether a request is meant for this machine and no page from elsewhere sent it: a page can have its own name resolve
 * to loopback (then the Host header is that name), and can post to loopback without reading the answer (then the
 * browser tells its origin).
 */
export function isFromThisMachine({ headers }: IncomingMessage, url: URL): boolean {
  const { origin } = headers;
  const isOwnPage = origin === undefined || (URL.canParse(origin) && new URL(origin).host === url.host);
  return isLoopbackHost(url.hostname) && isOwnPage && headers['sec-fetch-site'] !== 'cross-site';
}
