import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../src/settings.ts';
import { resourceNames } from '../../src/triggers.ts';
import { findBicep, runBicep } from '../../scripts/find-bicep.ts';
import { type Compiled, compileInfra, type Properties, type Resource } from './compiled-template.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const root = fileURLToPath(new URL('../..', import.meta.url));
const compiled = compileInfra();

describe.runIf(compiled)('the deployment', () => {
  const { main, templates, resources, deployments, of } =
    compiled ?? ({ templates: [], resources: [], deployments: new Map() } as unknown as Compiled);
  const only = (type: string): Resource => {
    const found = of(type);
    expect(found).toHaveLength(1);
    return found[0]!;
  };
  const config = (name: string): Properties => {
    const found = of('Microsoft.Web/sites/config').filter((one) => one.name.includes(`'${name}'`));
    expect(found).toHaveLength(1);
    return found[0]!.properties as Properties;
  };
  const namesOf = (type: string): string[] =>
    of(type)
      .map(({ name }) => [...name.matchAll(/'([^']*)'/g)].at(-1)?.[1] ?? '')
      .sort();

  it('is built and linted without a warning, with the parameters of the pipeline too', () => {
    const check = ['--import', 'tsx', 'scripts/infra-check.ts'];
    const { status, stdout, stderr } = spawnSync(process.execPath, check, { cwd: root, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/\d+ Bicep files .* no fault/);
  });

  describe('keeps no key and no password', () => {
    it('in storage: shared keys, local users and public blobs are off, TLS is 1.2 or newer, all is encrypted twice', () => {
      const keyType = 'Account';
      expect(only('Microsoft.Storage/storageAccounts').properties).toEqual({
        accessTier: 'Hot',
        allowSharedKeyAccess: false,
        defaultToOAuthAuthentication: true,
        allowBlobPublicAccess: false,
        allowCrossTenantReplication: false,
        isLocalUserEnabled: false,
        isSftpEnabled: false,
        minimumTlsVersion: 'TLS1_2',
        supportsHttpsTrafficOnly: true,
        encryption: {
          keySource: 'Microsoft.Storage',
          requireInfrastructureEncryption: true,
          services: { blob: { keyType }, file: { keyType }, queue: { keyType }, table: { keyType } },
        },
        // From which networks: see the private network.
        publicNetworkAccess: expect.any(String) as string,
        networkAcls: expect.any(Object) as object,
      });
      for (const container of of('Microsoft.Storage/storageAccounts/blobServices/containers'))
        expect(container.properties.publicAccess).toBe('None');
    });

    it('in logs: workspace and Application Insights take data from identities only', () => {
      expect(only('Microsoft.Insights/components').properties).toEqual({
        Application_Type: 'web',
        WorkspaceResourceId: "[resourceId('Microsoft.OperationalInsights/workspaces', parameters('workspaceName'))]",
        IngestionMode: 'LogAnalytics',
        DisableLocalAuth: true,
      });
      expect(only('Microsoft.OperationalInsights/workspaces').properties).toEqual({
        sku: { name: 'PerGB2018' },
        retentionInDays: "[parameters('retentionDays')]",
        features: { disableLocalAuth: true, enableLogAccessUsingOnlyResourcePermissions: true },
      });
    });

    it('in the app: no password publishes to it', () => {
      const policies = of('Microsoft.Web/sites/basicPublishingCredentialsPolicies');
      expect(policies.map(({ properties }) => properties as object)).toEqual([{ allow: false }, { allow: false }]);
      expect(namesOf('Microsoft.Web/sites/basicPublishingCredentialsPolicies')).toEqual(['ftp', 'scm']);
      expect(only('Microsoft.Web/sites').properties.functionAppConfig.deployment.storage.authentication.type).toBe(
        'UserAssignedIdentity',
      );
    });

    it('in parameters, outputs or settings: no template takes, reads or gives out a secret', () => {
      const text = JSON.stringify(templates);
      expect(text).not.toMatch(/securestring|secureobject|list(?:Keys|Secrets|AccountSas|ServiceSas)\(/i);
      expect(text).not.toMatch(/AccountKey=|SharedAccessSignature|BEGIN [A-Z ]*PRIVATE KEY/);
      const outputs = templates.flatMap((template) => Object.entries(template.outputs ?? {}));
      expect(outputs.length).toBeGreaterThan(5);
      for (const [name, output] of outputs)
        expect(`${name} ${JSON.stringify(output.value)}`).not.toMatch(/secret|\w+keys?\b|connectionstring|password/i);
      expect(of('Microsoft.KeyVault/vaults/secrets')).toEqual([]);
    });

    it('in settings: the signing key is a reference into the key vault, read by the identity', () => {
      expect(config('appsettings').AUDIT_SIGNING_KEY).toBe(
        "[format('@Microsoft.KeyVault(SecretUri={0}secrets/audit-signing-key)', parameters('vaultUri'))]",
      );
      expect(config('appsettings').CALLBACK_SECRET).toBe(
        "[format('@Microsoft.KeyVault(SecretUri={0}secrets/callback-secret)', parameters('vaultUri'))]",
      );
      // Of Slack only where its workspace is named: what is empty is not set up.
      for (const [setting, secret] of [
        ['SLACK_SIGNING_SECRET', 'slack-signing-secret'],
        ['SLACK_BOT_TOKEN', 'slack-bot-token'],
      ] as const)
        expect(config('appsettings')[setting]).toBe(
          `[if(not(empty(parameters('slackTeamId'))), format('@Microsoft.KeyVault(SecretUri={0}secrets/${secret})', parameters('vaultUri')), '')]`,
        );
      expect(config('appsettings').SLACK_TEAM_ID).toBe("[parameters('slackTeamId')]");
      expect(only('Microsoft.Web/sites').properties.keyVaultReferenceIdentity).toBe("[parameters('identityId')]");
      expect(only('Microsoft.KeyVault/vaults').properties).toMatchObject({
        enableRbacAuthorization: true,
      });
    });
  });

  describe('asks who calls', () => {
    it('with sign-in before everything but health and ARM’s own routes, without a client secret', () => {
      const clientSecretSettingName = 'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID';
      expect(config('authsettingsV2')).toEqual({
        platform: { enabled: true, runtimeVersion: '~1' },
        globalValidation: {
          requireAuthentication: true,
          unauthenticatedClientAction: 'Return401',
          excludedPaths: [
            ...['/', '/page/*', '/api/health', '/api/health/ready'],
            ...['/api/chat/slack/*', '/api/chat/teams/*', '/api/sign-in', '/api/openapi.json'],
            ...['/metadata/endpoints', '/subscriptions', '/subscriptions/*', '/tenants', '/mcp', '/.well-known/*'],
          ],
        },
        httpSettings: { requireHttps: true },
        identityProviders: {
          azureActiveDirectory: {
            enabled: true,
            registration: {
              openIdIssuer: "[format('{0}{1}/v2.0', environment().authentication.loginEndpoint, tenant().tenantId)]",
              clientId: "[parameters('entraClientId')]",
              clientSecretSettingName,
            },
            validation: {
              allowedAudiences: ["[format('api://{0}', parameters('entraClientId'))]", "[parameters('entraClientId')]"],
            },
          },
        },
        login: { tokenStore: { enabled: false } },
      });
      expect(config('appsettings')[clientSecretSettingName]).toBe("[parameters('identityClientId')]");
    });

    it('over https from everywhere, and lets no page of another origin call', () => {
      const { httpsOnly, siteConfig } = only('Microsoft.Web/sites').properties;
      expect(httpsOnly).toBe(true);
      expect(siteConfig.cors).toEqual({ allowedOrigins: [], supportCredentials: false });
      expect([siteConfig.minTlsVersion, siteConfig.scmMinTlsVersion, siteConfig.ftpsState]).toEqual([
        '1.2',
        '1.2',
        'Disabled',
      ]);
    });
  });

  describe('makes a bot for Teams', () => {
    it('only where it is asked for', () => {
      expect(main.parameters['teamsBot']).toMatchObject({ type: 'bool', defaultValue: false });
      for (const module of ['main/bot', 'main/botIdentity'])
        expect(deployments.get(module)?.condition).toBe("[parameters('teamsBot')]");
      const { botClientId, botIdentityId } = deployments.get('main/app')?.properties.parameters as Properties;
      const ofBot = (output: string): string =>
        `[if(parameters('teamsBot'), createObject('value', reference('botIdentity').outputs.${output}.value), createObject('value', ''))]`;
      expect([botClientId, botIdentityId]).toEqual([ofBot('clientId'), ofBot('id')]);
      expect(config('appsettings').TEAMS_APP_ID).toBe("[parameters('botClientId')]");
      expect(config('appsettings')).not.toHaveProperty('TEAMS_APP_SECRET');
    });

    it('with an identity of its own, no key, and Teams as its only channel', () => {
      expect(only('Microsoft.BotService/botServices')).toMatchObject({
        location: 'global',
        kind: 'azurebot',
        sku: { name: 'F0' },
      });
      expect(only('Microsoft.BotService/botServices').properties).toEqual({
        displayName: 'Connectivity Check',
        endpoint: "[parameters('endpoint')]",
        msaAppType: 'UserAssignedMSI',
        msaAppId: "[parameters('clientId')]",
        msaAppMSIResourceId: "[parameters('identityId')]",
        msaAppTenantId: '[subscription().tenantId]',
        disableLocalAuth: true,
        publicNetworkAccess: 'Enabled',
      });
      const channel = only('Microsoft.BotService/botServices/channels');
      expect(channel.properties).toEqual({
        channelName: 'MsTeamsChannel',
        properties: { isEnabled: true, enableCalling: false, acceptedTerms: true },
      });
      const identities = of('Microsoft.ManagedIdentity/userAssignedIdentities');
      expect(identities.map(({ module }) => module).sort()).toEqual(['main/botIdentity', 'main/identity']);
      const { value: endpoint } = deployments.get('main/bot')?.properties.parameters.endpoint as { value: string };
      expect(endpoint).toContain('/api/chat/teams/messages');
      const { value: id } = deployments.get('main/bot')?.properties.parameters.identityId as { value: string };
      expect(id).toContain("'botIdentity'");
    });

    it('whose identity the app may use beside its own, and only then', () => {
      const { identity } = only('Microsoft.Web/sites') as unknown as { identity: Properties };
      expect(identity.type).toBe('UserAssigned');
      expect(identity.userAssignedIdentities).toContain(
        "if(empty(parameters('botIdentityId')), createObject(), createObject(format('{0}', parameters('botIdentityId')), createObject()))",
      );
    });
  });

  describe('grants', () => {
    const definitions = () =>
      of('Microsoft.Authorization/roleDefinitions').map(({ properties: { roleName, permissions } }) => ({
        role: String(roleName),
        permissions: permissions as Properties[],
      }));
    const builtIn: Readonly<Record<string, string>> = {
      '974c5e8b-45b9-4653-ba55-5f855dd0fb88': 'Storage Queue Data Contributor',
      'b7e6dc6d-f1e8-4753-8033-0f276bb0955b': 'Storage Blob Data Owner',
      'ba92f5b4-2d11-453d-a403-e96b0029c9fe': 'Storage Blob Data Contributor',
      '4633458b-17de-408a-b874-0445c86b69e6': 'Key Vault Secrets User',
      '3913510d-42f4-4e42-8a64-420c390055eb': 'Monitoring Metrics Publisher',
    };
    const roleOf = (id: string): string => {
      const quoted = [...id.matchAll(/'([^']+)'/g)].at(-1)?.[1] ?? id;
      return builtIn[quoted] ?? quoted;
    };
    /** `audit (tables)` */
    const destinationKey = (scope: string | undefined): string => {
      if (scope === undefined) return 'the subscription';
      const [type = '', ...parts] = [...scope.matchAll(/'([^']+)'/g)].map((found) => found[1] ?? '');
      const name = parts.filter((part) => !/Name$|^default$/.test(part)).at(-1);
      return `${name ?? 'all'} (${type.split('/').at(-1) ?? ''})`;
    };

    it('these rights and no other, to the one identity', () => {
      const assignments = of('Microsoft.Authorization/roleAssignments');
      const rights = assignments.map(({ scope, properties }) => [
        destinationKey(scope),
        roleOf(String(properties.roleDefinitionId)),
      ]);
      expect(rights.sort()).toEqual(
        [
          ['the subscription', 'connectivity check'],
          ['audit (tables)', 'audit writer'],
          ['checks (tables)', 'check writer'],
          ['notices (tables)', 'check writer'],
          ['chats (tables)', 'check writer'],
          ['chatlinks (tables)', 'check writer'],
          ['audit-checkpoints (containers)', 'checkpoint writer'],
          ['checks (queues)', 'Storage Queue Data Contributor'],
          ['checks-poison (queues)', 'Storage Queue Data Contributor'],
          ['notices (queues)', 'Storage Queue Data Contributor'],
          ['notices-poison (queues)', 'Storage Queue Data Contributor'],
          ['chats (queues)', 'Storage Queue Data Contributor'],
          ['chats-poison (queues)', 'Storage Queue Data Contributor'],
          ['azure-webjobs-hosts (containers)', 'Storage Blob Data Owner'],
          ['azure-webjobs-secrets (containers)', 'Storage Blob Data Owner'],
          ['packages (containers)', 'Storage Blob Data Contributor'],
          ['all (vaults)', 'Key Vault Secrets User'],
          ['all (components)', 'Monitoring Metrics Publisher'],
        ].sort(),
      );
      for (const { module, properties } of assignments) {
        expect(module).toMatch(/^main\/access(?:\/inSources)?$/);
        expect(properties.principalId).toBe(
          module === 'main/access' ? "[reference('identity').principalId]" : "[parameters('principalId')]",
        );
      }
    });

    it('the actions of a check in the subscriptions that are given, and no other there', () => {
      const access = templates.find((template) => template.variables?.actionsInSources);
      const actions = access?.variables?.actionsInSources;
      const computers = ['virtualMachines', 'virtualMachineScaleSets', 'virtualMachineScaleSets/virtualMachines'];
      expect(actions).toEqual([
        'Microsoft.Network/networkWatchers/read',
        'Microsoft.Network/networkWatchers/connectivityCheck/action',
        'Microsoft.Network/networkWatchers/connectivityCheck/read',
        'Microsoft.Network/locations/operationResults/read',
        ...computers.flatMap((type) =>
          ['read', 'instanceView/read', 'extensions/read'].map((action) => `Microsoft.Compute/${type}/${action}`),
        ),
        'Microsoft.Network/bastionHosts/read',
        'Microsoft.Network/applicationGateways/read',
        'Microsoft.Network/networkInterfaces/read',
        'Microsoft.Compute/virtualMachineScaleSets/virtualMachines/networkInterfaces/read',
        'Microsoft.Resources/subscriptions/read',
      ]);
      const inSources = definitions().find(({ role }) => role.includes('Connectivity Check Proxy'));
      expect(inSources?.permissions).toEqual([
        { actions: "[parameters('actions')]", notActions: [], dataActions: [], notDataActions: [] },
      ]);
    });

    it('them in each of those subscriptions, and in no other', () => {
      const inSources = deployments.get('main/access/inSources');
      expect(inSources).toMatchObject({
        subscriptionId: "[parameters('sourceSubscriptions')[copyIndex()]]",
        copy: { count: "[length(parameters('sourceSubscriptions'))]" },
      });
      expect(inSources).not.toHaveProperty('condition');
      expect(inSources).not.toHaveProperty('resourceGroup');
      expect(inSources?.properties.parameters.actions.value).toBe("[variables('actionsInSources')]");
      expect(deployments.get('main/access')?.properties.parameters.sourceSubscriptions.value).toBe(
        "[parameters('sourceSubscriptions')]",
      );
      const [definition] = of('Microsoft.Authorization/roleDefinitions').filter(
        ({ module }) => module === 'main/access/inSources',
      );
      expect(definition?.properties.assignableScopes).toEqual(['[subscription().id]']);
    });

    it('adding and reading in the audit, and no deletion of a checkpoint', () => {
      const dataActions = (what: string) => {
        const found = definitions().find(({ role }) => role.includes(what));
        expect(found?.permissions).toHaveLength(1);
        expect(found?.permissions[0]).toMatchObject({ actions: [], notActions: [], notDataActions: [] });
        return (found?.permissions[0]?.dataActions as string[]).map((action) => /\}\/([^']+)'/.exec(action)?.[1]);
      };
      expect(dataActions('audit writer')).toEqual(['read', 'add/action']);
      expect(dataActions('checkpoint writer')).toEqual(['read', 'write']);
      expect(dataActions('check writer')).toEqual(['read', 'add/action', 'update/action', 'delete']);
    });

    it('what docs/security.md explains, and nothing else', () => {
      const [, text = ''] = /^## Rights\n([^]*?)^## /m.exec(read('docs/security.md')) ?? [];
      const access = templates.find((template) => template.variables?.actionsInSources);
      const explained = [...(access?.variables?.actionsInSources as string[]), ...Object.values(builtIn)];
      expect(explained.filter((right) => !text.includes(right))).toEqual([]);
      const named = [...text.matchAll(/`(Microsoft\.(?:Network|Compute)\/[\w/]+)`/g)].map(([, right]) => right);
      expect(named.filter((right) => !explained.includes(right ?? ''))).toEqual([]);
      const parts = read('infra/access.bicep').matchAll(/^resource (\w+) 'Microsoft.Authorization\/roleAssignments/gm);
      const assignments = [...parts].map((found) => found[1] ?? '');
      expect(assignments.length).toBe(17);
      const rows = [...text.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name ?? '');
      expect(rows.sort()).toEqual(assignments.sort());
    });
  });

  it('makes the tables, queues and containers that the code names', () => {
    const { checksTable, auditTable, noticesTable, chatsTable, chatLinksTable, ...queuesAndMore } = resourceNames;
    const { queue, poisonQueue, noticesQueue, noticesPoison, chatsQueue, chatsPoison, ...others } = queuesAndMore;
    expect(namesOf('Microsoft.Storage/storageAccounts/tableServices/tables')).toEqual(
      [auditTable, checksTable, noticesTable, chatsTable, chatLinksTable].sort(),
    );
    expect(namesOf('Microsoft.Storage/storageAccounts/queueServices/queues')).toEqual(
      [queue, poisonQueue, noticesQueue, noticesPoison, chatsQueue, chatsPoison].sort(),
    );
    expect(namesOf('Microsoft.Storage/storageAccounts/blobServices/containers')).toEqual(
      [
        ...new Set([
          ...Object.values(others),
          'audit-checkpoints',
          'azure-webjobs-hosts',
          'azure-webjobs-secrets',
          'packages',
        ]),
      ].sort(),
    );
  });

  it('can take back a deletion: of blobs and containers for two weeks, of the key vault for 90 days', () => {
    expect(only('Microsoft.Storage/storageAccounts/blobServices').properties).toEqual({
      deleteRetentionPolicy: { enabled: true, days: 14 },
      containerDeleteRetentionPolicy: { enabled: true, days: 14 },
    });
    expect(only('Microsoft.KeyVault/vaults').properties).toMatchObject({
      enableSoftDelete: true,
      softDeleteRetentionInDays: 90,
      enablePurgeProtection: true,
    });
  });

  it('lets nobody change checkpoints for a while, unless they are locked already', () => {
    const policy = only('Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies');
    expect(policy.name).toContain("'audit-checkpoints'");
    expect(policy.condition).toBe("[not(parameters('checkpointsLocked'))]");
    expect(policy.properties).toEqual({
      immutabilityPeriodSinceCreationInDays: "[parameters('checkpointRetentionDays')]",
      allowProtectedAppendWrites: false,
    });
  });

  describe('gives the app its settings', () => {
    const platform = [
      'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
      'APPLICATIONINSIGHTS_CONNECTION_STRING',
      'AzureWebJobsDisableHomepage',
      'AzureWebJobsStorage__blobServiceUri',
      'AzureWebJobsStorage__clientId',
      'AzureWebJobsStorage__credential',
      'AzureWebJobsStorage__queueServiceUri',
      'AzureWebJobsStorage__tableServiceUri',
      'FUNCTIONS_REQUEST_BODY_SIZE_LIMIT',
      'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID',
    ];

    it('all that src/settings.ts knows, and none that nobody knows', () => {
      const known = new Set(read('src/settings.ts').match(/\b(?:[A-Z]+(?:_[A-Z]+)+|POLICY|PAUSED)\b/g));
      // The policy comes as a file, and the host's name from the platform. Chats are Slack and Teams themselves, and the bot
      // has an identity in place of a secret.
      const left = ['POLICY', 'WEBSITE_HOSTNAME', 'SLACK_API_URL', 'TEAMS_APP_SECRET'];
      const ofMicrosoft = ['TEAMS_OPENID_METADATA', 'TEAMS_SERVICE_HOSTS', 'TEAMS_TOKEN_URL'];
      const ours = [...known, 'AUDIT_SIGNING_KEY'].filter((name) => ![...left, ...ofMicrosoft].includes(name));
      expect(Object.keys(config('appsettings')).sort()).toEqual([...new Set([...ours, ...platform])].sort());
    });

    it('in a form that src/settings.ts takes', () => {
      const clientId = '00000000-0000-4000-8000-00000000000c';
      const inAzure: Record<string, string> = {
        AzureWebJobsStorage__clientId: clientId,
        AzureWebJobsStorage__blobServiceUri: 'https://account.blob.example.com/',
        AzureWebJobsStorage__queueServiceUri: 'https://account.queue.example.com/',
        AzureWebJobsStorage__tableServiceUri: 'https://account.table.example.com/',
        AZURE_CLIENT_ID: clientId,
        ARM_ENDPOINT: 'https://management.azure.com/',
        ENTRA_AUTHORITY: 'https://login.microsoftonline.com/',
        ENTRA_TENANT_ID: '00000000-0000-4000-8000-00000000000d',
        ENTRA_AUDIENCE: 'api://one,one',
        ENTRA_CLIENT_ID: clientId,
        PUBLIC_URL: '',
        QUEUE_DEADLINE_SECONDS: '3600',
        CHECK_DEADLINE_SECONDS: '600',
        SET_DEADLINE_SECONDS: '86400',
        PAUSED: 'false',
        PAUSED_REASON: '',
        ...{ SLACK_TEAM_ID: '', SLACK_SIGNING_SECRET: '', SLACK_BOT_TOKEN: '', CHAT_LINK_DAYS: '7' },
        CALLBACK_SECRET: `whsec_${randomBytes(32).toString('base64')}`,
        AUDIT_SIGNING_KEY: String(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })),
      };
      const given = Object.entries(config('appsettings') as Record<string, string>).map(([name, value]) => [
        name,
        value.startsWith('[') ? inAzure[name] : value,
      ]);
      const policy = new URL('../../policy.sample.json', import.meta.url).pathname;
      const { ...environment } = Object.fromEntries(given) as Record<string, string>;
      expect(environment.POLICY_FILE).toBe('/home/site/wwwroot/policy.json');
      const settings = parseSettings({
        ...environment,
        POLICY_FILE: policy,
        WEBSITE_HOSTNAME: 'proxy.example.com',
      });
      expect(settings).toMatchObject({
        clientId,
        armEndpoint: new URL('https://management.azure.com'),
        entra: { authority: 'https://login.microsoftonline.com', audiences: ['api://one', 'one'] },
        publicUrl: 'https://proxy.example.com',
        storage: { kind: 'identity', queueServiceUri: 'https://account.queue.example.com/', clientId },
        paused: false,
      });
    });
  });

  it('reaches storage and key vault through private endpoints only, where that is asked for', () => {
    const endpoints = resources.filter(({ type }) => type === 'Microsoft.Network/privateEndpoints');
    expect(endpoints.map(({ module }) => module).sort()).toEqual([
      'main/storage/endpoints',
      'main/vault/endpoint-vault',
    ]);
    // The signing key comes into the vault through Resource Manager; nothing of Azure's own comes into storage.
    for (const [type, bypass] of [
      ['Microsoft.Storage/storageAccounts', 'None'],
      ['Microsoft.KeyVault/vaults', 'AzureServices'],
    ] as const) {
      const { publicNetworkAccess, networkAcls } = only(type).properties;
      expect(publicNetworkAccess).toBe("[if(parameters('isPrivate'), 'Disabled', 'Enabled')]");
      expect(networkAcls).toEqual({ defaultAction: "[if(parameters('isPrivate'), 'Deny', 'Allow')]", bypass });
    }
    for (const module of ['main/storage', 'main/vault'])
      expect(deployments.get(module)?.properties.parameters.isPrivate.value).toBe("[parameters('privateNetwork')]");
    expect(deployments.get('main/network')?.condition).toBe("[parameters('privateNetwork')]");
    const services = "createArray('blob', 'queue', 'table')";
    expect(deployments.get('main/storage/endpoints')).toMatchObject({
      condition: "[parameters('isPrivate')]",
      copy: { count: `[length(${services})]` },
      properties: {
        parameters: {
          service: { value: `[${services}[copyIndex()]]` },
        },
      },
    });
    expect(deployments.get('main/vault/endpoint-vault')).toMatchObject({
      condition: "[parameters('isPrivate')]",
      properties: { parameters: { service: { value: 'vault' } } },
    });
    for (const { properties } of endpoints)
      expect(properties.privateLinkServiceConnections[0].properties).toEqual({
        privateLinkServiceId: "[parameters('targetId')]",
        groupIds: ["[parameters('service')]"],
      });
    for (const [module, service] of [
      ['main/storage/endpoints', `${services}[copyIndex()]`],
      ['main/vault/endpoint-vault', "'vault'"],
    ] as const) {
      const { zoneId, subnetId } = deployments.get(module)?.properties.parameters as Properties;
      expect([zoneId.value, subnetId.value]).toEqual([
        `[coalesce(tryGet(parameters('zoneIds'), ${service}), '')]`,
        "[parameters('endpointSubnetId')]",
      ]);
    }
    for (const { properties } of endpoints) expect(properties.subnet).toEqual({ id: "[parameters('subnetId')]" });
  });

  it('knows their private names where the app goes out, and nowhere else', () => {
    const { variables, outputs, resources: named } = templates.find((one) => one.variables?.services) ?? {};
    const suffixes = 'environment().suffixes';
    expect(variables?.services).toEqual({
      blob: `[format('privatelink.blob.{0}', ${suffixes}.storage)]`,
      queue: `[format('privatelink.queue.{0}', ${suffixes}.storage)]`,
      table: `[format('privatelink.table.{0}', ${suffixes}.storage)]`,
      vault: `[format('privatelink{0}', replace(${suffixes}.keyvaultDns, '.vault.', '.vaultcore.'))]`,
    });
    // As compiled: written out, the loops would hold the zones' names in full.
    const inNetwork = (type: string) => Object.values(named ?? {}).filter((one) => one.type === type);
    const copy = (name: string) => ({ name, count: "[length(items(variables('services')))]" });
    const zone = "items(variables('services'))[copyIndex()].value";
    expect(inNetwork('Microsoft.Network/privateDnsZones')).toMatchObject([{ name: `[${zone}]`, copy: copy('zones') }]);
    expect(inNetwork('Microsoft.Network/privateDnsZones/virtualNetworkLinks')).toMatchObject([
      {
        name: `[format('{0}/{1}', ${zone}, 'proxy')]`,
        copy: copy('links'),
        properties: {
          registrationEnabled: false,
          virtualNetwork: {
            id: "[resourceId('Microsoft.Network/virtualNetworks', format('vnet-connectivity-check-{0}', parameters('token')))]",
          },
        },
      },
    ]);
    const subnetId = (name: string) =>
      `[resourceId('Microsoft.Network/virtualNetworks/subnets', format('vnet-connectivity-check-{0}', parameters('token')), '${name}')]`;
    expect(Object.entries(outputs ?? {}).map(([name, { value }]) => [name, value])).toEqual([
      ['appSubnetId', subnetId('app')],
      ['endpointSubnetId', subnetId('endpoints')],
      [
        'zoneIds',
        "[toObject(items(variables('services')), lambda('service', lambdaVariables('service').key), lambda('service', resourceId('Microsoft.Network/privateDnsZones', lambdaVariables('service').value)))]",
      ],
    ]);
    const ofNetwork = (output: string, otherwise: string) =>
      `[if(parameters('privateNetwork'), createObject('value', reference('network').outputs.${output}.value), createObject('value', ${otherwise}))]`;
    for (const module of ['main/storage', 'main/vault'])
      expect(deployments.get(module)?.properties.parameters).toMatchObject({
        endpointSubnetId: ofNetwork('endpointSubnetId', "''"),
        zoneIds: ofNetwork('zoneIds', 'createObject()'),
      });
    const groups = of('Microsoft.Network/privateEndpoints/privateDnsZoneGroups');
    expect(groups.map(({ module, properties }) => [module, properties as unknown]).sort()).toEqual(
      ['main/storage/endpoints', 'main/vault/endpoint-vault'].map((module) => [
        module,
        {
          privateDnsZoneConfigs: [
            { name: "[parameters('service')]", properties: { privateDnsZoneId: "[parameters('zoneId')]" } },
          ],
        },
      ]),
    );
  });

  it('goes out through a subnet that Flex Consumption can have, where a private network is asked for', () => {
    const subnets = only('Microsoft.Network/virtualNetworks').properties.subnets as Properties[];
    expect(subnets.map(({ name, properties }) => [name, properties.delegations ?? []] as unknown)).toEqual([
      ['app', [{ name: 'app', properties: { serviceName: 'Microsoft.App/environments' } }]],
      ['endpoints', []],
    ]);
    expect(only('Microsoft.Web/sites').properties.virtualNetworkSubnetId).toBe(
      "[if(empty(parameters('subnetId')), null(), parameters('subnetId'))]",
    );
    expect(deployments.get('main/app')?.properties.parameters.subnetId).toBe(
      "[if(parameters('privateNetwork'), createObject('value', reference('network').outputs.appSubnetId.value), createObject('value', ''))]",
    );
  });

  it('keeps the queue function ready, on a Node version that Azure supports', () => {
    const { runtime, scaleAndConcurrency } = only('Microsoft.Web/sites').properties.functionAppConfig;
    expect(runtime.name).toBe('node');
    expect(main.parameters.nodeVersion).toMatchObject({ allowedValues: ['22', '24'] });
    // For http too where a chat is set up, as it waits three seconds for an answer.
    expect(scaleAndConcurrency.alwaysReady).toBe(
      "[concat(if(greater(parameters('alwaysReady'), 0), createArray(createObject('name', 'function:work', 'instanceCount', parameters('alwaysReady'))), createArray()), if(or(variables('hasSlack'), not(empty(parameters('botClientId')))), createArray(createObject('name', 'http', 'instanceCount', 1)), createArray()))]",
    );
    expect(deployments.get('main/app')?.properties.parameters.alwaysReady.value).toBe("[parameters('alwaysReady')]");
    expect(read('src/triggers.ts')).toContain("app.storageQueue('work'");
    expect(only('Microsoft.Web/serverfarms').sku).toEqual({ tier: 'FlexConsumption', name: 'FC1' });
  });

  it('explains each of its parameters, and has each from azd and from the pipeline or asks for it', () => {
    const parameters = Object.entries(main.parameters);
    expect(parameters.filter(([, { metadata }]) => !metadata?.description).map(([name]) => name)).toEqual([]);
    const fromAzd = JSON.parse(read('infra/main.parameters.json')) as { parameters: Record<string, { value: string }> };
    const asked = ['sourceSubscriptions', 'alertEmail', 'privateNetwork'];
    const all = parameters.map(([name]) => name).filter((name) => name !== 'tags');
    expect([...Object.keys(fromAzd.parameters), ...asked].sort()).toEqual(all.sort());
    const fromPipeline = read('infra/pipeline.bicepparam').matchAll(
      /^param (\w+) = .*?Variable\('(\w+)'(?:, '(.*)')?\)/gm,
    );
    const pipeline = [...fromPipeline].map((found) => ({ name: found[1], variable: found[2], fallback: found[3] }));
    expect(pipeline.map(({ name }) => name ?? '').sort()).toEqual(all.sort());
    for (const { name = '', variable, fallback } of pipeline) {
      const azd = fromAzd.parameters[name]?.value;
      if (azd !== undefined) expect(azd).toBe(`\${${variable ?? ''}${fallback === undefined ? '' : `=${fallback}`}}`);
      const value = main.parameters[name]?.defaultValue;
      if (fallback !== undefined) expect(String(value)).toBe(fallback);
    }
  });

  it('takes the subscriptions from the pipeline with spaces after the commas, and refuses to be given none', () => {
    const [one, other] = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b'];
    const given = (text: string) =>
      runBicep(findBicep()!, ['build-params', `${root}infra/pipeline.bicepparam`, '--stdout'], {
        SOURCE_SUBSCRIPTIONS: text,
      });
    const { parametersJson } = JSON.parse(given(` ${one}, ${other} `).stdout) as { parametersJson: string };
    expect(JSON.parse(parametersJson)).toMatchObject({
      parameters: { sourceSubscriptions: { value: [one, other] } },
    });
    for (const none of ['', ' ']) {
      const { status, stderr } = given(none);
      expect([status, stderr]).toEqual([1, expect.stringMatching(/too short .* minimum allowable length is 36/)]);
    }
    // Of several, Azure looks at each.
    const { items, minLength } = main.parameters['sourceSubscriptions'] as unknown as Properties;
    expect([items, minLength]).toEqual([{ $ref: '#/definitions/subscriptionId' }, 1]);
    expect(main.definitions).toEqual({ subscriptionId: { type: 'string', minLength: 36, maxLength: 36 } });
  });

  it('gives an instance the memory that the nightly verification of the largest day needs', () => {
    expect(main.parameters['instanceMemory']).toMatchObject({ defaultValue: 2048 });
    expect(deployments.get('main/app')?.properties.parameters.instanceMemory.value).toBe(
      "[parameters('instanceMemory')]",
    );
    expect(only('Microsoft.Web/sites').properties.functionAppConfig.scaleAndConcurrency.instanceMemoryMB).toBe(
      "[parameters('instanceMemory')]",
    );
  });

  it('wakes somebody for trouble, and shows what the proxy is used for', () => {
    const { variables = {} } = templates.find((template) => template.variables?.alerts) ?? {};
    const queryOf = (alert: Properties): string =>
      String(variables[/'(.+)'/.exec(String(alert.query))?.[1] ?? '']).trim();
    const alerts = variables.alerts as Properties[];
    const told = alerts.map((alert) => [
      ...[alert.name as string, alert.severity as number, alert.window as string],
      queryOf(alert).split('\n').at(-1),
    ]);
    expect(told.sort()).toEqual([
      ['arm-throttling', 3, 'PT15M', '| where throttled > 50'],
      ['audit-write-failures', 1, 'PT15M', "| where line.code == 'AuditUnavailable'"],
      ['failed-checks', 2, 'PT15M', '| where failed >= 5 and failed * 5 > checks'],
      ['old-queue-message', 1, 'PT15M', '| where measured >= 3 and oldest > 600'],
      [
        ...['poison-messages', 1, 'PT15M'],
        // One that lies there unread is told when it comes, and not for as long as it lies.
        "| where line.message == 'A message was poisonous.' or messages > prev(messages)",
      ],
      ['silence', 1, 'PT15M', '| where measured == 0'],
      ['unsealed', 1, 'PT30M', '| where sealed == 0'],
      ['unverified', 1, 'P2D', '| where days == 0 and since < ago(36h)'],
      [
        ...['verification-faults', 0, 'PT15M'],
        "| where (line.message == 'audit verified' and toint(line.faults) > 0) or line.message == 'audit not verified'",
      ],
    ]);
    // Azure resolves nothing that is evaluated once a day.
    expect(alerts.filter(({ every }) => every !== 'PT5M')).toMatchObject([
      { name: 'unverified', every: 'P1D', resolves: false },
    ]);
    const lasting = alerts.filter(({ resolves }) => resolves !== true).map(({ name }) => name as string);
    expect(lasting.sort()).toEqual(['poison-messages', 'unverified', 'verification-faults']);
    const rules = templates
      .flatMap((template) => Object.values(template.resources))
      .filter(({ type }) => type === 'Microsoft.Insights/scheduledQueryRules');
    expect(rules).toMatchObject([{ kind: 'LogAlert', copy: { count: "[length(variables('alerts'))]" } }]);
    expect(rules[0]).not.toHaveProperty('condition');
    const member = (name: string) => `[variables('alerts')[copyIndex()].${name}]`;
    expect(rules[0]?.properties).toEqual({
      displayName: "[format('Connectivity check: {0}', replace(variables('alerts')[copyIndex()].name, '-', ' '))]",
      description: member('text'),
      severity: member('severity'),
      enabled: true,
      scopes: ["[parameters('workspaceId')]"],
      evaluationFrequency: member('every'),
      windowSize: member('window'),
      autoMitigate: member('resolves'),
      muteActionsDuration:
        "[if(or(variables('alerts')[copyIndex()].resolves, equals(variables('alerts')[copyIndex()].every, 'P1D')), null(), 'PT1H')]",
      skipQueryValidation: true,
      criteria: {
        allOf: [
          {
            query: member('query'),
            timeAggregation: 'Count',
            operator: 'GreaterThan',
            threshold: 0,
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
          },
        ],
      },
      actions: { actionGroups: ["[resourceId('Microsoft.Insights/actionGroups', 'ag-connectivity-check')]"] },
    });
    expect(only('Microsoft.Insights/actionGroups').properties.enabled).toBe(true);
    expect(only('Microsoft.Insights/actionGroups').properties.emailReceivers[0].emailAddress).toBe(
      "[parameters('email')]",
    );
    expect(only('Microsoft.Insights/workbooks').properties.serializedData).toContain('Notebook/1.0');
    expect(only('Microsoft.OperationalInsights/workspaces/savedSearches').copy).toMatchObject({
      count: expect.stringContaining('"name":"checks-ended"') as string,
    });
  });

  it('keeps who wrote, deleted and took the key, and pays for no line twice', () => {
    const watched = of('Microsoft.Insights/diagnosticSettings').map(({ scope = '', properties }) => [
      /'([^']+)'/.exec(scope)?.[1],
      properties as unknown,
    ]);
    const workspaceId = "[parameters('workspaceId')]";
    const enabled = (category: string) => ({ category, enabled: true });
    const writes = { workspaceId, logs: [enabled('StorageWrite'), enabled('StorageDelete')] };
    expect(Object.fromEntries(watched)).toEqual({
      'Microsoft.KeyVault/vaults': { workspaceId, logs: [enabled('AuditEvent')] },
      'Microsoft.Storage/storageAccounts/blobServices': writes,
      'Microsoft.Storage/storageAccounts/queueServices': { workspaceId, metrics: [enabled('Transaction')] },
      'Microsoft.Storage/storageAccounts/tableServices': writes,
      // Its lines come through Application Insights.
      'Microsoft.Web/sites': { workspaceId, metrics: [enabled('AllMetrics')] },
    });
    expect(watched).toHaveLength(5);
  });

  it('tags what it makes', () => {
    const untagged = resources.filter(
      ({ type, tags }) =>
        tags === undefined &&
        !/Authorization|diagnosticSettings|(?:Services|sites|storageAccounts|privateEndpoints|workspaces)\/|Services$/.test(
          type,
        ),
    );
    expect(untagged.map(({ type }) => type)).toEqual([]);
  });
});
