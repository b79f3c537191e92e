import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { newSigningKey } from '../support/new-signing-key.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const safe = {
  AzureWebJobsStorage__queueServiceUri: 'https://account.queue.core.windows.net',
  AzureWebJobsStorage__tableServiceUri: 'https://account.table.core.windows.net',
  AzureWebJobsStorage__blobServiceUri: 'https://account.blob.core.windows.net',
  AzureWebJobsStorage__credential: 'managedidentity',
  ENTRA_TENANT_ID: '11111111-1111-4111-8111-111111111111',
  ENTRA_AUDIENCE: 'api://connectivity-check',
  POLICY: '{"version":1,"rules":[]}',
  PUBLIC_URL: 'https://proxy.example.com',
  AUDIT_SIGNING_KEY: newSigningKey(),
};

const rsaKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

/** Loads what is deployed, with these settings alone, and answers its exit code and what it said. */
async function load(changes: Readonly<Record<string, string | undefined>>): Promise<{ code: unknown; said: string }> {
  const child = spawn(process.execPath, ['dist/main.js'], { cwd: root, env: { ...safe, ...changes } });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, 'close')) as unknown[];
  return { code, said };
}

describe('the deployed app', () => {
  it('loads with safe settings', async () => {
    expect(await load({})).toMatchObject({ code: 0 });
  });

  const storage = (endpoints: string): Record<string, string | undefined> => ({
    AzureWebJobsStorage__queueServiceUri: undefined,
    AzureWebJobsStorage__tableServiceUri: undefined,
    AzureWebJobsStorage__blobServiceUri: undefined,
    AzureWebJobsStorage: `AccountName=account;AccountKey=${Buffer.from('no key').toString('base64')};${endpoints}`,
  });
  const suffix = 'EndpointSuffix=core.windows.net';

  it.each([
    ['a connection string over https', storage(`DefaultEndpointsProtocol=https;${suffix}`)],
    [
      'local storage over http',
      storage(
        'DefaultEndpointsProtocol=http;QueueEndpoint=http://127.0.0.1:1/a;TableEndpoint=http://127.0.0.1:2/a;BlobEndpoint=http://127.0.0.1:3/a',
      ),
    ],
    [
      'a stand-in for Azure over http on loopback',
      { ARM_ENDPOINT: 'http://127.0.0.1:1', ENTRA_AUTHORITY: 'http://[::1]:2' },
    ],
  ])('loads with %s', async (_what, changes) => {
    expect(await load(changes)).toMatchObject({ code: 0 });
  });

  test.each<[string, Record<string, string | undefined>, string]>([
    ['ARM over http', { ARM_ENDPOINT: 'http://management.azure.com' }, 'ARM_ENDPOINT: give an https URL'],
    [
      'ARM at what only looks local',
      { ARM_ENDPOINT: 'http://127.0.0.1.example.com' },
      'ARM_ENDPOINT: give an https URL',
    ],
    ['ARM with a user name', { ARM_ENDPOINT: 'https://user@management.azure.com' }, 'ARM_ENDPOINT: give an https URL'],
    ['ARM as no URL', { ARM_ENDPOINT: 'management.azure.com' }, 'ARM_ENDPOINT: give an https URL'],
    [
      'Entra ID over http',
      { ENTRA_AUTHORITY: 'http://login.microsoftonline.com' },
      'ENTRA_AUTHORITY: give an https URL',
    ],
    ['links over http', { PUBLIC_URL: 'http://proxy.example.com' }, 'PUBLIC_URL: give an https URL'],
    ['no address for links', { PUBLIC_URL: undefined }, 'PUBLIC_URL: give the address'],
    [
      'queues over http',
      { AzureWebJobsStorage__queueServiceUri: 'http://account.queue.core.windows.net' },
      'AzureWebJobsStorage__…ServiceUri: give https URLs',
    ],
    [
      'checkpoints over http',
      { AzureWebJobsStorage__blobServiceUri: 'http://account.blob.core.windows.net' },
      'AzureWebJobsStorage__…ServiceUri: give https URLs',
    ],
    [
      'nowhere for checkpoints',
      { AzureWebJobsStorage__blobServiceUri: undefined },
      'AzureWebJobsStorage: give a connection string, or AzureWebJobsStorage__queueServiceUri',
    ],
    [
      'a connection string over http',
      storage(`DefaultEndpointsProtocol=http;${suffix}`),
      'AzureWebJobsStorage: give a connection string with https endpoints',
    ],
    [
      'a connection string with an endpoint over http',
      storage(
        'DefaultEndpointsProtocol=https;QueueEndpoint=https://a.example/;TableEndpoint=http://tables.example.com/',
      ),
      'AzureWebJobsStorage: give a connection string with https endpoints',
    ],
    [
      'a connection string with blobs over http',
      storage('DefaultEndpointsProtocol=https;BlobEndpoint=http://blobs.example.com/'),
      'AzureWebJobsStorage: give a connection string with https endpoints',
    ],
    [
      'a connection string through a stranger',
      {
        ...storage(''),
        AzureWebJobsStorage: 'UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://example.com',
      },
      'AzureWebJobsStorage: give a connection string with https endpoints',
    ],
    [
      'no storage',
      { AzureWebJobsStorage__queueServiceUri: undefined, AzureWebJobsStorage__tableServiceUri: undefined },
      'AzureWebJobsStorage: give a connection string',
    ],
    ['no tenant', { ENTRA_TENANT_ID: undefined }, 'ENTRA_TENANT_ID: give the tenant'],
    ['every tenant', { ENTRA_TENANT_ID: 'common' }, 'ENTRA_TENANT_ID: give the tenant id, a GUID'],
    ['no audience', { ENTRA_AUDIENCE: ' , ' }, 'ENTRA_AUDIENCE: give at least one audience'],
    ['no policy', { POLICY: undefined }, 'POLICY: give the policy as JSON'],
    ['an empty policy', { POLICY: ' ' }, 'POLICY: give the policy as JSON'],
    ['a policy file that is not there', { POLICY: undefined, POLICY_FILE: '/nowhere/policy.json' }, 'cannot be read'],
    ['a policy that is no JSON', { POLICY: 'allow all' }, 'policy: the file is not JSON'],
    [
      'a misspelt member, which would allow more than was meant',
      { POLICY: '{"version":1,"rules":[{"id":"a","effect":"allow","destination":["10.0.0.0/8"]}]}' },
      'policy: rule "a" (rules[0].destination, line 1): is unknown here',
    ],
    [
      'a range that is none',
      { POLICY: '{"version":1,"rules":[{"id":"a","effect":"deny","destinations":["10.0.0.0/33"]}]}' },
      'policy: rule "a" (rules[0].destinations[0], line 1):',
    ],
    ['a deadline that never comes', { CHECK_DEADLINE_SECONDS: '0' }, 'CHECK_DEADLINE_SECONDS: give whole seconds'],
    ['no key to sign with', { AUDIT_SIGNING_KEY: undefined }, 'AUDIT_SIGNING_KEY: give an Ed25519 private key'],
    ['a key of another kind', { AUDIT_SIGNING_KEY: rsaKey }, 'AUDIT_SIGNING_KEY: give an Ed25519 private key'],
    ['a key that is none', { AUDIT_SIGNING_KEY: 'secret' }, 'AUDIT_SIGNING_KEY: give an Ed25519 private key'],
    ['a pause that is neither on nor off', { PAUSED: 'yes' }, 'PAUSED: give true or false'],
  ])('does not load with %s, and says so', async (_what, changes, why) => {
    const { code, said } = await load(changes);
    expect(code).not.toBe(0);
    expect(said).toContain('The settings are not usable:');
    expect(said).toContain(why);
  });

  it('tells all faults together, and no secret', async () => {
    const { said } = await load({
      ...storage('DefaultEndpointsProtocol=https;TableEndpoint=http://tables.example.com/'),
      ARM_ENDPOINT: 'http://user:hunter2@example.com',
      POLICY: undefined,
      AUDIT_SIGNING_KEY: rsaKey,
    });
    for (const name of ['AzureWebJobsStorage', 'ARM_ENDPOINT', 'POLICY', 'AUDIT_SIGNING_KEY'])
      expect(said).toContain(`- ${name}:`);
    expect(said).not.toContain('hunter2');
    for (const line of rsaKey.trim().split('\n')) expect(said).not.toContain(line);
    expect(said).not.toContain(Buffer.from('no key').toString('base64'));
  });
});
