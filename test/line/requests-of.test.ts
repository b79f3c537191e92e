import { describe, expect, it, test } from 'vitest';
import { helpFor } from '../../src/line/help-for.ts';
import { parseLine } from '../../src/line/parse-line.ts';
import { type AskRequest, isNoMachine, requestsOf } from '../../src/line/requests-of.ts';
import { takenFor } from '../../src/line/taken-for.ts';
import { verbs } from '../../src/line/verbs.ts';

const vm =
  '/subscriptions/00000000-0000-4000-8000-00000000000a/resourceGroups/rg-web/providers/Microsoft.Compute/virtualMachines/web-01';
const endpoints = [
  { name: 'web', resourceId: vm },
  { name: 'sql', address: '10.1.2.4', port: 1433 },
  { name: 'shop', address: 'https://shop.example.com/health' },
  { name: 'Shop', address: '10.1.2.5' },
  { name: 'plain', address: '10.1.2.6' },
];

function requests(text: string) {
  const parsed = parseLine(text);
  if (!parsed.ok || parsed.line.verb !== 'check') throw new Error(`no check: ${JSON.stringify(parsed)}`);
  const read = requestsOf(parsed.line, endpoints);
  return read.ok ? read.requests : read.message;
}

const to = (...destinations: unknown[]) =>
  destinations.map((destination) => ({ source: { name: 'web-01' }, destination, protocol: 'Tcp' }));

describe('A check in words', () => {
  test.each<[string, unknown]>([
    ['web-01 db:1433', to({ name: 'db', port: 1433 }, { address: 'db', port: 1433 })],
    [
      'web-01 db.contoso.com:1433',
      to({ name: 'db.contoso.com', port: 1433 }, { address: 'db.contoso.com', port: 1433 }),
    ],
    ['web-01 10.1.2.4:1433', to({ address: '10.1.2.4', port: 1433 })],
    ['web-01 [::1]:443', to({ address: '::1', port: 443 })],
    [`web-01 ${vm}:22`, to({ resourceId: vm, port: 22 })],
    ['web-01 sql', to({ endpoint: 'sql' })],
    ['web-01 SQL', to({ endpoint: 'sql' })],
    ['web-01 sql:1433', to({ endpoint: 'sql', port: 1433 })],
    ['web-01 plain:22', to({ endpoint: 'plain', port: 22 })],
    ['web-01 shop', [{ source: { name: 'web-01' }, destination: { endpoint: 'shop' }, protocol: 'Https' }]],
    ['web-01 Shop:80', to({ endpoint: 'Shop', port: 80 })],
    ['Web sql', [{ source: { endpoint: 'web' }, destination: { endpoint: 'sql' }, protocol: 'Tcp' }]],
    [`${vm} sql`, [{ source: { resourceId: vm }, destination: { endpoint: 'sql' }, protocol: 'Tcp' }]],
    ['web sql icmp', [{ source: { endpoint: 'web' }, destination: { endpoint: 'sql' }, protocol: 'Icmp' }]],
    ['web 10.1.2.4:7 icmp', [{ source: { endpoint: 'web' }, destination: { address: '10.1.2.4' }, protocol: 'Icmp' }]],
    [
      'web plain http',
      [{ source: { endpoint: 'web' }, destination: { endpoint: 'plain', port: 80 }, protocol: 'Http' }],
    ],
    [
      'web 10.1.2.4 https',
      [{ source: { endpoint: 'web' }, destination: { address: '10.1.2.4', port: 443 }, protocol: 'Https' }],
    ],
    ['web http://db', [{ source: { endpoint: 'web' }, destination: { address: 'http://db' }, protocol: 'Http' }]],
    [
      'web https://db:8443/ because x',
      [{ source: { endpoint: 'web' }, destination: { address: 'https://db:8443/' }, protocol: 'Https', reason: 'x' }],
    ],
  ])('%j', (text, expected) => {
    expect(requests(text)).toEqual(expected);
  });

  test.each([
    ['web-01 db', 'Say a port, or icmp: "db:443", or "db icmp".'],
    ['web-01 plain', 'Say a port, or icmp: "plain:443", or "plain icmp".'],
    ['web-01 fe80::1 tcp', 'Say a port, or icmp: "[fe80::1]:443", or "fe80::1 icmp".'],
    ['shwo 3f2a9c1e', 'Say a port, or icmp: "3f2a9c1e:443", or "3f2a9c1e icmp". Or did you mean "show"?'],
  ])('%j needs a port', (text, message) => {
    expect(requests(text)).toBe(message);
  });
});

describe('Which request holds', () => {
  const machine = (name: string): AskRequest => ({
    source: { name: 'web-01' },
    destination: { name, port: 22 },
    protocol: 'Tcp',
  });
  const fault = (code: string, target = 'destination.name') => ({ code, target, message: '' });

  test.each<[string, ReturnType<typeof fault>[], boolean]>([
    ['db', [fault('UnknownName')], true],
    ['db', [fault('UnknownName'), fault('UnknownName', 'source.name')], true],
    ['db', [fault('UnreadNames')], false],
    ['db.contoso.com', [fault('UnreadNames')], true],
    ['db', [fault('AmbiguousName'), fault('AmbiguousName')], false],
    ['db', [fault('UnknownName', 'source.name')], false],
    ['db', [], false],
  ])('%s with %j: the next is taken: %s', (name, faults, expected) => {
    expect(isNoMachine(machine(name), faults)).toBe(expected);
  });

  it('is told in a sentence', () => {
    const told = (text: string): string[] => {
      const found = requests(text);
      if (typeof found === 'string') throw new Error(found);
      return found.map(takenFor);
    };
    expect(told('web-01 db:1433')).toEqual([
      'From the source "web-01" to the machine "db".',
      'From the source "web-01" to the host name "db".',
    ]);
    expect(told('web sql')).toEqual(['From the endpoint "web" to the endpoint "sql".']);
    expect(told(`${vm} [::1]:1`)).toEqual([`From the resource ${JSON.stringify(vm)} to the address "::1".`]);
    expect(told('web http://db')).toEqual(['From the endpoint "web" to the URI "http://db".']);
  });
});

describe('Help', () => {
  const usages = (...given: Parameters<typeof helpFor>) => helpFor(...given).map(({ usage }) => usage.split(' ')[0]);

  it('shows only what the asker may do', () => {
    expect(usages({ roles: [], endpoints: [] })).toEqual(['me', 'help']);
    expect(usages({ roles: ['Audit.Read'], endpoints: [] })).toEqual(['show', 'compare', 'flow', 'list', 'me', 'help']);
    expect(usages({ roles: ['Check.Admin'], endpoints: [] })).toEqual(['cancel', 'me', 'help']);
    expect(usages({ roles: ['Check.Request'], endpoints: [], sets: [] })).not.toContain('set');
    const all = usages({ roles: ['Check.Request'], endpoints, sets: ['shop'] }, { inChat: true });
    expect(all).toEqual(['SOURCE', ...Object.keys(verbs)]);
  });

  it('has examples that can be read, with what is the asker’s own', () => {
    const all = helpFor({ roles: ['Check.Request'], endpoints, sets: ['prod'] }, { inChat: true });
    for (const { example } of all) expect(parseLine(example).ok).toBe(true);
    expect(all[0]?.example).toBe('web sql');
    expect(all.map(({ example }) => example)).toContain('set run prod');
  });

  it('of one command is that alone, and nothing of what the asker may not do', () => {
    expect(helpFor({ roles: ['Check.Request'], endpoints }, { about: 'compare' })).toHaveLength(1);
    expect(helpFor({ roles: [], endpoints }, { about: 'compare' })).toEqual([]);
    expect(helpFor({ roles: [], endpoints }, { about: 'link' })).toEqual([]);
  });
});
