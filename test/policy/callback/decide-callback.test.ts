import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideCallback } from '../../../src/policy/callback/decide-callback.ts';
import { deniedAddress } from '../../../src/policy/callback/denied-address.ts';
import { parsePolicy } from '../../../src/policy/policy.ts';
import { policyOf } from '../../support/memory/memory-proxy.ts';
import { sampleCaller } from '../../support/samples.ts';

const policyWith = (callbacks: readonly unknown[], rules: readonly object[] = []) => policyOf(rules, {}, { callbacks });
const decided = (policy: ReturnType<typeof policyWith>, url: string, caller = sampleCaller()) =>
  decideCallback(policy, caller, url);
const allowed = (pattern: string, url: string): boolean => decided(policyWith([pattern]), url).allowed;

describe('a callback’s URL', () => {
  it.each([
    ['https://hooks.example.com/**', 'https://hooks.example.com'],
    ['https://hooks.example.com/**', 'https://HOOKS.example.com:443/a/b?sig=%2F..'],
    ['https://hooks.example.com', 'https://hooks.example.com/'],
    ['https://hooks.example.com/a/*/c', 'https://hooks.example.com/a/b/c'],
    ['https://hooks.example.com/a/x-*', 'https://hooks.example.com/a/x-1'],
    ['https://hooks.example.com/a/**', 'https://hooks.example.com/a'],
    ['https://hooks.example.com:8443/**', 'https://hooks.example.com:8443/x'],
    ['https://[2606:4700::1]/**', 'https://[2606:4700:0::1]/x'],
  ])('fits %s as %s', (pattern, url) => {
    expect(allowed(pattern, url)).toBe(true);
  });

  const open = 'https://hooks.example.com/a/**';
  it.each([
    ['another scheme', open, 'http://hooks.example.com/a/b'],
    ['another host', open, 'https://hooks.example.com.evil.example/a/b'],
    ['another port', open, 'https://hooks.example.com:8443/a/b'],
    ['a final dot', open, 'https://hooks.example.com./a/b'],
    ['a path beside', open, 'https://hooks.example.com/ab'],
    ['a user', open, 'https://user@hooks.example.com/a/b'],
    ['a host as user', open, 'https://hooks.example.com@evil.example/a/b'],
    ['an empty user', open, 'https://@hooks.example.com/a/b'],
    ['a fragment', open, 'https://hooks.example.com/a/b#'],
    ['a dot segment', open, 'https://hooks.example.com/a/../b'],
    ['a dot segment that leads back', open, 'https://hooks.example.com/b/../a/c'],
    ['a single dot', open, 'https://hooks.example.com/a/./c'],
    ['a dot segment with parameters', open, 'https://hooks.example.com/a/..;x=1/b'],
    ['an encoded dot', open, 'https://hooks.example.com/a/%2e%2E/b'],
    ['an encoded slash', open, 'https://hooks.example.com/a/..%2fb'],
    ['an encoded backslash', open, 'https://hooks.example.com/a/..%5Cb'],
    ['a dot in a longer encoding', open, 'https://hooks.example.com/a/%c0%ae%C0%AE/b'],
    ['a slash in a still longer encoding', open, 'https://hooks.example.com/a/..%e0%80%afb'],
    ['a slash in the longest encoding', open, 'https://hooks.example.com/a/..%f0%80%80%afb'],
    ['a longer encoding that is encoded', open, 'https://hooks.example.com/a/..%25c0%25afb'],
    ['a dot as %u', open, 'https://hooks.example.com/a/%u002e%u002e/b'],
    ['an encoded question mark', open, 'https://hooks.example.com/a/b%3f/c'],
    ['an encoded #', open, 'https://hooks.example.com/a/b%23/c'],
    ['a dot that is encoded twice', open, 'https://hooks.example.com/a/%25252e%252e/b'],
    ['a backslash', open, 'https://hooks.example.com\\a\\b'],
    ['a tab', open, 'https://hooks.example.com/a/.\t./b'],
    ['an invisible sign', open, 'https://hooks.example.com/a/\u200bb'],
    ['an empty segment', open, 'https://hooks.example.com/a//b'],
    ['an encoded line feed', open, 'https://hooks.example.com/a/%0ab'],
    ['one slash', open, 'https:/hooks.example.com/a/b'],
    ['a short address', 'https://8.8.0.8/**', 'https://8.8.8/a'],
    ['an address as one number', 'https://8.8.8.8/**', 'https://134744072/a'],
    ['a hexadecimal address', 'https://8.8.8.8:8443/**', 'https://0x8.8.8.8:8443/a'],
    ['an octal address', 'https://8.8.8.8/**', 'https://010.8.8.8/a'],
    ['an address in escapes', 'https://8.8.8.8/**', 'https://%38.8.8.8/a'],
    ['a segment more than a star', 'https://hooks.example.com/a/*', 'https://hooks.example.com/a/b/c'],
    ['another spelling of a letter', 'https://hooks.example.com/a/b', 'https://hooks.example.com/%61/b'],
  ])('with %s fits nothing', (_what, pattern, url) => {
    expect(decided(policyWith([pattern]), url)).toMatchObject({ allowed: false, decision: { allowed: false } });
  });

  it('is in no reason', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => {
        const { decision } = decided(policyWith([open]), `${url}/canary`);
        expect(decision.reason).not.toContain('canary');
        expect(decision.reason).not.toContain(new URL(url).hostname);
      }),
    );
  });

  it('is refused where no policy names any', () => {
    expect(decided(policyOf([]), 'https://hooks.example.com/').allowed).toBe(false);
  });
});

describe('whom it is open to', () => {
  const group = '22222222-2222-4222-8222-222222222222';
  const policy = policyWith([{ url: 'https://hooks.example.com/**', requesters: { groups: [group] } }]);
  it('are those whom the entry names', () => {
    const member = { ...sampleCaller(), groups: [group] };
    expect(decided(policy, 'https://hooks.example.com/', member)).toMatchObject({
      allowed: true,
      decision: { groups: [group] },
    });
    expect(decided(policy, 'https://hooks.example.com/').allowed).toBe(false);
  });

  it('is nobody whose token has too many groups to tell', () => {
    const overfull = { ...sampleCaller(), groupsOverage: true };
    expect(decided(policy, 'https://hooks.example.com/', overfull).decision.reason).toContain('too many groups');
  });
});

describe('the host of a callback', () => {
  it.each([
    'https://localhost/',
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://169.254.169.254/',
    'https://168.63.129.16/',
    'https://metadata.google.internal/',
    'https://[64:ff9b::a9fe:a9fe]/',
    'https://[2002:7f00:1::]/',
    'https://10.0.0.1/',
    'https://[fd00::1]/',
    'https://100.64.0.1/',
    'https://0.0.0.0/',
    'https://240.0.0.1/',
  ])('is not %s, whatever the policy names', (url) => {
    expect(decided(policyWith([`${url}**`]), url).allowed).toBe(false);
  });

  it('is written as four decimal numbers in a policy, too', () => {
    const policy = JSON.stringify({ version: 1, rules: [], callbacks: ['https://0x7f.1/**'] });
    expect(parsePolicy(policy)).toMatchObject({
      ok: false,
      faults: [expect.stringContaining('write an IPv4 address as four numbers from 0 to 255, in decimal')],
    });
  });

  it('is in a private network only where the entry says so, and never this machine or the platform', () => {
    const isPrivate = (url: string) => decided(policyWith([{ url: `${url}/**`, private: true }]), `${url}/`).allowed;
    expect(['10.0.0.1', '[fd00::1]', '192.168.1.1'].map((host) => isPrivate(`https://${host}`))).toEqual([
      true,
      true,
      true,
    ]);
    const never = ['127.0.0.1', '169.254.169.254', '168.63.129.16', '[::1]', 'localhost', '240.0.0.1'];
    expect(never.map((host) => isPrivate(`https://${host}`))).toEqual(never.map(() => false));
  });

  it('is none that a rule denies, whoever that rule binds', () => {
    const rules = [
      {
        id: 'pci',
        effect: 'deny',
        requesters: { roles: ['Audit.Read'] },
        destinations: ['*.pci.example.com', '1.1.1.0/24'],
      },
      { id: 'night', effect: 'deny', destinations: ['**'], ports: ['22'] },
    ];
    const at = (host: string) => decided(policyWith([`https://${host}/**`], rules), `https://${host}/`).allowed;
    expect(['a.pci.example.com', '1.1.1.1', '1.1.2.1', 'hooks.example.com'].map(at)).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  it('may be this machine over plain http where the policy names that origin, and nothing else may', () => {
    const policy = policyWith(['http://127.0.0.1:8080/**']);
    const found = decided(policy, 'http://127.0.0.1:8080/x');
    expect(found).toMatchObject({ allowed: true, allowance: { loopback: true } });
    expect(decided(policy, 'http://127.0.0.1:8081/x').allowed).toBe(false);
    const allowance = { loopback: true, private: true };
    expect(deniedAddress(policy, '127.0.0.1', allowance)).toBeUndefined();
    for (const address of ['10.0.0.1', '1.1.1.1', '169.254.169.254'])
      expect(deniedAddress(policy, address, allowance)).toBeDefined();
  });

  it('is judged by each address that it can mean', () => {
    const any = fc.oneof(fc.ipV4(), fc.ipV6());
    fc.assert(
      fc.property(any, (address) => {
        const [shut, open] = [false, true].map((each) =>
          deniedAddress(policyOf([]), address, { private: each, loopback: false }),
        );
        // What is open to all is open to a private one, too.
        expect(shut === undefined && open !== undefined).toBe(false);
      }),
    );
    for (const wrong of ['', 'host', 'fe80::1%eth0', '/subscriptions/x'])
      expect(deniedAddress(policyOf([]), wrong, { private: true, loopback: false })).toBeDefined();
  });
});

describe('faults of `callbacks`', () => {
  const faultsOf = (callbacks: unknown): readonly string[] => {
    const parsed = parsePolicy(JSON.stringify({ version: 1, rules: [], callbacks }, null, 1));
    return parsed.ok ? [] : parsed.faults;
  };

  it.each([
    ['http://hooks.example.com/**', 'write https'],
    ['https://*.example.com/**', 'star in its host'],
    ['https://hooks.example.com/**/x', '** in its middle'],
    ['https://hooks.example.com/x?y', 'has a query'],
    ['https://hooks.example.com/../x', 'segments . and ..'],
    ['https://user@hooks.example.com/', 'user name'],
    ['hooks.example.com', 'write a whole URL'],
  ])('%s names its line', (url, why) => {
    expect(faultsOf(['https://hooks.example.com/', url])).toEqual([expect.stringContaining(why)]);
    expect(faultsOf(['https://hooks.example.com/', { url }])[0]).toMatch(/^callbacks\[1\]\.url \(line \d+\): /);
  });

  it('are unknown members and wrong kinds', () => {
    expect(faultsOf([{ url: 'https://a.example/', privat: true }])).toEqual([
      expect.stringContaining('is unknown here'),
    ]);
    expect(faultsOf([{ url: 'https://a.example/', private: 'yes' }])).toEqual([
      expect.stringContaining('true or false'),
    ]);
    expect(faultsOf([{ private: true }])).toEqual([expect.stringContaining('is missing')]);
  });

  it('are no group names, which let nobody in: these are warnings', () => {
    const callbacks = [{ url: 'https://a.example/', requesters: { groups: ['Developers'] } }];
    const { warnings } = parsePolicy(JSON.stringify({ version: 1, rules: [{ id: 'a', effect: 'allow' }], callbacks }));
    expect(warnings).toEqual([expect.stringMatching(/^callbacks\[0\]\.requesters\.groups\[0\] .*matches nobody/)]);
  });
});
