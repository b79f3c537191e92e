import { createHash, randomBytes } from 'node:crypto';

// .NET's ticks: tenths of a microsecond since the year 1.
const TICKS_AT_1970 = 621_355_968_000_000_000n;

export interface LocationSigner {
  /** Path and query of an operation's URL: about 3.2 KB, and another one at every call. */
  sign(path: string, apiVersion: string): string;
  /** Whether path and query are, to the letter, what was signed once. */
  isSigned(pathAndQuery: string): boolean;
}

/** Signs operation URLs in the form of today's ARM: `&t=` time, `&c=` certificate, `&s=` signature, `&h=` hash. */
export function createLocationSigner({ now }: { readonly now: () => number }): LocationSigner {
  const key = randomBytes(32);
  const certificate = randomBytes(1961).toString('base64url');
  let last = 0n;

  const signedAt = (path: string, apiVersion: string, ticks: string): string => {
    const unsigned = `${path}?api-version=${encodeURIComponent(apiVersion)}&t=${ticks}&c=${certificate}`;
    // As long as an RSA signature. SHAKE needs no HMAC around it: a key in front is enough.
    const signature = createHash('shake256', { outputLength: 256 }).update(key).update(unsigned).digest('base64url');
    const signed = `${unsigned}&s=${signature}`;
    return `${signed}&h=${createHash('sha256').update(signed).digest('base64url')}`;
  };

  return {
    sign(path, apiVersion) {
      const ticks = BigInt(Math.floor(now())) * 10_000n + TICKS_AT_1970;
      last = ticks > last ? ticks : last + 1n;
      return signedAt(path, apiVersion, String(last));
    },
    isSigned(pathAndQuery) {
      const { pathname, searchParams } = new URL(pathAndQuery, 'http://127.0.0.1');
      return signedAt(pathname, searchParams.get('api-version') ?? '', searchParams.get('t') ?? '') === pathAndQuery;
    },
  };
}
