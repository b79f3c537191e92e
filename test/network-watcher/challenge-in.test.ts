import fc from 'fast-check';
import { expect, test } from 'vitest';
import { challengeIn } from '../../src/network-watcher/token/challenge-in.ts';

const said = (header: string) => challengeIn(new Headers({ 'www-authenticate': header }));
const base64 = (text: string) => Buffer.from(text).toString('base64');

test('Claims are read whatever they are, in either alphabet and any order.', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.json()), fc.boolean(), (value, first) => {
      const claims = JSON.stringify(value);
      for (const text of [base64(claims), Buffer.from(claims).toString('base64url')]) {
        const parts = ['error="insufficient_claims"', `claims="${text}"`];
        const header = `Bearer realm="", authorization_uri="https://login.windows.net/", ${(first ? parts : parts.toReversed()).join(', ')}`;
        expect(said(header)).toEqual({ wantsClaims: true, claims, isExpired: false });
      }
    }),
  );
});

test.each([
  '',
  'Bearer',
  'Bearer error="invalid_token"',
  'Bearer claims="7"',
  'Bearer xclaims="e30="',
  'Basic realm="claims"',
])('%j wants no claims.', (header) => {
  expect(said(header)).toEqual({ wantsClaims: false, isExpired: false });
});

test('Claims that cannot be read still ask for another token.', () => {
  expect(said('Bearer error="insufficient_claims", claims="%%%"')).toEqual({ wantsClaims: true, isExpired: false });
});
