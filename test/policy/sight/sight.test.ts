import { describe, expect, it } from 'vitest';
import { readFlow } from '../../../src/policy/rule/flow.ts';
import { isDenied } from '../../../src/policy/sight/is-denied.ts';
import { mayTestSome } from '../../../src/policy/sight/may-test-some.ts';
import { visibleRules } from '../../../src/policy/sight/visible-rules.ts';
import { callerOf, faultsIn, groups, policyOf, requestOf, warningsIn } from '../asking.ts';

const visibleTo = [groups.one.toUpperCase()];

describe('visibleTo', () => {
  const policy = policyOf([
    { id: 'a', effect: 'allow', visibleTo },
    { id: 'b', effect: 'allow', visibleTo: [groups.two] },
    { id: 'c', effect: 'allow' },
  ]);

  it('opens the checks of a rule to a member of the group, whatever the letter case, and to nobody else', () => {
    expect(visibleRules(policy, callerOf({ groups: [groups.one] }))).toEqual(['a']);
    expect(visibleRules(policy, callerOf({ groups: [groups.one, groups.two.toUpperCase()] }))).toEqual(['a', 'b']);
    expect(visibleRules(policy, callerOf())).toEqual([]);
    expect(visibleRules(policy, callerOf({ groups: [groups.one], groupsOverage: true }))).toEqual([]);
  });

  it('is a fault with a name in place of an id, empty, and on a rule that denies', () => {
    const rules = [
      { id: 'x', effect: 'allow', visibleTo: ['net-team'] },
      { id: 'y', effect: 'deny', destinations: ['10.0.0.0/8'], visibleTo: [groups.one] },
      { id: 'z', effect: 'allow', visibleTo: [] },
    ];
    expect(faultsIn({ version: 1, rules })).toEqual(
      expect.arrayContaining([
        expect.stringContaining('"net-team" matches nobody: write the object id of the Entra group'),
        expect.stringContaining('belongs to a rule that allows, since no check runs under this one'),
        expect.stringContaining('names nobody'),
      ]),
    );
    expect(warningsIn({ version: 1, rules: [{ id: 'a', effect: 'allow', visibleTo }] })).toEqual([]);
  });
});

describe('what is denied to a reader', () => {
  const policy = policyOf([
    { id: 'pci', effect: 'deny', requesters: { groups: [groups.one] }, destinations: ['10.9.0.0/16'] },
  ]);
  const flow = readFlow(requestOf('10.1.2.4'));
  const member = callerOf({ groups: [groups.one] });

  it('is a question that a rule meets with them as the requester; nothing need allow it', () => {
    const pci = readFlow(requestOf('10.9.1.1'));
    expect(isDenied(policy, callerOf(), pci)).toBe(false);
    expect(isDenied(policy, member, flow)).toBe(false);
    expect(isDenied(policy, member, pci)).toBe(true);
    // Whether a token with too many groups is meant is open, and what nobody may test is nobody's.
    expect(isDenied(policy, callerOf({ groupsOverage: true }), pci)).toBe(true);
    expect(isDenied(policy, callerOf(), readFlow(requestOf('169.254.169.254')))).toBe(true);
    expect(isDenied(policy, callerOf(), readFlow({ ...requestOf('10.1.2.4'), source: { resourceId: 'x' } }))).toBe(
      true,
    );
  });
});

describe('a flow that is left open', () => {
  const open = readFlow({ source: requestOf('10.1.2.4').source, destination: { address: '10.1.2.4' } });
  const may = (rules: readonly object[], caller = callerOf()) => mayTestSome(policyOf(rules), caller, open);

  it('may be tested where a rule allows some port of it, and none denies all', () => {
    expect(may([{ id: 'a', effect: 'allow', ports: [443], protocols: ['Tcp'] }])).toBe(true);
    expect(may([{ id: 'a', effect: 'allow', destinations: ['10.2.0.0/16'] }])).toBe(false);
    const all = { id: 'all', effect: 'allow' };
    expect(may([all, { id: 'd', effect: 'deny', ports: [22] }])).toBe(true);
    expect(may([all, { id: 'd', effect: 'deny', destinations: ['10.1.0.0/16'] }])).toBe(false);
    const group = { requesters: { groups: [groups.one] } };
    expect(may([{ id: 'a', effect: 'allow', ...group }], callerOf({ groupsOverage: true }))).toBe(false);
    expect(may([all, { id: 'd', effect: 'deny', ...group }], callerOf({ groupsOverage: true }))).toBe(false);
  });
});
