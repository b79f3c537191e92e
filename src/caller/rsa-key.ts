import { z } from 'zod';
import { isLoopback } from '../address/is-loopback.ts';

export const MIN_MODULUS_BITS = 2048;

const base64url = z.string().regex(/^[\w-]+$/);

/** A public key that RS256 tokens can be verified with, as a JWK. */
export const rsaKeySchema = z.object({
  kty: z.literal('RSA'),
  kid: z.string().min(1),
  n: base64url.refine((n) => bitLength(n) >= MIN_MODULUS_BITS),
  e: base64url,
  use: z.literal('sig').exactOptional(),
  alg: z.literal('RS256').exactOptional(),
});

/** Whether keys may be read there: from https, or on loopback where whoever names the address is on loopback too. */
export function isSafeKeyUrl(url: URL, namedBy: URL): boolean {
  return url.protocol === 'https:' || (isPlainLoopback(url) && isPlainLoopback(namedBy));
}

function isPlainLoopback(url: URL): boolean {
  return url.protocol === 'http:' && isLoopback(url);
}

function bitLength(n: string): number {
  return BigInt(`0x0${Buffer.from(n, 'base64url').toString('hex')}`).toString(2).length;
}
