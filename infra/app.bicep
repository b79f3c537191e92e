// The function app on Flex Consumption, and the sign-in in front of it.
param name string
param location string
param tags object
param identityId string
param identityClientId string
param storageName string
param vaultUri string
param insightsName string
param workspaceId string
param subnetId string
param entraClientId string
param publicUrl string
param nodeVersion string
param alwaysReady int
param instanceMemory int
param queueDeadlineSeconds int
param checkDeadlineSeconds int
param setDeadlineSeconds int
param paused bool
param pausedReason string
@description('Empty: nobody asks from Slack.')
param slackTeamId string
@description('Both empty: nobody asks from Teams.')
param botIdentityId string
param botClientId string
param chatLinkDays int

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' existing = { name: storageName }
resource insights 'Microsoft.Insights/components@2020-02-02' existing = { name: insightsName }

var identities = union({ '${identityId}': {} }, empty(botIdentityId) ? {} : { '${botIdentityId}': {} })
var hasSlack = !empty(slackTeamId)
var hasChat = hasSlack || !empty(botClientId)

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: 'plan-${name}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { tier: 'FlexConsumption', name: 'FC1' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'proxy' })
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: identities }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${account.properties.primaryEndpoints.blob}packages'
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId }
        }
      }
      runtime: { name: 'node', version: nodeVersion }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemory
        maximumInstanceCount: 40
        // A chat waits three seconds for its answer: less than a cold start can take.
        alwaysReady: concat(
          alwaysReady > 0 ? [{ name: 'function:work', instanceCount: alwaysReady }] : [],
          hasChat ? [{ name: 'http', instanceCount: 1 }] : []
        )
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      remoteDebuggingEnabled: false
      // No page of another origin may call it.
      cors: { allowedOrigins: [], supportCredentials: false }
    }
  }

  resource noFtp 'basicPublishingCredentialsPolicies' = { name: 'ftp', properties: { allow: false } }
  resource noPasswords 'basicPublishingCredentialsPolicies' = { name: 'scm', properties: { allow: false } }
}

resource settings 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: app
  name: 'appsettings'
  properties: {
    AzureWebJobsStorage__credential: 'managedidentity'
    AzureWebJobsStorage__clientId: identityClientId
    AzureWebJobsStorage__blobServiceUri: account.properties.primaryEndpoints.blob
    AzureWebJobsStorage__queueServiceUri: account.properties.primaryEndpoints.queue
    AzureWebJobsStorage__tableServiceUri: account.properties.primaryEndpoints.table
    AzureWebJobsDisableHomepage: 'true'
    // The host reads a whole body into memory before the app sees the request, whoever sends it.
    FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '524288'
    APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
    // The identity signs in for the app registration, in place of a client secret.
    OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID: identityClientId
    AZURE_CLIENT_ID: identityClientId
    ARM_ENDPOINT: environment().resourceManager
    ENTRA_AUTHORITY: environment().authentication.loginEndpoint
    ENTRA_TENANT_ID: tenant().tenantId
    ENTRA_AUDIENCE: 'api://${entraClientId},${entraClientId}'
    ENTRA_CLIENT_ID: entraClientId
    // Part of the package, so that every change of it is a commit.
    POLICY_FILE: '/home/site/wwwroot/policy.json'
    PUBLIC_URL: publicUrl
    QUEUE_DEADLINE_SECONDS: string(queueDeadlineSeconds)
    CHECK_DEADLINE_SECONDS: string(checkDeadlineSeconds)
    SET_DEADLINE_SECONDS: string(setDeadlineSeconds)
    AUDIT_SIGNING_KEY: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/audit-signing-key)'
    CALLBACK_SECRET: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/callback-secret)'
    PAUSED: paused ? 'true' : 'false'
    PAUSED_REASON: pausedReason
    // Empty is not set up.
    SLACK_TEAM_ID: slackTeamId
    SLACK_SIGNING_SECRET: hasSlack ? '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/slack-signing-secret)' : ''
    SLACK_BOT_TOKEN: hasSlack ? '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/slack-bot-token)' : ''
    TEAMS_APP_ID: botClientId
    CHAT_LINK_DAYS: string(chatLinkDays)
  }
}

// A second line: the code behind verifies every token again and believes none of the headers that this adds.
resource signIn 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: app
  name: 'authsettingsV2'
  properties: {
    platform: { enabled: true, runtimeVersion: '~1' }
    globalValidation: {
      requireAuthentication: true
      unauthenticatedClientAction: 'Return401'
      // What has a check of its own or needs none: ARM's own clients do not know this sign-in, and the app verifies their tokens.
      excludedPaths: [
        '/'
        '/page/*'
        '/api/health'
        '/api/health/ready'
        '/api/chat/slack/*'
        '/api/chat/teams/*'
        '/api/sign-in'
        '/api/openapi.json'
        '/metadata/endpoints'
        '/subscriptions'
        '/subscriptions/*'
        '/tenants'
        '/mcp'
        '/.well-known/*'
      ]
    }
    httpSettings: { requireHttps: true }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
          clientId: entraClientId
          clientSecretSettingName: 'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID'
        }
        validation: { allowedAudiences: ['api://${entraClientId}', entraClientId] }
      }
    }
    login: { tokenStore: { enabled: false } }
  }
  dependsOn: [settings]
}

// No logs: Application Insights sends the same lines to the same workspace, where FunctionAppLogs would be paid for again.
// Whatever else a plan may offer is not named, as one category that it lacks makes the whole deployment fail.
resource metrics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: app
  // Named as ever: under another name an upgrade would leave the former setting, and its costs, behind.
  name: 'all'
  properties: {
    workspaceId: workspaceId
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output url string = 'https://${app.properties.defaultHostName}'
