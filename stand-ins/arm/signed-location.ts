import { createHash, randomBytes } from 'node:crypto';

// .NET's ticks: tenths of a microsecond since the year 1.
const TICKS_AT_1970 = 621_355_968_000_000_000n;

/** As long as Azure's certificate, as far as what is carried has room in it. */
const CERTIFICATE_BYTES = 1961;

export interface LocationSigner {
  /** Path and query of an operation's URL: about 3.2 KB, and another one at every call. It carries the text. */
  sign(path: string, apiVersion: string, carried?: string): string;
  /** What it carries, where path and query are, to the letter, what was signed once with this key. */
  read(pathAndQuery: string): string | undefined;
}

interface Deps {
  readonly now: () => number;
  /** Whoever has the same key reads what was signed. */
  readonly key: string;
}

/** Signs operation URLs in the form of today's ARM: `&t=` time, `&c=` certificate, `&s=` signature, `&h=` hash. */
export function createLocationSigner({ now, key }: Deps): LocationSigner {
  const filling = randomBytes(CERTIFICATE_BYTES);
  let last = 0n;

  const signedAt = (path: string, apiVersion: string, ticks: string, certificate: string): string => {
    const unsigned = `${path}?api-version=${encodeURIComponent(apiVersion)}&t=${ticks}&c=${certificate}`;
    // As long as an RSA signature. SHAKE needs no HMAC around it: a key in front is enough.
    const signature = createHash('shake256', { outputLength: 256 }).update(key).update(unsigned).digest('base64url');
    const signed = `${unsigned}&s=${signature}`;
    return `${signed}&h=${createHash('sha256').update(signed).digest('base64url')}`;
  };

  return {
    sign(path, apiVersion, carried = '') {
      const ticks = BigInt(Math.floor(now())) * 10_000n + TICKS_AT_1970;
      last = ticks > last ? ticks : last + 1n;
      const text = Buffer.from(`${carried}\0`);
      return signedAt(
        path,
        apiVersion,
        String(last),
        Buffer.concat([text, filling.subarray(text.length)]).toString('base64url'),
      );
    },
    read(pathAndQuery) {
      const { pathname, searchParams } = new URL(pathAndQuery, 'http://127.0.0.1');
      const [apiVersion, ticks, certificate] = ['api-version', 't', 'c'].map((name) => searchParams.get(name) ?? '');
      if (signedAt(pathname, apiVersion ?? '', ticks ?? '', certificate ?? '') !== pathAndQuery) return undefined;
      const text = Buffer.from(certificate ?? '', 'base64url');
      return text.subarray(0, text.indexOf(0)).toString();
    },
  };
}
