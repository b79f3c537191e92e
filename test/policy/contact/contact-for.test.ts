import { describe, expect, it } from 'vitest';
import { contactFor } from '../../../src/policy/contact/contact-for.ts';
import { policyOf, subscription, vm } from '../asking.ts';

const policy = policyOf([], {
  endpoints: { sql: { address: 'sql.contoso.internal', port: 1433 } },
  contacts: [
    { owners: ['Network Team'], targets: ['10.99.0.0/16'], contact: '#net-pci' },
    { targets: ['10.99.0.0/16', '*.pci.contoso.com'], contact: '#pci' },
    { owners: ['network team'], contact: '#net-oncall' },
    { targets: ['endpoint:sql'], contact: '#databases' },
    { targets: [`${subscription}/**`], contact: '#shop', comment: 'the whole subscription' },
    { contact: 'service desk' },
  ],
});

describe('contactFor', () => {
  it.each([
    ['an owner at a place', { owner: 'network team', address: '10.99.1.1' }, '#net-pci'],
    ['a place', { address: '10.99.1.1' }, '#pci'],
    ['a place for another owner', { owner: 'application', address: '10.99.1.1' }, '#pci'],
    ['a name', { address: 'a.pci.contoso.com' }, '#pci'],
    ['an IPv6 address that embeds one of the range', { address: '64:ff9b::a63:101' }, '#pci'],
    ['an owner', { owner: 'network team' }, '#net-oncall'],
    ['an owner at another place', { owner: 'network team', address: '10.1.1.1' }, '#net-oncall'],
    ['an endpoint', { address: 'https://sql.contoso.internal/' }, '#databases'],
    ['a subscription', { resourceId: vm('web-01').toUpperCase() }, '#shop'],
    ['one place of two', { address: '10.1.1.1', resourceId: vm('web-01') }, '#shop'],
    ['what cannot be read', { address: 'Internet gateway', resourceId: '/x' }, 'service desk'],
    ['nothing', {}, 'service desk'],
  ])('tells the first that fits %s', (_, question, contact) => {
    expect(contactFor(policy, question)).toBe(contact);
  });

  it('tells none where none fits', () => {
    expect(contactFor(policyOf([], { contacts: [{ owners: ['platform'], contact: 'x' }] }), {})).toBeUndefined();
    expect(contactFor(policyOf([]), { owner: 'platform' })).toBeUndefined();
  });
});
