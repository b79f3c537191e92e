import fc from 'fast-check';
import { expect, test } from 'vitest';
import { retryAfter, waitIn } from '../../src/arm/retry-after.ts';

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
  '-1.5',
  '1.5.2',
  '1.',
  '.5',
  '',
  ' ',
  '1e3',
  '+5',
  '0x10',
  '१०',
  '100000',
  'soon',
  '10 ',
  'NaN',
  'soon, later',
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
  ['Mon, 06 May 2024 07:08:30 GMT, 5', 21],
  ['5, Monday, 06-May-24 07:08:30 GMT', 21],
])('The HTTP date %j is %i s away.', (header, seconds) => {
  expect(retryAfter(header, now)).toBe(seconds);
});

test.each([
  '2024-05-06T07:08:30Z',
  'Mon, 06 May 2024 07:08:30 +0200',
  'Mon, 06 May 2024 07:08:30',
  'Mon, 06 May 2024 25:61:30 GMT',
  '6 May 2024',
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

const within = (seconds: number) => Math.min(3600, Math.max(1, Math.ceil(seconds)));
const whole = fc.integer({ min: 0, max: 99_999 });
const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 18 }).map((all) => all.join(''));

test('A fraction is rounded up, with a dot as with a comma.', () => {
  fc.assert(
    fc.property(whole, digits, fc.constantFrom('.', ','), (seconds, behind, mark) => {
      const told = within(seconds + (Number(behind) > 0 ? 1 : 0));
      expect(retryAfter(`${seconds}${mark}${behind}`, now)).toBe(told);
    }),
  );
});

test('Of a list the longest wait counts, and what is no wait in it does not.', () => {
  const stray = fc.constantFrom('10abc', '-5', '', 'soon', '9'.repeat(400));
  const separator = fc.constantFrom(', ', ' , ', ',  ');
  fc.assert(
    fc.property(fc.array(whole, { minLength: 1, maxLength: 5 }), stray, separator, (all, odd, comma) => {
      expect(retryAfter(all.join(comma), now)).toBe(within(Math.max(...all)));
      expect(retryAfter([...all, odd].join(comma), now)).toBe(within(Math.max(...all)));
      expect(retryAfter([odd, ...all].join(comma), now)).toBe(within(Math.max(...all)));
    }),
  );
});

test('The headers in milliseconds count too, and of all that is told the longest wait.', () => {
  const names = ['retry-after', 'retry-after-ms', 'x-ms-retry-after-ms'];
  const told = fc.option(fc.integer({ min: 0, max: 9_999_999 }), { nil: undefined });
  fc.assert(
    fc.property(fc.tuple(told, told, told), (milliseconds) => {
      const headers = new Headers();
      for (const [i, name] of names.entries()) {
        const value = milliseconds[i];
        if (value !== undefined) headers.set(name, i === 0 ? String(value / 1000) : String(value));
      }
      const all = milliseconds.filter((one) => one !== undefined);
      expect(waitIn(headers, now)).toBe(all.length === 0 ? undefined : within(Math.max(...all) / 1000));
    }),
  );
  expect(waitIn(new Headers({ 'x-ms-retry-after-ms': '17000ms' }), now)).toBeUndefined();
  expect(waitIn(new Headers({ 'retry-after-ms': '9'.repeat(400) }), now)).toBeUndefined();
});
