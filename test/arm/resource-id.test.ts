import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasDisputedLetter } from '../../src/arm/fold-case.ts';
import { formatResourceId, parseResourceId, resourceType, sameResource } from '../../src/arm/resource-id.ts';
import { numRuns, ofRuns } from '../support/run/num-runs.ts';

const subscriptionId = '00000000-0000-4000-8000-00000000000a';
const group = `/subscriptions/${subscriptionId}/resourceGroups/rg-shop`;
const vm = `${group}/providers/Microsoft.Compute/virtualMachines/web-01`;

const name = fc
  .stringMatching(/^[\p{L}\p{N}_()-]([\p{L}\p{N}_.()-]{0,20}[\p{L}\p{N}_()-])?$/u)
  .filter((text) => !/[\u017f\u212a\u0131]/.test(text));
const type = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,20}$/);
const wellFormed = fc
  .record({
    subscription: fc.uuid(),
    group: name,
    namespace: fc.array(type, { minLength: 2, maxLength: 3 }),
    path: fc.array(fc.tuple(type, name), { minLength: 1, maxLength: 4 }),
    capitals: fc.boolean(),
  })
  .map(({ subscription, group: rg, namespace, path, capitals }) => {
    const [subscriptions, groups] = capitals
      ? ['SUBSCRIPTIONS', 'RESOURCEGROUPS']
      : ['subscriptions', 'resourceGroups'];
    const rest = path.map(([typeName, resource]) => `${typeName}/${resource}`).join('/');
    return `/${subscriptions}/${subscription}/${groups}/${rg}/providers/${namespace.join('.')}/${rest}`;
  });

// What URL readers take for structure, decode, fold or drop, put anywhere into an id that would do.
const trick = fc.constantFrom(
  ...[
    '..',
    '/..',
    '/../',
    '/.',
    './',
    '%2e%2e',
    '%2E.',
    '%2f',
    '%00',
    '?',
    '?a=b',
    '#',
    '#x',
    '\\',
    '\\..\\',
    ';',
    '@',
    ':',
    '//',
  ],
  ...['\u0000', '\t', '\n', '\r\n', ' ', '\u00a0', '\u007f', '\u0085', '\u200b', '\u2028', '\ufeff', '\u202e'],
  ...[
    '．．',
    '／',
    '％２ｅ',
    '？',
    '＃',
    '＼',
    '。',
    '․',
    '⁄',
    '∕',
    'ſ',
    'K',
    '\ud800',
    '&',
    '=',
    '+',
    '*',
    "'",
    '"',
    '<',
    '{',
  ],
);
const tampered = fc
  .tuple(wellFormed, fc.array(fc.tuple(trick, fc.nat()), { minLength: 1, maxLength: 3 }))
  .map(([id, tricks]) =>
    tricks.reduce((text, [sign, at]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + sign + text.slice(place);
    }, id),
  );

describe('parseResourceId', () => {
  it('takes an id apart, keeps names as given, and has one spelling for keywords and subscription', () => {
    const given = `/SUBSCRIPTIONS/${subscriptionId.toUpperCase()}/resourcegroups/RG-Shop/PROVIDERS/microsoft.compute/virtualMachineScaleSets/api/virtualMachines/0`;
    const id = parseResourceId(given);
    expect(id).toEqual({
      subscriptionId,
      resourceGroup: 'RG-Shop',
      namespace: 'microsoft.compute',
      path: [
        { type: 'virtualMachineScaleSets', name: 'api' },
        { type: 'virtualMachines', name: '0' },
      ],
    });
    expect(id && formatResourceId(id)).toBe(
      `/subscriptions/${subscriptionId}/resourceGroups/RG-Shop/providers/microsoft.compute/virtualMachineScaleSets/api/virtualMachines/0`,
    );
    expect(id && resourceType(id)).toBe('microsoft.compute/virtualmachinescalesets/virtualmachines');
  });

  it('reads its own spelling as itself', () => {
    fc.assert(
      fc.property(wellFormed, (text) => {
        // A name of two dots in a row, and one that can be written otherwise, is all that the signs alone would let through.
        const id = parseResourceId(text);
        expect(id === undefined).toBe(text.includes('..') || hasDisputedLetter(text));
        if (!id) return;
        expect(parseResourceId(formatResourceId(id))).toEqual(id);
        expect(sameResource(formatResourceId(id), text)).toBe(true);
      }),
      { numRuns: numRuns(3000) },
    );
  });

  it('accepts nothing that leaves its path in a URL, whatever was slipped in', () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.oneof(tampered, wellFormed, fc.string({ unit: 'binary' })), (text) => {
        const id = parseResourceId(text);
        if (!id) return;
        accepted += 1;
        const path = formatResourceId(id);
        expect(path).toMatch(/^(\/[\p{L}\p{N}_.()-]+)+$/u);
        const url = new URL(`https://arm.example${encodeURI(path)}?api-version=1`);
        expect([url.origin, decodeURI(url.pathname), url.search, url.hash]).toEqual([
          'https://arm.example',
          path,
          '?api-version=1',
          '',
        ]);
        expect(url.pathname.split('/')).toHaveLength(path.split('/').length);
        // Unicode's case folding takes ſ for s and the Kelvin sign for k: no word of an id may be spelled with them.
        const words = path.split('/').filter((_, index) => index % 2 === 1 || index === 6);
        expect(words.join('')).toMatch(/^[A-Za-z0-9.]+$/);
      }),
      { numRuns: numRuns(6000) },
    );
    expect(accepted).toBeGreaterThan(ofRuns(1000));
  });

  it.each([
    ['nothing', ''],
    ['a name alone', 'web-01'],
    ['a subscription', `/subscriptions/${subscriptionId}`],
    ['a resource group', group],
    ['no slash in front', vm.slice(1)],
    ['a slash at the end', `${vm}/`],
    ['a type without a name', `${vm}/extensions`],
    ['a URL', `https://management.azure.com${vm}`],
    ['a subscription that is no UUID', vm.replace(subscriptionId, 'mine')],
    ['a namespace of one word', vm.replace('Microsoft.Compute', 'Compute')],
    ['a dot segment', `${group}/providers/Microsoft.Compute/virtualMachines/..`],
    ['two dots within a name', vm.replace('web-01', 'web..01')],
    ['a dot at the end of a name', `${vm}.`],
    ['a dot in front of a name', vm.replace('web-01', '.web-01')],
    ['an encoded dot segment', vm.replace('web-01', '%2e%2e')],
    ['a query', `${vm}?api-version=1`],
    ['a fragment', `${vm}#x`],
    ['a backslash', vm.replaceAll('/', '\\')],
    ['a line break', `${vm}\n`],
    ['a full-width dot', vm.replace('web-01', '．．')],
    ['a full-width slash', vm.replace('web-01', 'a／b')],
    ['a blank', vm.replace('web-01', 'web 01')],
    ['a long s for an s in a keyword', vm.replace('subscriptions', 'ſubscriptions')],
    ['a Kelvin sign for a k in a namespace', vm.replace('Microsoft.Compute', 'Microsoft.Networ\u212a')],
    ['five pairs of types and names', `${vm}${'/a/b'.repeat(4)}`],
    ['a name of 91 characters', vm.replace('web-01', 'w'.repeat(91))],
  ])('refuses %s', (_what, text) => {
    expect(parseResourceId(text)).toBeUndefined();
  });

  it('is quick on what is nearly an id', () => {
    const nearly = `${group}/providers/${'A.'.repeat(200)}${'a/b/'.repeat(100)}!`;
    const begin = performance.now();
    for (let run = 0; run < 1000; run++) parseResourceId(nearly.slice(0, 1024));
    expect(performance.now() - begin).toBeLessThan(1000);
  });
});
