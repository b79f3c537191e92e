import { describe, expect, it } from 'vitest';
import { applicableTo } from '../../src/policy/applicable.ts';
import { callerOf, groups, policyOf, vm } from './asking.ts';

const endpoints = {
  web: { resourceId: vm('web-01') },
  db: { resourceId: vm('db', 'rg-other') },
  sql: { address: 'sql.contoso.internal', port: 1433 },
  pci: { address: '10.99.0.4' },
  local: { address: '127.0.0.1' },
  far: { address: 'contoso.com', port: 443 },
};
const names = (rules: readonly object[], caller = callerOf()) =>
  applicableTo(policyOf(rules, { endpoints }), caller).endpoints.map(({ name }) => name);
const allow = { id: 'a', effect: 'allow' };

describe('applicableTo', () => {
  it('shows the rules about the caller as written, without whom else they are about', () => {
    const mine = {
      id: 'mine',
      effect: 'allow',
      sources: ['endpoint:web'],
      destinations: ['**'],
      ports: ['443'],
      protocols: ['Tcp'],
    };
    const no = { id: 'no', effect: 'deny', destinations: ['10.99.0.0/16'], reason: 'PCI.' };
    const policy = policyOf(
      [
        { ...mine, requesters: { roles: ['Check.Request'] }, comment: 'hidden' },
        { ...mine, id: 'theirs', requesters: { roles: ['Other'] } },
        { ...mine, id: 'perhaps', requesters: { groups: [groups.one] } },
        no,
      ],
      { endpoints },
    );
    const shown = applicableTo(policy, callerOf({ groups: [groups.one], groupsOverage: true })).rules;
    expect(JSON.parse(JSON.stringify(shown))).toEqual([no, mine]);
  });

  it('shows endpoints that a rule allows as source or destination, with what they stand for', () => {
    const rule = { ...allow, sources: ['endpoint:web'], destinations: ['*.contoso.internal'], ports: ['1433'] };
    expect(applicableTo(policyOf([rule], { endpoints }), callerOf()).endpoints).toEqual([
      { name: 'web', resourceId: vm('web-01') },
      { name: 'sql', address: 'sql.contoso.internal', port: 1433 },
    ]);
  });

  it('shows none where no allow rule is about the caller', () => {
    expect(names([])).toEqual([]);
    expect(names([{ ...allow, requesters: { via: ['slack'] } }])).toEqual([]);
    expect(names([{ id: 'd', effect: 'deny' }])).toEqual([]);
  });

  it('leaves out what no port of the rule reaches, what is denied whole, and what is never tested', () => {
    expect(names([{ ...allow, sources: [vm('x')], destinations: ['**'], ports: ['443'] }])).toEqual([
      'web',
      'db',
      'pci',
      'far',
    ]);
    expect(names([allow, { id: 'd', effect: 'deny', destinations: ['10.99.0.0/16', 'contoso.com'] }])).toEqual([
      'web',
      'db',
      'sql',
    ]);
    const fromDb = { id: 's', effect: 'deny', sources: ['endpoint:db'] };
    const toDb = { id: 't', effect: 'deny', destinations: ['endpoint:db'] };
    expect(names([allow, fromDb])).toContain('db');
    expect(names([allow, toDb])).toContain('db');
    expect(names([allow, fromDb, toDb])).not.toContain('db');
  });
});
