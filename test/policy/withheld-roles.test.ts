import { describe, expect, it } from 'vitest';
import { decide } from '../../src/policy/decide.ts';
import { readFlow } from '../../src/policy/rule/flow.ts';
import { openSets } from '../../src/policy/sets/policy-set.ts';
import { policyOf } from '../support/memory/memory-proxy.ts';
import { sampleCaller, sampleCheck } from '../support/samples.ts';

const flow = readFlow(sampleCheck().request);
const caller = { ...sampleCaller('alice', ['Check.Request']), withheldRoles: ['Check.Admin'] };
const all = { id: 'all', effect: 'allow' };
const allows = (...rules: readonly object[]) => decide(policyOf(rules), caller, flow).allowed;

describe('roles that a way in does not carry', () => {
  it('allow nothing', () => {
    expect(allows({ ...all, requesters: { roles: ['Check.Admin'] } })).toBe(false);
    expect(allows({ ...all, requesters: { roles: ['Check.Request'] } })).toBe(true);
  });

  it('are denied what a rule denies them', () => {
    expect(allows(all, { id: 'no', effect: 'deny', requesters: { roles: ['Check.Admin'] } })).toBe(false);
    expect(allows(all, { id: 'no', effect: 'deny', requesters: { roles: ['Audit.Read'] } })).toBe(true);
  });

  it('are no exception from a rule that denies', () => {
    const except = (role: string) => ({ id: 'no', effect: 'deny', except: { roles: [role] } });
    expect(allows(all, except('Check.Admin'))).toBe(false);
    expect(allows(all, except('Check.Request'))).toBe(true);
  });

  it('open no set', () => {
    const sets = { shop: { requesters: { roles: ['Check.Admin'] }, sources: [], destinations: [] } };
    const written = {
      ...sets.shop,
      sources: [{ endpoint: 'web' }],
      destinations: [{ address: '10.1.2.4', port: 443 }],
    };
    const endpoints = { web: { resourceId: sampleCheck().request.source.resourceId } };
    const policy = policyOf([all], {}, { sets: { shop: written }, endpoints });
    expect(openSets(policy, caller)).toEqual([]);
    expect(openSets(policy, { ...caller, roles: ['Check.Admin'] })).toEqual(['shop']);
  });
});
