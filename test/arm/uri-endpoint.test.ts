import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseAddress } from '../../src/address/address.ts';
import { uriEndpoint } from '../../src/arm/uri-endpoint.ts';

it.each([
  ['https://shop.example.com/health', { protocol: 'Https', port: 443 }],
  ['http://shop.example.com', { protocol: 'Http', port: 80 }],
  ['https://shop.example.com:8443/a:1', { protocol: 'Https', port: 8443 }],
  ['http://[2001:db8::1]:8080/', { protocol: 'Http', port: 8080 }],
  ['http://[2001:db8::1]/?a=:5', { protocol: 'Http', port: 80 }],
  ['shop.example.com', undefined],
  ['10.1.2.4', undefined],
  [undefined, undefined],
])('of %s it is %j', (address, endpoint) => {
  expect(uriEndpoint(address)).toEqual(endpoint);
});

it('reads every URI as addresses are read', () => {
  fc.assert(
    fc.property(fc.webUrl({ validSchemes: ['http', 'https'], withQueryParameters: true }), (text) => {
      const address = parseAddress(text);
      fc.pre(address?.kind === 'uri');
      const isSecure = address.scheme === 'https';
      const port = address.port ?? (isSecure ? 443 : 80);
      expect(uriEndpoint(address.canonical)).toEqual({ protocol: isSecure ? 'Https' : 'Http', port });
    }),
  );
});
