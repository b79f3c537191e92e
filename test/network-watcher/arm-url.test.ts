import fc from 'fast-check';
import { expect, test } from 'vitest';
import { armUrl } from '../../src/network-watcher/arm-url.ts';
import { numRuns } from '../support/run/num-runs.ts';

const origin = 'https://management.azure.com';

test.each([
  'https://management.azure.com/subscriptions/x/operationResults/1?api-version=2023-09-01&t=1&c=MII%2B&s=a-_~&h=b',
  'https://management.azure.com:443/a',
  'HTTPS://Management.Azure.Com/a',
  `https://management.azure.com/a?s=${'x'.repeat(3200)}`,
])('%j is on the origin and stays as it came.', (url) => {
  expect(armUrl(url, origin)).toBe(url);
});

test.each([
  '',
  '/subscriptions/x',
  '//management.azure.com/a',
  'https:/management.azure.com/a',
  'https:management.azure.com/a',
  'http://management.azure.com/a',
  'https://management.azure.com:444/a',
  'https://management.azure.com.evil.example/a',
  'https://management.azure.com@evil.example/a',
  'https://user:pass@management.azure.com/a',
  'https://@management.azure.com/a',
  'https://evil.example/https://management.azure.com/a',
  'https://management.azure.com\\@evil.example/a',
  'https:\\\\management.azure.com/a',
  'https://evil.example\\.management.azure.com/a',
  'https://management.azure.com/a\\b',
  ' https://management.azure.com/a',
  'https://management.azure.com/a b',
  'https://management.azure.com/a\tb',
  'https://management.azure.com/a\r\nx-evil: 1',
  'https://management.azure.com/\u0000',
  'https://management。azure.com/a',
  'https://management.azure.com/ä',
  'https://management.azure.com/a, https://management.azure.com/b',
  'javascript:alert(1)',
  'ftp://management.azure.com/a',
  `https://management.azure.com/${'x'.repeat(20_000)}`,
])('%j is refused.', (url) => {
  expect(armUrl(url, origin)).toBeUndefined();
});

test('What is let through is always on the origin, for every reading of it.', () => {
  const parts = fc.constantFrom(
    'https:',
    'http:',
    '/',
    '//',
    '\\',
    '@',
    ':',
    '443',
    '?',
    '#',
    '%2e',
    '%40',
    '.',
    'management.azure.com',
    'evil.example',
    '\t',
    ' ',
    'ä',
    '[::1]',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(parts, fc.string({ maxLength: 3 })), { maxLength: 8 }), (pieces) => {
      const start = pieces.length % 2 === 0 ? origin : '';
      const url = armUrl(start + pieces.join(''), origin);
      if (url === undefined) return;
      const read = new URL(url);
      expect([read.origin, read.username, read.password]).toEqual([origin, '', '']);
      expect(url.toLowerCase().startsWith('https://')).toBe(true);
      expect(/^https:\/\/[^/?#]*[@\\]/i.test(url)).toBe(false);
    }),
    { numRuns: numRuns(2000) },
  );
});
