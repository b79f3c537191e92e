import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { withoutTexts } from '../../../src/check/state/without-texts.ts';

const json = (text: string): string => JSON.stringify(text).slice(1, -1);
const unicode = (text: string): string =>
  Array.from(text, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
const entity = (text: string): string => Array.from(text, (sign) => `&#${sign.charCodeAt(0)};`).join('');
const spellings = [
  (text: string) => text,
  json,
  (text: string) => json(json(text)),
  unicode,
  (text: string) => json(unicode(text)),
  encodeURIComponent,
  entity,
  (text: string) => text.toUpperCase(),
];
const secret = fc
  .string({ unit: fc.constantFrom(...Array.from('sk7+/=<>&"\'{}%;\\ ')), minLength: 6, maxLength: 40 })
  .filter((text) => /[^\\ ].*[^\\ ].*[^\\ ].*[^\\ ]/.test(text.trim().replaceAll('\\', '')));

describe('a text without others', () => {
  test('has none of them, in any spelling', () => {
    fc.assert(
      fc.property(secret, fc.constantFrom(...spellings), (text, spell) => {
        const left = withoutTexts(`It was #${spell(text.trim())}#.`, [text]);
        // A backslash at its end may be left behind.
        expect(left.replaceAll('\\', '')).toMatch(/^It was #\*\*\*(u005c|%5C|&#92;)*#\.$/);
      }),
    );
  });

  it('stays as it was where they are not in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('ab\\"\n&;%ü€')) }), (text) => {
        expect(withoutTexts(text, ['secret', 'abc&amp;'])).toBe(text);
      }),
    );
  });

  it.each([
    ['a secret and a SECRET', 'a *** and a ***'],
    ['secretsecret', '***'],
    ['{"a":"x\\"secret\\\\"}\\', '{"a":"x\\"***\\\\"}\\'],
    ['the secre', 'the secre'],
  ])('%j leaves %j', (text, left) => {
    expect(withoutTexts(text, ['secret'])).toBe(left);
  });

  it('keeps what is too short to be told from chance', () => {
    expect(withoutTexts('the abc', ['abc', '', '  '])).toBe('the abc');
  });

  it('is made in a moment from the largest error and the most headers', () => {
    const values = Array.from({ length: 32 }, (_, n) => '\\'.repeat(500) + 'a'.repeat(500) + String(n));
    const before = performance.now();
    for (const sign of ['\\', 'a', '%', '&#', '&#x', '\\u00']) withoutTexts(sign.repeat(32_768 / sign.length), values);
    expect(performance.now() - before).toBeLessThan(3000);
  });
});
