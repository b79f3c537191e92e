import fc from 'fast-check';
import { expect, test } from 'vitest';
import { retryAfter } from '../../src/arm/retry-after.ts';

const now = new Date('2024-05-06T07:08:09.500Z');

test('One to five digits are seconds, within 1–3600.', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 99_999 }), (seconds) => {
      expect(retryAfter(String(seconds), now)).toBe(Math.min(3600, Math.max(1, seconds)));
    }),
  );
});

test.each([
  '10abc',
  '9'.repeat(400),
  '-5',
  '1.5',
  '',
  ' ',
  '10, 20',
  '1e3',
  '+5',
  '0x10',
  '१०',
  '100000',
  'soon',
  '10 ',
  'NaN',
])('%j counts as absent.', (header) => {
  expect(retryAfter(header, now)).toBeUndefined();
});

test('An absent header is absent.', () => {
  expect(retryAfter(null, now)).toBeUndefined();
});

test.each([
  ['Mon, 06 May 2024 07:08:30 GMT', 21],
  ['Monday, 06-May-24 07:08:30 GMT', 21],
  ['Mon May  6 07:08:30 2024', 21],
  ['Mon, 06 May 2024 07:00:00 GMT', 1],
  ['Wed, 08 May 2024 07:00:00 GMT', 3600],
])('The HTTP date %j is %i s away.', (header, seconds) => {
  expect(retryAfter(header, now)).toBe(seconds);
});

test.each([
  '2024-05-06T07:08:30Z',
  'Mon, 06 May 2024 07:08:30 +0200',
  'Mon, 06 May 2024 07:08:30',
  'Mon, 06 May 2024 25:61:30 GMT',
  '6 May 2024',
  'Mon, 06 May 2024 07:08:30 GMT, 5',
])('%j is no HTTP date.', (header) => {
  expect(retryAfter(header, now)).toBeUndefined();
});

test('Any HTTP date from the past to far ahead waits until then, within 1–3600 s.', () => {
  const dates = fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(dates, (date) => {
      const seconds = Math.ceil((Math.floor(date.getTime() / 1000) * 1000 - now.getTime()) / 1000);
      expect(retryAfter(date.toUTCString(), now)).toBe(Math.min(3600, Math.max(1, seconds)));
    }),
  );
});

test('Whatever stands in the header, the wait is absent or within 1–3600 whole seconds.', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.double().map(String)), (header) => {
      const seconds = retryAfter(header, now);
      expect(seconds === undefined || (Number.isInteger(seconds) && seconds >= 1 && seconds <= 3600)).toBe(true);
    }),
  );
});
