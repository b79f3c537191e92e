import { describe, expect, it } from 'vitest';
import { submit } from '../../src/check/submit.ts';
import { memoryProxy, policyOf, sampleSubmission } from '../support/memory/memory-proxy.ts';
import { webVm } from '../support/samples.ts';

const group = webVm.split('/providers')[0] ?? '';
const pci = `${group.replace('rg-web', 'rg-pci')}/providers/Microsoft.Compute/virtualMachines/db`;
const policy = policyOf([
  { id: 'all', effect: 'allow' },
  { id: 'no-pci', effect: 'deny', destinations: ['10.99.0.0/16', `${pci.split('/providers')[0] ?? ''}/**`] },
]);

async function endWith(result: object) {
  const body = JSON.stringify({ connectionStatus: 'Reachable', probesSent: 1, ...result });
  const proxy = memoryProxy({ begin: [{ kind: 'done', arm: { status: 200 }, body }] }, { policy });
  const { check } = await submit(proxy.deps, ...sampleSubmission());
  await proxy.drain();
  return { row: proxy.store.rows()[0], answer: await proxy.store.answer(check.id) };
}

const source = { type: 'Source', id: '1', address: '10.1.0.4', resourceId: webVm };
const nextHop = { key: 'NextHopIpAddress', value: '10.99.0.4' };
const denied = { type: 'VirtualNetwork', id: '2', address: '10.99.0.4' };

describe('a result is withheld and not kept', () => {
  it.each<[string, object]>([
    ['a hop has the denied address', { hops: [source, denied] }],
    ['a link leads to a denied id', { hops: [{ ...source, links: [{ resourceId: pci }] }] }],
    ['a link back comes from a denied id', { hops: [source, { previousLinks: [{ resourceId: pci }] }] }],
    ['the id of a hop is a denied id', { hops: [source, { id: pci }] }],
    ['the id of a hop is a denied address', { hops: [source, { id: '10.99.0.4' }] }],
    ['the first hop, called Source, is no source', { hops: [{ type: 'Source', address: '10.99.0.4' }] }],
    ['the first hop, called Source, has another id', { hops: [{ ...source, resourceId: pci }] }],
    ['an address is a list', { hops: [source, { address: ['10.2.0.4', '10.99.0.4'] }] }],
    ['an address is an object', { hops: [source, { address: { ip: '10.99.0.4' } }] }],
    ['an address is a number', { hops: [source, { address: 0x0a630004 }] }],
    ['an address cannot be read', { hops: [source, { address: '10.99.0' + '\u0000' }] }],
    ['hops are an object', { hops: denied }],
    ['hops are addresses', { hops: ['10.2.0.4', '10.99.0.4'] }],
    ['hops are lists of hops', { hops: [[source], [denied]] }],
    ['the result is wrapped', { connectionStatus: undefined, properties: { hops: [source, denied] } }],
    ['members are spelled otherwise', { Hops: [source, { ResourceID: pci }] }],
    ['an issue tells the next hop of a route', { hops: [{ ...source, issues: [{ context: [nextHop] }] }] }],
    ['a link tells a next hop', { hops: [source, { links: [{ properties: { nextHop: '10.99.0.4' } }] }] }],
    [
      'the context of a link is an object',
      { hops: [{ ...source, links: [{ context: { via: '10.2.0.4, 10.99.0.4' } }] }] },
    ],
    ['an address stands in a member that nobody knows', { hops: [source, { ipAddresses: ['10.99.0.4'] }] }],
    ['a next hop is named by its address', { hops: [source, { nextHopIds: ['10.99.0.4'] }] }],
  ])('where %s', async (_how, result) => {
    const { row, answer } = await endWith(result);
    expect(row).toMatchObject({ status: 'Failed', error: { code: 'PolicyRefused' }, decision: { allowed: false } });
    expect(answer).toBeUndefined();
  });
});

describe('a result is shown', () => {
  const nic = `${group}/providers/Microsoft.Network/networkInterfaces/n/ipConfigurations/i`;
  const own = { ...source, address: '10.99.0.9' };
  it.each<[string, object]>([
    ['its path touches nothing that is denied', { hops: [source, { id: 'h2', address: '10.2.0.4', resourceId: '' }] }],
    ['only the source itself is in a denied range', { hops: [own, { address: '10.2.0.4' }] }],
    ['the source is named by its network interface', { hops: [{ ...own, resourceId: nic }, { address: '10.2.0.4' }] }],
    ['places are absent, null or empty', { hops: [source, { id: null, address: '', resourceId: ' ', links: null }] }],
    ['there are no hops', { hops: null }],
    [
      'an issue names the DNS server of the platform, or nothing',
      { hops: [source, { issues: [{ context: [{ key: 'DnsServer', value: '168.63.129.16, 0.0.0.0' }] }] }] },
    ],
    ['an issue names the source', { hops: [{ ...own, issues: [{ context: [{ key: 'From', value: '10.99.0.9' }] }] }] }],
    [
      'other members are words, versions and times',
      { hops: [source, { issues: [{ type: '1.2.3', context: [{ key: 'RuleName', value: 'allow-10.99.0.4' }] }] }] },
    ],
  ])('where %s', async (_how, result) => {
    expect((await endWith(result)).row).toMatchObject({ status: 'Succeeded' });
  });
});
