import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { armOperations } from '../../../src/http/arm/operations.ts';
import { resources } from '../../../stand-ins/arm/scenarios/resources.ts';
import { type Asking, type Proxy, startProxy } from '../../security/start-proxy.ts';
import { expectAsDocumented } from '../answers.ts';

const main = '00000000-0000-4000-8000-00000000000a';
const partner = '00000000-0000-4000-8000-00000000000b';
const gone = '00000000-0000-4000-8000-00000000000d';
const other = '00000000-0000-4000-8000-00000000000e';
const [teamPay, teamGone, teamNet, teamBarred, notByArm] = ['1', '2', '3', '4', '5'].map(
  (digit) => `10000000-0000-4000-8000-00000000000${digit}`,
) as [string, string, string, string, string];
const rules = [
  { id: 'main', effect: 'allow', requesters: { roles: ['Check.Request'] }, sources: [`/subscriptions/${main}/**`] },
  { id: 'partner', effect: 'allow', requesters: { groups: [teamPay] }, sources: [`/subscriptions/${partner}/**`] },
  { id: 'gone', effect: 'allow', requesters: { groups: [teamGone] }, sources: [`/subscriptions/${gone}/**`] },
  { id: 'all', effect: 'allow', requesters: { groups: [teamNet] } },
  { id: 'barred', effect: 'allow', requesters: { groups: [teamBarred] }, sources: [`/subscriptions/${partner}/**`] },
  {
    id: 'no-partner',
    effect: 'deny',
    requesters: { groups: [teamBarred] },
    sources: [`/subscriptions/${partner}/**`],
    destinations: ['**'],
  },
  { id: 'no-arm', effect: 'deny', requesters: { groups: [notByArm], via: ['arm'] }, destinations: ['**'] },
];
const groups = (...names: string[]) => ({ claims: { groups: names } });
const virtualMachine = resources.web1.id;

let proxy: Proxy;
beforeAll(async () => {
  proxy = await startProxy(rules);
});
afterAll(() => proxy.stop());

async function ask(name: keyof typeof armOperations, path: string, asking: Asking = {}) {
  const answer = await proxy.ask(`${path}?api-version=2022-08-01&$expand=x`, asking);
  expectAsDocumented(name, answer);
  return answer;
}
const callsOf = () => proxy.azure.arm.requests.map(({ method, path }) => `${method} ${path}`);

describe('the machine that a client looks up before it asks', () => {
  it('is told with its location and no more, in any letter case of the path', async () => {
    for (const path of [virtualMachine, virtualMachine.toUpperCase(), virtualMachine.toLowerCase()]) {
      const { status, json } = await ask('getVirtualMachine', path);
      expect([status, json]).toEqual([
        200,
        {
          id: expect.stringMatching(new RegExp(`^${virtualMachine}$`, 'i')),
          name: expect.stringMatching(/^web-01$/i),
          type: 'Microsoft.Compute/virtualMachines',
          location: 'westeurope',
          properties: {},
        },
      ]);
    }
  });

  it('is the same 404 where there is none and where policy denies it, and Azure is not asked of what is denied', async () => {
    const missing = virtualMachine.replace('web-01', 'web-99');
    const shape = (answer: { status: number; text: string }, name: string) => [
      answer.status,
      answer.text.replaceAll(name, 'NAME'),
    ];
    const none = await ask('getVirtualMachine', missing);
    expect(none.json).toMatchObject({ error: { code: 'ResourceNotFound' } });
    const before = callsOf().length;
    const denied = await ask('getVirtualMachine', virtualMachine, groups(notByArm));
    const elsewhere = virtualMachine.replace(main, partner);
    const foreign = await ask('getVirtualMachine', elsewhere);
    expect(callsOf().length).toBe(before);
    expect(shape(denied, 'web-01')).toEqual(shape(none, 'web-99'));
    expect(shape(foreign, 'web-01')).toEqual(shape(none, 'web-99'));
  });

  it('is nothing to whom has no role', async () => {
    const { status, json } = await ask('getVirtualMachine', virtualMachine, { roles: ['Audit.Read'] });
    expect([status, json]).toMatchObject([403, { error: { code: 'MissingRole' } }]);
  });
});

describe('the network watchers of a subscription', () => {
  const path = (subscription: string) => `/subscriptions/${subscription}/providers/Microsoft.Network/networkWatchers`;

  it('are those of a subscription that the caller may test from', async () => {
    const { json } = await ask('listNetworkWatchers', path(main));
    const { value } = json as { value: { id: string; name: string; location: string }[] };
    expect(value.length).toBeGreaterThan(0);
    for (const { id, name } of value) expect(id.endsWith(`/networkWatchers/${name}`)).toBe(true);
    expect(value.map(({ location }) => location)).toContain('westeurope');
  });

  it('are the same 404 where there is no such subscription and where policy opens none, of which Azure is not asked', async () => {
    const none = await ask('listNetworkWatchers', path(gone), groups(teamGone));
    expect([none.status, none.json]).toMatchObject([404, { error: { code: 'SubscriptionNotFound' } }]);
    const before = callsOf().length;
    const answers = [
      await ask('listNetworkWatchers', path(partner)),
      await ask('listNetworkWatchers', path(partner), groups(teamBarred)),
      await ask('listNetworkWatchers', path('nothing')),
    ];
    expect(callsOf().length).toBe(before);
    for (const { status, text } of answers)
      expect([status, text.replace(/'[^']*'/, '')]).toEqual([404, none.text.replace(/'[^']*'/, '')]);
  });
});

describe('subscriptions and tenant', () => {
  const idsOf = async (asking: Asking) => {
    const { json } = await ask('listSubscriptions', '/subscriptions', asking);
    return (json as { value: { subscriptionId: string }[] }).value.map(({ subscriptionId }) => subscriptionId);
  };

  it('are those that the caller may test from: named by rules, or listed by Azure where rules mean any', async () => {
    expect(await idsOf({})).toEqual([main]);
    expect(await idsOf(groups(teamPay))).toEqual([main, partner]);
    expect(await idsOf(groups(teamBarred))).toEqual([main]);
    expect(await idsOf(groups(notByArm))).toEqual([]);
    const all = await idsOf(groups(teamNet));
    expect([all.includes(main), all.includes(partner), all.includes(other)]).toEqual([true, true, false]);
  });

  it('are each found by its id, and the others are the same 404', async () => {
    const found = await ask('getSubscription', `/SUBSCRIPTIONS/${main.toUpperCase()}`);
    expect(found.json).toMatchObject({ subscriptionId: main, state: 'Enabled', tenantId: proxy.azure.entra.tenantId });
    const answers = [
      await ask('getSubscription', `/subscriptions/${partner}`),
      await ask('getSubscription', `/subscriptions/${other}`, groups(teamNet)),
      await ask('getSubscription', '/subscriptions/nothing'),
    ];
    for (const { status, json } of answers)
      expect([status, json]).toMatchObject([404, { error: { code: 'SubscriptionNotFound' } }]);
    expect((await ask('getSubscription', `/subscriptions/${partner}`, groups(teamNet))).status).toBe(200);
  });

  it('are of the one tenant whose tokens are taken', async () => {
    const { json } = await ask('listTenants', '/tenants');
    expect(json).toMatchObject({ value: [{ tenantId: proxy.azure.entra.tenantId }] });
    expect((await ask('listTenants', '/tenants', { token: null })).status).toBe(401);
  });
});

describe('GET /metadata/endpoints', () => {
  it.each(['1.0', '2015-01-01'])('is flat for api-version %s, and needs no token', async (version) => {
    const { status, json } = await proxy.ask(`/metadata/endpoints?api-version=${version}`, { token: null });
    expect([status, json]).toMatchObject([
      200,
      {
        galleryEndpoint: 'https://gallery.azure.com/',
        graphEndpoint: 'https://graph.windows.net/',
        portalEndpoint: 'https://portal.azure.com',
        authentication: { loginEndpoint: proxy.azure.entra.authority, audiences: [proxy.azure.entra.audience] },
      },
    ]);
  });

  it.each(['2019-05-01', '2022-09-01', '2030-01-01', ''])('is a list of one cloud for %j', async (version) => {
    const query = version === '' ? '' : `?api-version=${version}`;
    const answer = await proxy.ask(`/metadata/endpoints${query}`, { token: null });
    expectAsDocumented('getCloudMetadata', answer);
    expect(answer.json).toMatchObject([
      {
        name: 'AzureCloud',
        resourceManager: proxy.app().url,
        authentication: { loginEndpoint: proxy.azure.entra.authority, audiences: [proxy.azure.entra.audience] },
        suffixes: {
          storage: 'core.windows.net',
          keyVaultDns: 'vault.azure.net',
          sqlServerHostname: 'database.windows.net',
        },
      },
    ]);
    // What is not the proxy's names it nowhere.
    expect(answer.text.split(proxy.app().url)).toHaveLength(2);
  });
});

describe('a token for Azure Resource Manager', () => {
  const audiences = [
    'https://management.azure.com',
    'https://management.azure.com/',
    'https://management.core.windows.net//',
    'https://management.usgovcloudapi.net/',
  ];
  it.each(audiences)('for %s gets a 401 that says what to ask for', async (aud) => {
    const token = await proxy.azure.token('alice', ['Check.Request'], { aud });
    const { status, json, headers } = await proxy.ask('/subscriptions', { token });
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(json).toMatchObject({
      error: { code: 'InvalidToken', message: expect.stringContaining(`${proxy.azure.entra.audience}/.default`) },
    });
    expect(proxy.log().join('\n')).not.toContain(token.slice(-40));
  });

  it('is told so whoever signed it, and another token is not', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const forged = (aud: unknown) => `${part({ alg: 'RS256', kid: 'x' })}.${part({ aud })}.${part({ a: 1 })}`;
    const told = async (aud: unknown) => (await proxy.ask('/tenants', { token: forged(aud) })).text;
    expect(await told(['https://management.azure.com/'])).toContain('/.default');
    for (const aud of ['https://management.azure.com.evil.example', 'https://graph.microsoft.com', 7, null, undefined])
      expect(await told(aud)).not.toContain('/.default');
  });
});
