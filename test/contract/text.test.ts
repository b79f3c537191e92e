import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutText } from '../../src/contract/text/cut-text.ts';
import { nearest } from '../../src/contract/text/nearest.ts';
import { fromTextProperties, toTextProperties } from '../../src/storage/table/text-properties.ts';
import { plainText } from '../../src/verdict/words/plain-text.ts';

const isWellFormed = (text: string): boolean => !/\p{Cs}/u.test(text);
const wellFormed = fc.string({ unit: 'binary', maxLength: 80 }).filter(isWellFormed);

it('a text is cut where a character ends, and as late as may be', () => {
  fc.assert(
    fc.property(wellFormed, fc.nat({ max: 100 }), (text, length) => {
      const cut = cutText(text, length);
      expect(isWellFormed(cut)).toBe(true);
      expect(text.startsWith(cut)).toBe(true);
      expect(cut.length).toBeLessThanOrEqual(length);
      expect(cut.length).toBeGreaterThanOrEqual(Math.min(text.length, length) - 1);
    }),
  );
});

it('a long text is kept in properties that are well-formed each, and comes back as it was', () => {
  const filler = fc.integer({ min: 32_700, max: 32_780 }).map((length) => 'x'.repeat(length));
  const emoji = fc.array(fc.constantFrom('😀', 'ä', 'x'), { maxLength: 100 }).map((signs) => signs.join(''));
  fc.assert(
    fc.property(filler, emoji, filler, emoji, (...parts) => {
      const text = parts.join('');
      const properties = toTextProperties('event', text);
      for (const part of Object.values(properties)) {
        expect(isWellFormed(part)).toBe(true);
        expect(part.length).toBeLessThanOrEqual(32 * 1024);
      }
      expect(fromTextProperties('event', properties)).toBe(text);
    }),
  );
  expect(toTextProperties('event', '')).toEqual({ event: '' });
});

it('a sentence has no half of a character, whatever ARM wrote', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), fc.integer({ min: 1, max: 20 }), (text, length) => {
      expect(isWellFormed(plainText(text, length))).toBe(true);
    }),
  );
});

it('a mistyped word is known by its nearest: letters left out, put in, exchanged or swapped', () => {
  const known = ['destination', 'port', 'tcp', 'me'];
  const meant = ['destinaton', 'destinnation', 'destimation', 'destniation', 'prot', 'tpc', 'em', 'PORT'];
  expect(meant.map((word) => nearest(word, known))).toEqual([
    ...['destination', 'destination', 'destination', 'destination'],
    ...['port', 'tcp', 'me', 'port'],
  ]);
  expect(nearest('udp', known)).toBeUndefined();
});
