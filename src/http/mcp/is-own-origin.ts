import { isLoopback } from '../../address/is-loopback.ts';

/**
 * Whether a page of that origin may call the proxy: no page of another's, which a person may have open beside. Where the
 * proxy is on loopback, every page there is the person's own. Programs that are no browser send no Origin.
 */
export function isOwnOrigin(origin: string | null, publicUrl: string): boolean {
  if (origin === null) return true;
  const own = new URL(publicUrl);
  if (!URL.canParse(origin)) return false;
  const given = new URL(origin);
  return given.origin === own.origin || (/^https?:$/.test(given.protocol) && isLoopback(given) && isLoopback(own));
}
