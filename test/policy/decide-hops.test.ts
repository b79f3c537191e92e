import { describe, expect, it } from 'vitest';
import { decideHops as decide } from '../../src/policy/decide-hops.ts';
import { readFlow } from '../../src/policy/rule/flow.ts';
import { callerOf, groups, policyOf, requestOf, vm, decideHops } from './asking.ts';

const policy = policyOf([
  { id: 'all', effect: 'allow' },
  { id: 'no-pci', effect: 'deny', destinations: ['10.99.0.0/16'], reason: 'PCI: ask network-security.' },
  { id: 'no-ssh', effect: 'deny', destinations: ['10.50.0.0/16'], ports: ['22'] },
  { id: 'no-bots', effect: 'deny', requesters: { via: ['slack'] }, destinations: ['10.60.0.0/16'] },
  { id: 'not-from-db', effect: 'deny', sources: [vm('db')], destinations: ['10.70.0.0/16'] },
  { id: 'no-vault', effect: 'deny', destinations: [vm('vault')] },
]);
const request = requestOf('shop.contoso.com');
const rule = (hops: readonly string[], asked = request, caller = callerOf()) =>
  decideHops(policy, caller, asked, hops)?.rule;

describe('decideHops', () => {
  it('lets a path pass that touches nothing denied', () => {
    expect(decideHops(policy, callerOf(), request, ['10.1.0.4', '52.1.2.3', 'shop.contoso.com'])).toBeUndefined();
    expect(decideHops(policy, callerOf(), request, [])).toBeUndefined();
  });

  it('refuses a path that leads into a denied range, and does not tell where', () => {
    const decision = decideHops(policy, callerOf(), request, ['10.1.0.4', '10.99.0.4']);
    expect(decision).toEqual({
      allowed: false,
      rule: 'no-pci',
      reason:
        'The result is withheld because its path leads through what policy denies: ' +
        'Rule "no-pci" denies it: PCI: ask network-security.',
      policy: policy.hash,
      roles: ['Check.Request'],
    });
    expect(rule(['::ffff:10.99.0.4'])).toBe('no-pci');
    expect(rule(['64:ff9b::a63:4'])).toBe('no-pci');
  });

  it('refuses a path that leads to what is never tested', () => {
    for (const hop of ['169.254.169.254', '127.0.0.1', '168.63.129.16', '::1', 'localhost']) {
      expect(decideHops(policy, callerOf(), request, [hop])).toMatchObject({ allowed: false });
    }
    const everything = policyOf([{ id: 'all', effect: 'allow' }]);
    for (const hop of ['127.0.0.1', '0x7f.1', '2130706433', '0177.0.0.1', '0127.0.0.1']) {
      expect([hop, decideHops(everything, callerOf(), request, [hop])]).toMatchObject([hop, { allowed: false }]);
    }
  });

  it('lets pass whom the rule excepts', () => {
    const except = { groups: [groups.one] };
    const team = policyOf([
      { id: 'all', effect: 'allow' },
      { id: 'no-pci', effect: 'deny', destinations: ['10.99.0.0/16'], except },
    ]);
    expect(decideHops(team, callerOf({ groups: [groups.one] }), request, ['10.99.0.4'])).toBeUndefined();
    expect(decideHops(team, callerOf(), request, ['10.99.0.4'])?.rule).toBe('no-pci');
  });

  it('asks deny rules about this port, caller and source', () => {
    expect(rule(['10.50.0.1'])).toBeUndefined();
    expect(rule(['10.50.0.1'], requestOf({ address: 'shop.contoso.com', port: 22 }))).toBe('no-ssh');
    expect(rule(['10.60.0.1'])).toBeUndefined();
    expect(rule(['10.60.0.1'], request, callerOf({ via: 'slack' }))).toBe('no-bots');
    expect(rule(['10.70.0.1'])).toBeUndefined();
    expect(rule(['10.70.0.1'], requestOf('shop.contoso.com', { source: vm('db') }))).toBe('not-from-db');
  });

  it('reads resource ids of hops too', () => {
    expect(rule([vm('VAULT')])).toBe('no-vault');
    expect(rule([vm('other')])).toBeUndefined();
  });

  it.each([
    ...[
      '10.99.0.4:443',
      '10.99.0.4/32',
      ' 10.99.0.4',
      '10.99.0.4\t',
      '10.99.0.4%eth0',
      '10.99.0.4%eth0:443',
      '[::ffff:10.99.0.4]:443',
    ],
    ...[
      '10.2.0.4,10.99.0.4',
      '10.2.0.4; 10.99.0.4',
      '::ffff:10.99.0.4%eth0',
      '::ffff:10.99.0.4/128',
      'https://10.99.0.4/a',
      '0x0a630004',
      '174260228',
      '10.99.4',
      '10.6488068:443',
      '010.99.0.4',
      '012.0143.0.4',
      '10.0143.0.4/32',
    ],
  ])('reads the denied address in %j', (hop) => {
    expect(rule([hop])).toBe('no-pci');
  });

  it.each([
    '',
    ' ',
    'Unknown',
    'Internet gateway',
    '10.2.0.4:443',
    '10.2.0.0',
    'fd00::1/128',
    vm('other'),
    `${vm('other')}/`,
  ])('lets %j pass, which is read as no place that is denied', (hop) => {
    expect(decideHops(policy, callerOf(), request, [hop])).toBeUndefined();
  });

  it.each([
    '/a/b',
    '10.99.0.0/16',
    '10.99.0.4:443:1',
    `${vm('a')}?b`,
    `${vm('a')}&`,
    `${vm('a')}/..`,
    vm('a').replace('/rg-', '//rg-'),
    '10.99.0.4\u0000',
    'a_b!c',
  ])('takes %j, which cannot be read, for what a rule denies, and withholds nothing where none could', (hop) => {
    const decision = decideHops(policy, callerOf(), request, [hop]);
    expect(decision).toMatchObject({ allowed: false, reason: expect.stringContaining('cannot be read') as string });
    expect(decision).not.toHaveProperty('rule');
    const onlyAllows = policyOf([{ id: 'all', effect: 'allow' }]);
    const deniesOthers = policyOf([
      { id: 'all', effect: 'allow' },
      { id: 'no-bots', effect: 'deny', requesters: { via: ['slack'] }, destinations: ['10.60.0.0/16'] },
      { id: 'no-ssh', effect: 'deny', destinations: ['10.50.0.0/16'], ports: ['22'] },
    ]);
    for (const harmless of [onlyAllows, deniesOthers])
      expect(decideHops(harmless, callerOf(), request, [hop])).toBeUndefined();
  });

  it('reads a resource id of any depth, down from its group, and takes the number of a hop for no place', () => {
    const group = policyOf([
      { id: 'all', effect: 'allow' },
      { id: 'no-pci', effect: 'deny', destinations: [`${vm('a', 'rg-pci').split('/providers')[0] ?? ''}/**`] },
    ]);
    const told = (text: string, member: 'id' | 'resourceid' = 'resourceid') =>
      decide(group, callerOf(), readFlow(request), [{ member, text }])?.rule;
    const scaleSet = vm('s', 'rg-pci').replace('virtualMachines/', 'virtualMachineScaleSets/');
    const nested = `${scaleSet}/virtualMachines/0/networkInterfaces/n/ipConfigurations/i/publicIPAddresses/p`;
    for (const id of [nested, nested.toUpperCase(), nested.split('/providers')[0] ?? '', `${nested}/`, ` ${nested} `])
      expect(told(id)).toBe('no-pci');
    expect(told(nested, 'id')).toBe('no-pci');
    expect(told(nested.replace('rg-pci', 'rg-shop'))).toBeUndefined();
    for (const id of ['c18d9f97-212d-4198-af1a-9af155583bf1', '1', '10', '999999', 'h2'])
      expect(told(id, 'id')).toBeUndefined();
  });
});
