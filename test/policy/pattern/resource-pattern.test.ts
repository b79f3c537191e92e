import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatResourceId, parseResourceId, segmentsOf } from '../../../src/arm/resource-id.ts';
import { parseResourcePattern } from '../../../src/policy/pattern/resource-pattern.ts';
import { subscription, vm } from '../asking.ts';
import { numRuns, ofRuns } from '../../support/run/num-runs.ts';

const name = fc.stringMatching(/^[abAB]{1,5}$/);
const starred = fc.stringMatching(/^[abAB*]{1,5}$/).filter((text) => !text.includes('**'));
const idOf = (group: string, first: string, more: readonly string[]): string =>
  [`${subscription}/resourceGroups/${group}/providers/A.B/aa/${first}`, ...more.map((each) => `bb/${each}`)].join('/');

/** What a pattern says, written as a regular expression. */
function reference(pattern: string): RegExp {
  const open = pattern.endsWith('/**');
  const fixed = (open ? pattern.slice(0, -3) : pattern).replace(/[.()]/g, '\\$&').split('*').join('[^/]*');
  return new RegExp(`^${fixed}${open ? '(?:/.*)?' : ''}$`, 'i');
}

describe('a resource id pattern', () => {
  it('means the same as its regular expression', () => {
    let matched = 0;
    const pattern = fc
      .tuple(starred, starred, fc.array(starred, { maxLength: 1 }), fc.nat(12))
      .map(([group, first, more, cut]) => {
        const whole = idOf(group, first, more);
        return cut > 8
          ? whole
          : `${whole
              .split('/')
              .slice(0, cut + 1)
              .join('/')}/**`;
      });
    const id = fc
      .tuple(name, name, fc.array(name, { maxLength: 1 }))
      .map(([group, first, more]) => idOf(group, first, more));
    fc.assert(
      fc.property(pattern, id, (text, resourceId) => {
        const matches = parseResourcePattern(text)?.(segmentsOf(resourceId));
        expect(matches).toBe(reference(text).test(resourceId));
        if (matches) matched += 1;
      }),
      { numRuns: numRuns(25_000) },
    );
    expect(matched).toBeGreaterThan(ofRuns(2000));
  });

  it('without stars matches its id in every case of letters and no other', () => {
    fc.assert(
      fc.property(name, name, name, fc.boolean(), (group, first, other, upper) => {
        const id = idOf(group, first, []);
        const respelled = formatResourceId(parseResourceId(upper ? idOf(group.toUpperCase(), first, []) : id)!);
        const matches = parseResourcePattern(id)!;
        expect(matches(segmentsOf(respelled))).toBe(true);
        const same = other.toLowerCase() === first.toLowerCase();
        expect(matches(segmentsOf(idOf(group, other, [])))).toBe(same);
        expect(matches(segmentsOf(`${id}/bb/${other}`))).toBe(false);
      }),
      { numRuns: numRuns(10_000) },
    );
  });

  it('with ** matches the resource before it and all that is in it', () => {
    const matches = parseResourcePattern(`${vm('web-01')}/**`)!;
    expect(matches(segmentsOf(vm('web-01')))).toBe(true);
    expect(matches(segmentsOf(`${vm('web-01')}/extensions/a`))).toBe(true);
    expect(matches(segmentsOf(vm('web-011')))).toBe(false);
  });

  it('is read in no time however many stars it has', () => {
    const matches = parseResourcePattern(vm(`${'a*'.repeat(40)}b`))!;
    expect(matches(segmentsOf(vm('a'.repeat(90))))).toBe(false);
  });

  it.each([
    ...[
      '/',
      '',
      '/subscription/**',
      '/subscriptions/a',
      '/subscriptions/a/resourceGroup/b/**',
      `${vm('a')}/extensions`,
    ],
    ...['/subscriptions/**/virtualMachines/a', '/subscriptions//**', '/subscriptions/a?/**', vm('a**'), '/a/b/../**'],
    ...['/subscriptions/a/resourceGroups/b/provider/**', `${subscription}/**/`],
  ])('is none in %j', (text) => {
    expect(parseResourcePattern(text)).toBeUndefined();
  });
});
