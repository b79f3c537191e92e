import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseSigningKey } from '../../src/audit/checkpoint/signing-key.ts';
import { roleSchema } from '../../src/contract/requester.ts';
import { parseCallbackSecrets } from '../../src/webhook/callback-secret.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const clientId = '00000000-0000-4000-8000-0000000000aa';
const vaultId = '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v';

interface State {
  app: {
    identifierUris?: string[];
    appRoles?: { id: string; value: string }[];
    optionalClaims?: { accessToken: object[]; idToken?: object[] };
    spa?: { redirectUris: string[] };
    api?: {
      requestedAccessTokenVersion: number;
      oauth2PermissionScopes: { id: string; value: string }[];
      preAuthorizedApplications: { appId: string; delegatedPermissionIds: string[] }[];
    };
  } | null;
  principal: object;
  federated: Record<string, object>;
  assignments: { id: string; principalId: string; appRoleId: string }[];
  secrets: string[];
  callbackSecret?: string;
  tags?: Record<string, string> | undefined;
  policy: { state: string; period?: string } | null;
  provider: string;
  /** Whoever is signed in may change nothing in Entra ID. */
  forbidden?: boolean;
  /** Microsoft Graph takes no change now. */
  broken?: boolean;
  /** The tenant has verified no domain of its own. */
  unverified?: boolean;
  calls: { method: string; url: string }[];
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'az-'));
  symlinkSync(fileURLToPath(new URL('fake-az.js', import.meta.url)), join(folder, 'az'));
  save({
    app: null,
    principal: {},
    federated: {},
    assignments: [],
    secrets: [],
    policy: null,
    provider: 'NotRegistered',
    calls: [],
  });
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const save = (state: State): void => {
  writeFileSync(join(folder, 'state.json'), JSON.stringify(state));
};
const load = (): State => JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8')) as State;

function run(script: string, args: readonly string[] = [], environment: Record<string, string> = {}) {
  const path = `${folder}:${process.env['PATH'] ?? ''}`;
  return spawnSync('sh', [script === '-c' ? script : resolve(root, 'scripts', script), ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: path, HOME: folder, AZ_STATE: join(folder, 'state.json'), ...environment },
  });
}

describe('scripts/entra-app.sh', () => {
  it('registers the app with its roles and its scope, for those only who are assigned, and prints its id', () => {
    expect(run('entra-app.sh', ['register', 'proxy-test'])).toMatchObject({
      status: 0,
      stdout: `${clientId}\n`,
      stderr: '',
    });
    const { app, principal, calls } = load();
    const { identifierUris, appRoles, api } = app!;
    expect(identifierUris).toEqual([`api://${clientId}`]);
    expect(appRoles!.map(({ value }) => value)).toEqual(roleSchema.options);
    const { requestedAccessTokenVersion, oauth2PermissionScopes: scopes, preAuthorizedApplications } = api!;
    expect(requestedAccessTokenVersion).toBe(2);
    expect(scopes.map(({ value }) => value)).toEqual(['user_impersonation']);
    // The Azure CLI and Azure PowerShell.
    expect(preAuthorizedApplications).toEqual(
      ['04b07795-8ddb-461a-bbee-02f9e1bf7b46', '1950a258-227b-4e31-a9cf-717495945fc2'].map((appId) => ({
        appId,
        delegatedPermissionIds: [scopes[0]!.id],
      })),
    );
    expect(app).toMatchObject({
      isFallbackPublicClient: true,
      publicClient: { redirectUris: ['http://localhost'] },
    });
    expect(principal).toEqual({ appRoleAssignmentRequired: true });
    expect(calls[0]?.url).toBe("/applications(uniqueName='proxy-test')");
  });

  it('changes nothing when it is run again, and keeps what others added', () => {
    run('entra-app.sh', ['register', 'proxy-test']);
    const state = load();
    const own = { id: 'own', value: 'Team.Payments' };
    state.app?.appRoles?.unshift(own);
    state.app?.identifierUris?.unshift('https://proxy.example.com');
    state.app?.api?.preAuthorizedApplications.unshift({ appId: 'bot', delegatedPermissionIds: [] });
    save(state);
    expect(run('entra-app.sh', ['register', 'proxy-test']).status).toBe(0);
    expect({ ...load(), calls: [] }).toEqual({ ...state, calls: [] });
    expect(load().app?.appRoles).toContainEqual(own);
  });

  it('lets people sign in on the page, beside the addresses that others added', () => {
    run('entra-app.sh', ['register', 'proxy-test']);
    const state = load();
    save({ ...state, app: { ...state.app, spa: { redirectUris: ['https://other.example/'] } } });
    for (let time = 0; time < 2; time++)
      expect(run('entra-app.sh', ['page', clientId, 'https://proxy.example']).status).toBe(0);
    expect(load().app).toMatchObject({
      spa: { redirectUris: ['https://other.example/', 'https://proxy.example/'] },
      publicClient: { redirectUris: ['http://localhost'] },
    });
  });

  it('lets clients of MCP name the proxy by its address, where its domain is a verified one', () => {
    run('entra-app.sh', ['register', 'proxy-test']);
    for (let time = 0; time < 2; time++)
      expect(run('entra-app.sh', ['mcp', clientId, 'https://proxy.example/']).status).toBe(0);
    expect(load().app?.identifierUris).toEqual([`api://${clientId}`, 'https://proxy.example/mcp']);
    save({ ...load(), unverified: true });
    const refused = run('entra-app.sh', ['mcp', clientId, 'https://other.example']);
    expect([refused.status, refused.stderr]).toEqual([3, expect.stringContaining('not a verified one of the tenant')]);
    save({ ...load(), unverified: false, broken: true });
    expect(run('entra-app.sh', ['mcp', clientId, 'https://other.example']).status).toBe(1);
    expect(load().app?.identifierUris).toEqual([`api://${clientId}`, 'https://proxy.example/mcp']);
  });

  it.each([
    ['https://gateway.example/netcheck', 'https://gateway.example/netcheck/'],
    ['https://gateway.example/netcheck/', 'https://gateway.example/netcheck/'],
    ['https://Proxy.example:8443', 'https://proxy.example:8443/'],
  ])('lets people sign in on the page of %s', (publicUrl, redirect) => {
    run('entra-app.sh', ['register', 'proxy-test']);
    expect(run('entra-app.sh', ['page', clientId, publicUrl]).status).toBe(0);
    expect(load().app?.spa).toEqual({ redirectUris: [redirect] });
  });

  it('lets the managed identity sign in for the app, in place of a secret', () => {
    expect(run('entra-app.sh', ['federate', clientId, 'identity-1']).status).toBe(0);
    expect(load().federated).toEqual({
      [`/applications(appId='${clientId}')/federatedIdentityCredentials(name='function-app-sign-in')`]: {
        issuer: 'https://login.microsoftonline.com/00000000-0000-4000-8000-00000000000d/v2.0',
        subject: 'identity-1',
        audiences: ['api://AzureADTokenExchange'],
      },
    });
  });

  it('lets it where it does already, although it could not change it', () => {
    run('entra-app.sh', ['federate', clientId, 'identity-1']);
    const state = { ...load(), forbidden: true };
    save(state);
    expect(run('entra-app.sh', ['federate', clientId, 'identity-1'])).toMatchObject({
      status: 0,
      stdout: '',
      stderr: '',
    });
    expect(load().federated).toEqual(state.federated);
    expect(run('entra-app.sh', ['federate', clientId, 'identity-2']).status).toBe(3);
  });

  it('asks for the claim that tells people from applications, beside those that others asked for', () => {
    run('entra-app.sh', ['register', 'proxy-test']);
    const state = load();
    const email = { name: 'email', essential: false };
    save({ ...state, app: { ...state.app, optionalClaims: { accessToken: [email], idToken: [email] } } });
    run('entra-app.sh', ['register', 'proxy-test']);
    expect(load().app?.optionalClaims).toEqual({
      idToken: [email],
      accessToken: [
        { name: 'idtyp', essential: false, additionalProperties: ['include_user_token'] },
        ...['upn', 'email', 'xms_edov'].map((name) => ({ name, essential: false, additionalProperties: [] })),
      ],
    });
  });

  it.each(['entra-app.sh', 'signing-key.sh', 'assign-role.sh'])('%s says how it is called', (script) => {
    const { status, stderr } = run(script, ['nonsense']);
    expect(status).toBe(2);
    expect(stderr).toContain(`scripts/${script} `);
    expect(load().calls).toEqual([]);
  });
});

describe('scripts/assign-role.sh', () => {
  it('gives a role once, and names a role that is not there', () => {
    run('entra-app.sh', ['register', 'proxy-test']);
    for (let time = 0; time < 2; time++)
      expect(run('assign-role.sh', [clientId, 'Audit.Read', 'alice']).status).toBe(0);
    const appRoleId = load().app?.appRoles?.find(({ value }) => value === 'Audit.Read')?.id;
    expect(load().assignments).toEqual([
      { id: expect.any(String), principalId: 'alice', resourceId: 'service-principal-1', appRoleId },
    ]);
    const { status, stderr } = run('assign-role.sh', [clientId, 'Audit.Write', 'alice']);
    expect([status, stderr]).toEqual([1, expect.stringContaining('no role Audit.Write')]);
  });

  it('gives it to several, lists who has which, over all pages, and takes it away', () => {
    run('entra-app.sh', ['register', 'proxy-test']);
    const people = ['alice', 'bob', 'carol'];
    const listed = () => run('assign-role.sh', ['list', clientId]).stdout;
    expect(listed()).toBe('');
    for (let time = 0; time < 2; time++)
      expect(run('assign-role.sh', [clientId, 'Check.Request', ...people]).status).toBe(0);
    run('assign-role.sh', [clientId, 'Audit.Read', 'carol']);
    const line = (role: string, who: string): string => `${role}\tUser\tName of ${who}\t${who}\n`;
    expect(listed()).toBe(line('Audit.Read', 'carol') + people.map((who) => line('Check.Request', who)).join(''));
    for (let time = 0; time < 2; time++)
      expect(run('assign-role.sh', ['take', clientId, 'Check.Request', 'alice', 'carol']).status).toBe(0);
    expect(listed()).toBe(line('Audit.Read', 'carol') + line('Check.Request', 'bob'));
  });
});

describe('scripts/signing-key.sh', () => {
  it('makes an Ed25519 key once, and another when it is to rotate', () => {
    const made = 'A new key was made. Restart the app, so that it signs with it.\n';
    for (const [verb, stdout] of [
      ['ensure', made],
      ['ensure', ''],
      ['rotate', made],
    ] as const)
      expect(run('signing-key.sh', [verb, vaultId])).toMatchObject({ status: 0, stdout });
    const { secrets, calls } = load();
    const keyIds = secrets.map((secret) => parseSigningKey(secret)?.keyId);
    expect([keyIds.length, new Set(keyIds).size]).toEqual([2, 2]);
    expect(calls.filter(({ method }) => method === 'PUT').map(({ url }) => url)).toEqual(
      Array.from({ length: 2 }, () => `${vaultId}/secrets/audit-signing-key?api-version=2023-07-01`),
    );
  });
});

describe('scripts/callback-secret.sh', () => {
  it('makes a secret that the settings take, once', () => {
    const stdout = 'A new secret of callbacks was made. Restart the app, so that it signs with it.\n';
    expect(run('callback-secret.sh', ['ensure', vaultId])).toMatchObject({ status: 0, stdout });
    const { callbackSecret } = load();
    expect(parseCallbackSecrets(callbackSecret!)?.[0]?.length).toBe(32);
    expect(run('callback-secret.sh', ['ensure', vaultId])).toMatchObject({ status: 0, stdout: '' });
    expect(load().callbackSecret).toBe(callbackSecret);
  });
});

describe('a key that is rotated', () => {
  it('leaves its public key to the next 14, so that what it signed is still accepted', async () => {
    for (let time = 0; time < 17; time++) expect(run('signing-key.sh', ['rotate', vaultId]).status).toBe(0);
    const keys = load().secrets.map((secret) => parseSigningKey(secret)!);
    const last = keys.at(-1)!;
    const known = await Promise.all(keys.map(async (key) => last.verify(await key.sign('text'))));
    expect(known).toEqual(['unknown', 'unknown', ...Array<string>(15).fill('known')]);
  });

  it('is none of those that were made before public keys were kept', async () => {
    run('signing-key.sh', ['ensure', vaultId]);
    const [before] = load().secrets;
    save({ ...load(), tags: undefined });
    expect(run('signing-key.sh', ['rotate', vaultId]).status).toBe(0);
    const signed = await parseSigningKey(before!)!.sign('text');
    expect(await parseSigningKey(load().secrets[1]!)?.verify(signed)).toBe('unknown');
  });
});

describe('scripts/lock-checkpoints.sh', () => {
  const environment = {
    STORAGE_ACCOUNT_NAME: 'account',
    AZURE_RESOURCE_GROUP: 'group',
    CHECKPOINT_RETENTION_DAYS: '365',
  };

  it('locks the policy that is there, makes one where there is none, and leaves a locked one', () => {
    for (const policy of [null, { state: 'Unlocked', etag: '"7"' }]) {
      save({ ...load(), policy });
      for (let time = 0; time < 2; time++) expect(run('lock-checkpoints.sh', [], environment).status).toBe(0);
      expect(load().policy).toMatchObject({ state: 'Locked', ...(policy === null ? { period: '365' } : {}) });
    }
  });
});

describe('azd up', () => {
  it('says first of all that there is no policy, and how to make one', () => {
    const hooks = readFileSync(join(root, 'azure.yaml'), 'utf8').split(/^hooks:\n/m)[1];
    expect(hooks).toMatch(/^ {2}preup:\n {4}shell: sh\n {4}interactive: true\n {4}run: scripts\/require-policy\.sh\n/);
    const script = join(folder, 'scripts/require-policy.sh');
    cpSync(join(root, 'scripts/require-policy.sh'), script);
    const { status, stderr } = run(script);
    expect([status, stderr]).toEqual([1, expect.stringContaining('\n  cp policy.sample.json policy.json\n')]);
    writeFileSync(join(folder, 'policy.json'), '{}');
    expect(run(script)).toMatchObject({ status: 0, stdout: '', stderr: '' });
  });
});

describe('scripts/before-provision.sh', () => {
  it('registers the provider that a virtual network needs, in the subscription of the installation, once', () => {
    // Only where there is a policy, which this repository has none of: it is run on a copy.
    const copy = join(folder, 'scripts');
    cpSync(join(root, 'scripts'), copy, { recursive: true });
    const environment = { ENTRA_CLIENT_ID: clientId, AZURE_SUBSCRIPTION_ID: 'subscription-1' };
    const { status, stderr } = run(join(copy, 'before-provision.sh'), [], environment);
    expect([status, stderr]).toEqual([1, expect.stringContaining('cp policy.sample.json policy.json')]);
    expect(load().calls).toEqual([]);
    writeFileSync(join(folder, 'policy.json'), '{}');
    for (let time = 0; time < 2; time++)
      expect(run(join(copy, 'before-provision.sh'), [], environment)).toMatchObject({ status: 0, stderr: '' });
    expect(load().calls).toEqual([
      { method: 'provider register', url: 'Microsoft.App', subscription: 'subscription-1' },
    ]);
  });
});

describe('scripts/before-provision.sh, without a registration', () => {
  const environment = { AZURE_ENV_NAME: 'test' };
  const before = () => {
    const copy = join(folder, 'scripts');
    cpSync(join(root, 'scripts'), copy, { recursive: true });
    cpSync(join(root, 'infra/entra-app.json'), join(folder, 'infra/entra-app.json'));
    writeFileSync(join(folder, 'policy.json'), '{}');
    writeFileSync(join(folder, 'azd'), '#!/bin/sh\necho "$@" >>"$HOME/azd.log"\n', { mode: 0o755 });
    return run(join(copy, 'before-provision.sh'), [], environment);
  };

  it('makes one and notes its id', () => {
    expect(before()).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(join(folder, 'azd.log'), 'utf8')).toBe(`env set ENTRA_CLIENT_ID ${clientId}\n`);
  });

  it('stops where that is not allowed, notes nothing, and says who can do what', () => {
    save({ ...load(), forbidden: true });
    const { status, stderr } = before();
    expect(status).toBe(1);
    expect(existsSync(join(folder, 'azd.log'))).toBe(false);
    expect(stderr).toContain('\n  scripts/entra-app.sh register connectivity-check-proxy-test\n');
    expect(stderr).toContain('\n  azd env set ENTRA_CLIENT_ID <that id>\n');
  });
});

describe('scripts/after-provision.sh', () => {
  const environment = {
    ENTRA_CLIENT_ID: clientId,
    IDENTITY_PRINCIPAL_ID: 'identity-1',
    VAULT_ID: vaultId,
    CHECKPOINT_POLICY: 'unlocked',
    PROXY_URL: 'https://proxy.example.com',
    FUNCTION_APP_NAME: 'func-1',
    AZURE_RESOURCE_GROUP: 'group',
  };

  it('ends well where the registration belongs to somebody else, and prints the one command that this person runs', () => {
    run('entra-app.sh', ['register', 'proxy-test']);
    save({ ...load(), forbidden: true });
    const { status, stdout, stderr } = run('after-provision.sh', [], environment);
    expect([status, stderr]).toEqual([0, '']);
    expect(load()).toMatchObject({ federated: {}, secrets: [expect.any(String)] });
    const [, command = ''] = /^ +(az rest .*)$/m.exec(stdout) ?? [];
    save({ ...load(), forbidden: false });
    expect(run('-c', [command]).status).toBe(0);
    const made = load().federated;
    save({ ...load(), federated: {} });
    run('entra-app.sh', ['federate', clientId, 'identity-1']);
    expect(made).toEqual(load().federated);

    save({ ...load(), forbidden: true });
    const again = run('after-provision.sh', [], environment);
    expect([again.status, again.stdout]).toEqual([0, expect.not.stringContaining('az rest')]);
  });

  it('fails where Graph fails otherwise, so that azd tells it, and after everything else was done', () => {
    save({ ...load(), broken: true });
    const { status, stderr } = run('after-provision.sh', [], environment);
    expect([status, stderr]).toEqual([1, expect.stringContaining('Service Unavailable')]);
    expect(load().secrets).toHaveLength(1);
  });

  it('finishes the installation and tells the next three commands; run again it changes nothing', () => {
    run('entra-app.sh', ['register', 'proxy-test']);
    const { status, stdout } = run('after-provision.sh', [], environment);
    expect(status).toBe(0);
    const restarts = () => load().calls.filter(({ method }) => method === 'functionapp restart');
    expect(restarts()).toEqual([{ method: 'functionapp restart', url: 'func-1' }]);
    const commands = stdout.split('\n').filter((line) => line.startsWith('       '));
    expect(commands.map((line) => line.trim().split(' ')[0])).toEqual(['scripts/assign-role.sh', 'curl', 'curl']);
    const state = { ...load(), calls: [] };
    expect(state.secrets).toHaveLength(1);
    expect(state.policy).toBeNull();
    expect(run('after-provision.sh', [], environment).status).toBe(0);
    expect({ ...load(), calls: [] }).toEqual(state);
    expect(restarts()).toHaveLength(1);
  });
});
