import { isIP } from 'node:net';
import type { HttpRequest } from '@azure/functions';

/**
 * The address that Azure's front end saw: it appends `address:port` to X-Forwarded-For, so only the last entry is its
 * word; those before it are the caller's.
 */
export function sourceAddressOf(request: HttpRequest): string {
  const last = request.headers.get('x-forwarded-for')?.split(',').at(-1)?.trim() ?? '';
  const address = isIP(last) ? last : last.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return isIP(address) ? address : 'unknown';
}
