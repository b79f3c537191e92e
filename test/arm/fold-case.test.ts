import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldCase, hasDisputedLetter } from '../../src/arm/fold-case.ts';
import { parseResourceId, sameResource, segmentsOf } from '../../src/arm/resource-id.ts';
import { parseResourcePattern } from '../../src/policy/pattern/resource-pattern.ts';
import { subscription, vm } from '../policy/asking.ts';
import { numRuns } from '../support/run/num-runs.ts';

const letters = fc
  .integer({ min: 0x21, max: 0x1_ffff })
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code))
  .filter((letter) => /\p{L}/u.test(letter) && !hasDisputedLetter(letter));
const length = (text: string): number => Array.from(text).length;

describe('folding', () => {
  it('makes one letter of all its cases, and makes none of what is folded', () => {
    fc.assert(
      fc.property(letters, (letter) => {
        const folded = foldCase(letter);
        expect(foldCase(folded)).toBe(folded);
        for (const other of [letter.toUpperCase(), letter.toLowerCase()])
          if (length(other) === 1 && !hasDisputedLetter(other)) expect(foldCase(other)).toBe(folded);
      }),
      { numRuns: numRuns(5000) },
    );
  });

  it('makes no letter of ASCII of any other', () => {
    const others = Array.from({ length: 0xd000 }, (_, index) => String.fromCodePoint(0x80 + index));
    const ascii = others.filter((letter) => !hasDisputedLetter(letter) && /\p{ASCII}/u.test(foldCase(letter)));
    expect(ascii).toEqual([]);
  });

  it.each([
    ['rg-πΣ', 'rg-πσ'],
    ['rg-πς', 'rg-πσ'],
    ['rg-µ', 'rg-μ'],
    ['RG-ÄÖ', 'rg-äö'],
    ['rg-ẞ', 'rg-ß'],
  ])('holds %s and %s to be one', (one, other) => {
    expect(foldCase(one)).toBe(foldCase(other));
    expect(sameResource(vm('a', one), vm('a', other))).toBe(true);
    const matches = parseResourcePattern(`${subscription}/resourceGroups/${one}/**`);
    expect(matches?.(segmentsOf(vm('a', other)))).toBe(true);
  });

  it.each(['rg-\u0e01\u0e34\u0e19', 'rg-\u0915\u093f', 'rg-\u0628\u064e', 'rg-e\u0323'.normalize('NFC')])(
    'takes the letters of %s with the marks that are their vowels',
    (group) => {
      expect(parseResourceId(vm('a', group))?.resourceGroup).toBe(group);
      const matches = parseResourcePattern(`${subscription}/resourceGroups/${group}/**`);
      expect(matches?.(segmentsOf(vm('a', group)))).toBe(true);
    },
  );

  it.each(['rg-\u017f', 'rg-\u212a', 'rg-\u0131', 'rg-e\u0301', 'rg-a\ufe0f', 'rg-\u2126'])(
    'takes no id and no pattern with the letter of %s',
    (group) => {
      expect(parseResourceId(vm('a', group))).toBeUndefined();
      expect(parseResourcePattern(`${subscription}/resourceGroups/${group}/**`)).toBeUndefined();
    },
  );
});
