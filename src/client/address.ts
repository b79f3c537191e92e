import { isLoopback } from '../address/is-loopback.ts';
import { NetcheckError } from './netcheck-error.ts';

/** Where the proxy is: the only place that a token is sent to. */
export interface Base {
  readonly origin: string;
  /** What stands before `/api`, without a slash at its end; mostly nothing. */
  readonly path: string;
}

/** Reads the client's `url`. Throws `TypeError` for what a token must not be sent to. */
export function readBase(url: string | URL): Base {
  const { protocol, username, password, search, hash, origin, pathname } = new URL(url);
  const isSafe = protocol === 'https:' || (protocol === 'http:' && isLoopback(new URL(url)));
  if (isSafe && username + password + search + hash === '') return { origin, path: pathname.replace(/\/+$/, '') };
  throw new TypeError(
    "url: give the proxy's address, https (http on loopback only), without user name, query and fragment.",
  );
}

/** The whole address of a path under the base. Throws where it would be elsewhere. */
export function addressUnder({ origin, path: basePath }: Base, path: string): string {
  const address = new URL(`${origin}${basePath}${path}`);
  if (path.startsWith('/') && address.origin === origin && address.pathname.startsWith(`${basePath}/`))
    return address.href;
  throw new TypeError(`${path} is not under ${origin}${basePath}.`);
}

/**
 * The path and query of a link that a server sent in its answer to `path`. Whatever server the link names, it is asked for
 * under the base.
 */
export function pathOfLink(base: Base, link: string, path: string): string {
  const from = addressUnder(base, path);
  if (!URL.canParse(link, from)) throw noLink(link);
  const { pathname, search } = new URL(link, from);
  if (!pathname.startsWith('/')) throw noLink(link);
  return (pathname.startsWith(`${base.path}/`) ? pathname.slice(base.path.length) : pathname) + search;
}

const noLink = (link: string): NetcheckError =>
  new NetcheckError('UnexpectedAnswer', `The answer has a link that cannot be followed: ${link}`, { status: 200 });
