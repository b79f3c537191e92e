/** What a URI says of how it is probed. */
export interface UriEndpoint {
  readonly protocol: 'Http' | 'Https';
  /** Its own, else its scheme's. */
  readonly port: number;
}

const uri = /^(?<scheme>https?):\/\/[^/?#]*?(?::(?<port>\d+))?(?:[/?#]|$)/i;

/** Reads a destination's address, in the spelling that is kept; `undefined` where that is no http or https URI. */
export function uriEndpoint(address = ''): UriEndpoint | undefined {
  const { scheme, port } = uri.exec(address)?.groups ?? {};
  if (scheme === undefined) return undefined;
  const isSecure = scheme.toLowerCase() === 'https';
  return { protocol: isSecure ? 'Https' : 'Http', port: port === undefined ? (isSecure ? 443 : 80) : Number(port) };
}
