import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSigningKey } from '../src/audit/checkpoint/signing-key.ts';
import { parsePolicy } from '../src/policy/policy.ts';
import { parseSettings } from '../src/settings.ts';
import { newSigningKey } from './support/new-signing-key.ts';
import { numRuns } from './support/run/num-runs.ts';

const policy = '{"version":1,"rules":[]}';
const signingKey = newSigningKey();
const least = {
  AzureWebJobsStorage__queueServiceUri: 'https://account.queue.core.windows.net',
  AzureWebJobsStorage__tableServiceUri: 'https://account.table.core.windows.net',
  AzureWebJobsStorage__blobServiceUri: 'https://account.blob.core.windows.net',
  ENTRA_TENANT_ID: 'ABCDEF01-2222-4333-8444-555555555555',
  ENTRA_AUDIENCE: 'api://connectivity-check',
  POLICY: policy,
  WEBSITE_HOSTNAME: 'proxy.azurewebsites.net',
  AUDIT_SIGNING_KEY: signingKey,
};

function faultsOf(environment: Record<string, string | undefined>): string[] {
  try {
    parseSettings(environment);
    return [];
  } catch (error) {
    const [first, ...faults] = (error as Error).message.split('\n');
    expect(first).toBe('The settings are not usable:');
    return faults.map((fault) => /^- (\w+)\S*:/.exec(fault)?.[1] ?? fault);
  }
}

describe('local.settings.sample.json', () => {
  it('has settings that the app starts with, but for a key: everybody makes one of their own', () => {
    const file = new URL('../local.settings.sample.json', import.meta.url);
    const { Values: values } = JSON.parse(readFileSync(file, 'utf8')) as { Values: Record<string, string> };
    expect(values['AUDIT_SIGNING_KEY']).toBe('');
    expect(faultsOf(values)).toEqual(['AUDIT_SIGNING_KEY']);
    expect(values['CALLBACK_SECRET']).toBe('');
    expect(faultsOf({ ...values, AUDIT_SIGNING_KEY: signingKey })).toEqual([]);
  });
});

describe('CALLBACK_SECRET', () => {
  const secret = (sign: string, bytes = 32): string => `whsec_${Buffer.alloc(bytes, sign).toString('base64')}`;
  const calling = { ...least, POLICY: '{"version":1,"rules":[],"callbacks":["https://hooks.example.com/**"]}' };

  it('is needed where the policy has callbacks, and only there', () => {
    expect(faultsOf(calling)).toEqual(['CALLBACK_SECRET']);
    expect(faultsOf({ ...calling, CALLBACK_SECRET: secret('a') })).toEqual([]);
    expect(parseSettings(least).callbackSecrets).toEqual([]);
  });

  it('can be several while one is rotated, the newest first', () => {
    const settings = parseSettings({ ...calling, CALLBACK_SECRET: `${secret('a')}, ${secret('b', 24)}` });
    expect(settings.callbackSecrets.map(String)).toEqual(['a'.repeat(32), 'b'.repeat(24)]);
  });

  it.each([
    'secret',
    'whsec_',
    'whsec_AAAA',
    'whsec_no base64 at all, not even nearly',
    secret('a', 23),
    `${secret('a')},`,
  ])('is not %s', (CALLBACK_SECRET) => {
    expect(faultsOf({ ...least, CALLBACK_SECRET })).toEqual(['CALLBACK_SECRET']);
  });

  it('opens plain http on loopback only where the app itself is there', () => {
    const POLICY = '{"version":1,"rules":[],"callbacks":["http://127.0.0.1:8080/**","https://hooks.example.com/**"]}';
    const given = { ...least, POLICY, CALLBACK_SECRET: secret('a') };
    const urls = (environment: typeof given & { PUBLIC_URL?: string }) =>
      parseSettings(environment).policy.callbacks.map(({ written }) => written.url);
    expect(urls(given)).toEqual(['https://hooks.example.com/**']);
    expect(urls({ ...given, PUBLIC_URL: 'http://127.0.0.1:7071' })).toHaveLength(2);
  });
});

describe('a secret', () => {
  const reference = (name: string): string => `@Microsoft.KeyVault(SecretUri=https://vault.example/secrets/${name})`;
  const all = {
    ...{
      CALLBACK_SECRET: `whsec_${'A'.repeat(44)}`,
      SLACK_SIGNING_SECRET: 's'.repeat(32),
      SLACK_BOT_TOKEN: 'xoxb-1234',
    },
    ...{ SLACK_TEAM_ID: 'T012ABC', TEAMS_APP_ID: '11111111-2222-4333-8444-555555555555', TEAMS_APP_SECRET: 'secret' },
  };

  it.each([
    'AUDIT_SIGNING_KEY',
    'CALLBACK_SECRET',
    'SLACK_SIGNING_SECRET',
    'SLACK_BOT_TOKEN',
    'TEAMS_APP_SECRET',
  ] as const)('is not the reference that nobody resolved: %s', (name) => {
    expect(faultsOf({ ...least, ...all })).toEqual([]);
    for (const text of [reference(name), reference(name).toLowerCase(), ` ${reference(name)}`])
      expect(new Set(faultsOf({ ...least, ...all, [name]: text }))).toEqual(new Set([name]));
  });
});

describe('the settings of Slack', () => {
  const slack = { SLACK_SIGNING_SECRET: 's'.repeat(32), SLACK_BOT_TOKEN: 'xoxb-1234', SLACK_TEAM_ID: 'T012ABC' };

  it('are all there, or none is', () => {
    expect(parseSettings(least).slack).toBeUndefined();
    expect(parseSettings({ ...least, ...slack }).slack).toEqual({
      ...{ signingSecrets: ['s'.repeat(32)], botToken: 'xoxb-1234', teamId: 'T012ABC' },
      apiUrl: 'https://slack.com/api',
    });
    for (const name of ['SLACK_SIGNING_SECRET', 'SLACK_BOT_TOKEN', 'SLACK_TEAM_ID'] as const) {
      expect(faultsOf({ ...least, ...slack, [name]: '' })).toEqual([name]);
      expect(faultsOf({ ...least, [name]: slack[name] })).toHaveLength(2);
    }
  });

  it('are each told of what is wrong with them, also while another is missing', () => {
    const given = { ...least, SLACK_SIGNING_SECRET: 'short', SLACK_TEAM_ID: 'contoso' };
    expect(faultsOf(given)).toEqual(['SLACK_SIGNING_SECRET', 'SLACK_BOT_TOKEN', 'SLACK_TEAM_ID']);
  });

  it('have several secrets while one is rotated, and an address on loopback to try things out', () => {
    const given = { ...slack, SLACK_SIGNING_SECRET: `${'a'.repeat(32)}, ${'b'.repeat(32)}` };
    const settings = parseSettings({ ...least, ...given, SLACK_API_URL: 'http://127.0.0.1:8000/api/' });
    expect(settings.slack).toMatchObject({
      signingSecrets: ['a'.repeat(32), 'b'.repeat(32)],
      apiUrl: 'http://127.0.0.1:8000/api',
    });
  });

  it.each([
    ['SLACK_SIGNING_SECRET', 'short'],
    ['SLACK_SIGNING_SECRET', `${'a'.repeat(32)},`],
    ['SLACK_BOT_TOKEN', 'xoxb 1234 5678'],
    ['SLACK_TEAM_ID', 'contoso'],
    ['SLACK_API_URL', 'http://slack.example/api'],
    ['CHAT_LINK_DAYS', '0'],
    ['CHAT_LINK_DAYS', '31'],
    ['CHAT_LINK_DAYS', '7.5'],
  ])('are told where %s is %s', (name, value) => {
    expect(faultsOf({ ...least, ...slack, [name]: value })).toEqual([name]);
  });

  it.each([1, 9, 10, 29, 30])('let a link last as long as is said, in days: %i', (days) => {
    expect(parseSettings({ ...least, ...slack, CHAT_LINK_DAYS: String(days) }).chatLinkDays).toBe(days);
  });
});

describe('TEAMS_APP_ID and what goes with it', () => {
  const TEAMS_APP_ID = 'ABCDEF01-2222-4333-8444-999999999999';

  it('is Microsoft’s where nothing else is said, and of this tenant', () => {
    expect(parseSettings(least).teams).toBeUndefined();
    expect(parseSettings({ ...least, TEAMS_APP_ID }).teams).toEqual({
      appId: TEAMS_APP_ID.toLowerCase(),
      openIdMetadata: new URL('https://login.botframework.com/v1/.well-known/openidconfiguration'),
      serviceHosts: ['smba.trafficmanager.net'],
      tokenUrl: new URL('https://login.microsoftonline.com/abcdef01-2222-4333-8444-555555555555/oauth2/v2.0/token'),
      appSecret: undefined,
    });
  });

  it('takes what is given', () => {
    const given = {
      ...{ TEAMS_APP_ID, TEAMS_APP_SECRET: 'a secret', TEAMS_SERVICE_HOSTS: 'SMBA.example, 127.0.0.1:8080 ,' },
      ...{ TEAMS_OPENID_METADATA: 'http://127.0.0.1:8080/metadata', TEAMS_TOKEN_URL: 'http://localhost:8080/token' },
    };
    expect(parseSettings({ ...least, ...given }).teams).toEqual({
      ...{ appId: TEAMS_APP_ID.toLowerCase(), appSecret: 'a secret', serviceHosts: ['smba.example', '127.0.0.1:8080'] },
      openIdMetadata: new URL('http://127.0.0.1:8080/metadata'),
      tokenUrl: new URL('http://localhost:8080/token'),
    });
  });

  it.each([
    ['TEAMS_APP_ID', 'netcheck'],
    ['TEAMS_OPENID_METADATA', 'http://login.example/metadata'],
    ['TEAMS_OPENID_METADATA', 'login.example'],
    ['TEAMS_TOKEN_URL', 'http://login.example/token'],
    ['TEAMS_TOKEN_URL', 'https://login.example/token?x=1'],
    ['TEAMS_SERVICE_HOSTS', '*.trafficmanager.net'],
    ['TEAMS_SERVICE_HOSTS', 'https://smba.trafficmanager.net'],
    ['TEAMS_SERVICE_HOSTS', 'smba.trafficmanager.net/emea'],
    ['TEAMS_SERVICE_HOSTS', 'user@smba.trafficmanager.net'],
    ['TEAMS_SERVICE_HOSTS', ','],
  ])('is not %s=%s', (name, value) => {
    expect(faultsOf({ ...least, TEAMS_APP_ID, [name]: value })).toEqual([name]);
  });

  it('is never the identity that acts in Azure, however it is written', () => {
    for (const more of [{}, { TEAMS_APP_SECRET: 'a secret' }])
      expect(faultsOf({ ...least, ...more, TEAMS_APP_ID, AZURE_CLIENT_ID: TEAMS_APP_ID.toLowerCase() })).toEqual([
        'TEAMS_APP_ID',
      ]);
  });

  it('is missed by everything else of it, and every fault is told', () => {
    for (const name of ['TEAMS_APP_SECRET', 'TEAMS_SERVICE_HOSTS'])
      expect(faultsOf({ ...least, [name]: 'smba.example' })).toEqual(['TEAMS_APP_ID']);
    const faulty = { TEAMS_OPENID_METADATA: 'x', TEAMS_TOKEN_URL: 'x', TEAMS_SERVICE_HOSTS: '*' };
    expect(faultsOf({ ...least, ...faulty }).sort()).toEqual(['TEAMS_APP_ID', ...Object.keys(faulty)].sort());
  });
});

describe('parseSettings', () => {
  it('needs little: what is left out has the documented default', () => {
    const parsed = parsePolicy(policy);
    expect(parseSettings(least)).toEqual({
      storage: {
        kind: 'identity',
        queueServiceUri: least.AzureWebJobsStorage__queueServiceUri,
        tableServiceUri: least.AzureWebJobsStorage__tableServiceUri,
        blobServiceUri: least.AzureWebJobsStorage__blobServiceUri,
        clientId: undefined,
      },
      armEndpoint: new URL('https://management.azure.com'),
      clientId: undefined,
      entra: {
        tenantId: 'abcdef01-2222-4333-8444-555555555555',
        audiences: ['api://connectivity-check'],
        authority: 'https://login.microsoftonline.com',
      },
      policy: { ...(parsed.ok && parsed.policy) },
      policyWarnings: parsed.warnings,
      publicUrl: 'https://proxy.azurewebsites.net',
      queueDeadlineSeconds: 3600,
      checkDeadlineSeconds: 600,
      setDeadlineSeconds: 86_400,
      callbackSecrets: [],
      chatLinkDays: 7,
      paused: false,
      signingKey: expect.objectContaining({ keyId: parseSigningKey(signingKey)?.keyId }),
    });
  });

  it('takes whatever has the form of a GUID for an id of Azure, of a UUID’s version or not', () => {
    const guid = fc.stringMatching(/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/);
    fc.assert(
      fc.property(guid, guid, (tenantId, clientId) => {
        const settings = parseSettings({ ...least, ENTRA_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId });
        expect([settings.entra.tenantId, settings.clientId]).toEqual([tenantId.toLowerCase(), clientId.toLowerCase()]);
      }),
    );
  });

  it('takes what is given', () => {
    const connectionString =
      'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=a2V5;EndpointSuffix=core.windows.net';
    expect(
      parseSettings({
        ...least,
        AzureWebJobsStorage: connectionString,
        ARM_ENDPOINT: 'https://management.usgovcloudapi.net/',
        AZURE_CLIENT_ID: 'ABCDEF01-2222-4333-8444-666666666666',
        ENTRA_AUDIENCE: 'api://one, 11111111-1111-4111-8111-111111111111 ,',
        ENTRA_AUTHORITY: 'https://login.microsoftonline.us/',
        PUBLIC_URL: 'https://proxy.example/base/',
        QUEUE_DEADLINE_SECONDS: '60',
        CHECK_DEADLINE_SECONDS: '999999',
        SET_DEADLINE_SECONDS: '7',
        PAUSED: 'true',
        PAUSED_REASON: ' a firewall is replaced, until 14:00 ',
      }),
    ).toMatchObject({
      storage: { kind: 'connectionString', connectionString },
      armEndpoint: new URL('https://management.usgovcloudapi.net'),
      clientId: 'abcdef01-2222-4333-8444-666666666666',
      entra: {
        audiences: ['api://one', '11111111-1111-4111-8111-111111111111'],
        authority: 'https://login.microsoftonline.us',
      },
      publicUrl: 'https://proxy.example/base',
      queueDeadlineSeconds: 60,
      checkDeadlineSeconds: 999_999,
      setDeadlineSeconds: 7,
      paused: true,
      pausedReason: 'a firewall is replaced, until 14:00',
    });
  });

  it('reads the policy from a file, also one that begins with a byte order mark', () => {
    const folder = mkdtempSync(join(tmpdir(), 'settings-'));
    const file = join(folder, 'policy.json');
    writeFileSync(file, `\uFEFF${policy}`);
    const { POLICY: inline, ...rest } = least;
    expect(parseSettings({ ...rest, POLICY_FILE: file }).policy.hash).toBe(
      createHash('sha256').update(readFileSync(file)).digest('hex'),
    );
    expect(faultsOf({ ...rest, POLICY: inline, POLICY_FILE: file })).toEqual(['POLICY']);
    rmSync(folder, { recursive: true });
    expect(faultsOf({ ...rest, POLICY_FILE: file })).toEqual(['POLICY_FILE']);
  });

  it('counts an empty setting as one that is not given', () => {
    const empty = { ARM_ENDPOINT: '', AzureWebJobsStorage: ' ', PAUSED: '', POLICY_FILE: '\t' };
    const { signingKey: key, ...rest } = parseSettings(least);
    expect(parseSettings({ ...least, ...empty })).toEqual({
      ...rest,
      // Its functions are made anew.
      signingKey: expect.objectContaining({ keyId: key.keyId }),
    });
  });

  it('tells all faults together, the missing ones and the wrong ones', () => {
    expect(faultsOf({})).toEqual([
      ...['ENTRA_TENANT_ID', 'ENTRA_AUDIENCE', 'AzureWebJobsStorage', 'POLICY', 'PUBLIC_URL', 'AUDIT_SIGNING_KEY'],
    ]);
    const wrong = {
      AzureWebJobsStorage__queueServiceUri: 'http://account.queue.core.windows.net',
      AzureWebJobsStorage__tableServiceUri: 'https://account.table.core.windows.net',
      AzureWebJobsStorage__blobServiceUri: 'https://account.blob.core.windows.net',
      ARM_ENDPOINT: 'https://management.azure.com/?a=b',
      AZURE_CLIENT_ID: 'me',
      ENTRA_TENANT_ID: 'common',
      ENTRA_AUDIENCE: ',',
      ENTRA_AUTHORITY: 'login.microsoftonline.com',
      POLICY: '{}',
      PUBLIC_URL: 'http://proxy.example',
      QUEUE_DEADLINE_SECONDS: '0',
      CHECK_DEADLINE_SECONDS: '10m',
      PAUSED: 'yes',
      PAUSED_REASON: 'two\nlines',
      AUDIT_SIGNING_KEY: 'secret',
    };
    const names = Object.keys(wrong).map((name) => name.replace(/__.*/, '__').replace('POLICY', 'policy'));
    expect(new Set(faultsOf(wrong))).toEqual(new Set(names));
  });

  it('takes a reason for a pause that can be shown everywhere: one line, 300 characters, nothing that steers', () => {
    const faults = (reason: string) => faultsOf({ ...least, PAUSED: 'true', PAUSED_REASON: reason });
    expect([faults('ä'.repeat(300)), faults('Wartung, bis 14 Uhr 🛠')]).toEqual([[], []]);
    for (const reason of ['x'.repeat(301), 'a\u001b[31m', 'a\u202eb', 'a\u2028b', 'a\tb'])
      expect([reason, faults(reason)]).toEqual([reason, ['PAUSED_REASON']]);
  });

  it('takes no other name for loopback: http is for this machine', () => {
    for (const host of ['127.0.0.1', '127.9.9.9', 'localhost', '[::1]', '2130706433', '0x7f.1']) {
      expect([host, faultsOf({ ...least, ARM_ENDPOINT: `http://${host}:1` })]).toEqual([host, []]);
    }
    for (const host of [
      '0.0.0.0',
      'localhost.example',
      '127.0.0.1.example',
      '[::]',
      '10.0.0.1',
      '128.0.0.1',
      '[::ffff:7f00:1]',
    ]) {
      expect([host, faultsOf({ ...least, ARM_ENDPOINT: `http://${host}:1` })]).toEqual([host, ['ARM_ENDPOINT']]);
    }
  });

  it('answers with settings or with faults that begin with the setting’s name, whatever is there', () => {
    const names = [...Object.keys(least), 'ARM_ENDPOINT', 'PAUSED', 'QUEUE_DEADLINE_SECONDS', 'AzureWebJobsStorage'];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), fc.string()), (changes) => {
        for (const fault of faultsOf({ ...least, ...changes }))
          expect([...names, 'policy', 'PUBLIC_URL', 'AzureWebJobsStorage__']).toContain(fault);
      }),
      { numRuns: numRuns(1000) },
    );
  });
});
